package org.dvs.agent.cgroup.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.api.request.Parameter;
import org.dvs.api.request.Request;
import org.dvs.api.request.ValueType;
import org.dvs.helper.api.DcLeftovers;
import org.dvs.helper.api.GroupPath;
import org.dvs.helper.api.Helper;
import org.dvs.helper.target.Target;
import org.dvs.helper.target.Targets;
import org.dvs.kernel.api.DvsParameters;
import org.dvs.procfs.ControlGroups;
import org.dvs.procfs.ControlGroups.Hierarchy;

/**
 * Which group a request means: a DC's, an endpoint's, a process's, or one named by its path. Any thread. Source: dvsd reference
 * 7.
 */
final class GroupTargets {
    static final List<Parameter> PARAMETERS = List.of(
            Parameter.of("path", ValueType.TEXT, "a group of this node, such as web/workers").range(1, 256).asOperand(),
            Parameter.of("dcid", ValueType.INTEGER, "instead: a DC, all its processes on the node").range(0,
            DvsParameters.MAX_DCS - 1),
            Parameter.of("endpoint", ValueType.INTEGER, "only that endpoint of the DC").range(Integer.MIN_VALUE,
            Integer.MAX_VALUE),
            Parameter.of("pid", ValueType.INTEGER, "instead: one process").range(1, Integer.MAX_VALUE));

    private final ControlGroups groups;
    private final Targets targets;
    private final Helper helper;
    private final List<String> subtree;
    private final DcLeftovers leftovers;

    GroupTargets(ControlGroups groups, Targets targets, Helper helper, DcLeftovers leftovers) {
        this.groups = groups;
        this.targets = targets;
        this.helper = helper;
        this.subtree = List.copyOf(helper.subtree());
        this.leftovers = leftovers;
    }

    /** @throws DvsException {@code INVAL} unless exactly one is named */
    private static void requireOne(Request request) throws DvsException {
        long named = List.of(request.optionalText("path").isPresent(), request.optionalNumber("dcid").isPresent(),
                request.optionalNumber("pid").isPresent()).stream().filter(each -> each).count();
        if (named != 1 || request.optionalNumber("endpoint").isPresent() && request.optionalNumber("dcid").isEmpty()) {
            throw new DvsException(ErrorCode.INVAL,
                    "give exactly one of a path, a DC with or without an endpoint, and a process");
        }
    }

    private String own(GroupPath path) {
        return String.join("/", subtree) + (path.names().isEmpty() ? "" : "/" + path);
    }

    Reading reading(Request request) throws DvsException {
        requireOne(request);
        OptionalLong dcid = request.optionalNumber("dcid");
        if (request.optionalText("path").isPresent()) {
            GroupPath path = ControllerSetHandler.path(request.text("path"), subtree);
            return new Reading(groups, hierarchy -> Optional.of(own(path)), "'" + path + "'");
        }
        if (dcid.isPresent() && request.optionalNumber("endpoint").isEmpty()) {
            targets.requireDc((int) dcid.getAsLong());
            return new Reading(groups, hierarchy -> Optional.of(own(GroupPath.ofDc((int) dcid.getAsLong()))), "DC "
                    + dcid.getAsLong());
        }
        Target target = one(request);
        return new Reading(groups, hierarchy -> groups.pathOf(target.pid(), hierarchy), "process " + target.pid());
    }

    private Target one(Request request) throws DvsException {
        OptionalLong pid = request.optionalNumber("pid");
        return pid.isPresent() ? targets.ofProcess((int) pid.getAsLong())
                : targets.ofEndpoint((int) request.number("dcid"), (int) request.number("endpoint"));
    }

    /** @param set true to make the group and put processes into it; false for a change of what is there */
    Change change(Request request, boolean set) throws DvsException, InterruptedException {
        requireOne(request);
        if (request.optionalText("path").isPresent()) {
            GroupPath path = ControllerSetHandler.path(request.text("path"), subtree);
            if (path.names().isEmpty()) {
                throw new DvsException(ErrorCode.BADVALUE, "path: the node's own top has no limits");
            }
            if (set) {
                ControllerSetHandler.requireFree(path);
            }
            if (set && path.dc().isPresent()) {
                leftovers.clear(path.dc().getAsInt());
            }
            return new Change(groups, helper, subtree, path, List.of(), set);
        }
        OptionalLong dcid = request.optionalNumber("dcid");
        if (set && dcid.isPresent()) {
            targets.requireClearDc((int) dcid.getAsLong(), leftovers);
        }
        if (dcid.isPresent() && request.optionalNumber("endpoint").isEmpty()) {
            int dc = (int) dcid.getAsLong();
            targets.requireDc(dc);
            return new Change(groups, helper, subtree, GroupPath.ofDc(dc), set ? membersOf(dc) : List.of(), set);
        }
        Target target = one(request);
        if (target.pid() == 1 || target.pid() == ProcessHandle.current().pid() || target.pid() == helper.pid()) {
            throw new DvsException(ErrorCode.PERM, "process " + target.pid() + " is "
                    + (target.pid() == 1 ? "the machine's first" : "part of this node"));
        }
        GroupPath path = dcid.isPresent() ? GroupPath.ofEndpoint((int) dcid.getAsLong(), target.endpoint()) : ownOf(target);
        return new Change(groups, helper, subtree, path, List.of(new Change.Member(target.pid(), target.start(), path, path)),
                set);
    }

    /** Those that have no group of their own go into the DC's, each into a leaf of its own where the DC's may hold none. */
    private List<Change.Member> membersOf(int dc) throws DvsException {
        List<Change.Member> members = new ArrayList<>();
        for (Target target : targets.ofDc(dc)) {
            GroupPath leaf = GroupPath.ofEndpoint(dc, target.endpoint());
            boolean apart = groups.all().stream().anyMatch(hierarchy -> groups.pathOf(target.pid(), hierarchy).orElse("")
                    .equals(own(leaf)));
            members.add(new Change.Member(target.pid(), target.start(), apart ? leaf : GroupPath.ofDc(dc), leaf));
        }
        return members;
    }

    /** The group below this node's that a process is in by an earlier request, else one that is to be its own. */
    private GroupPath ownOf(Target target) {
        String top = String.join("/", subtree) + "/";
        for (Hierarchy hierarchy : groups.all()) {
            String path = groups.pathOf(target.pid(), hierarchy).orElse("");
            if (path.startsWith(top) && !path.equals(top + GroupPath.FREE)) {
                return GroupPath.of(path.substring(top.length()));
            }
        }
        return GroupPath.ofProcess(target.pid(), target.start());
    }
}
