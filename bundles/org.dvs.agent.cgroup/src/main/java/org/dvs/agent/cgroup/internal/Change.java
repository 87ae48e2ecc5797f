package org.dvs.agent.cgroup.internal;

import java.nio.file.Files;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.helper.api.GroupFile;
import org.dvs.helper.api.GroupPath;
import org.dvs.helper.api.Helper;
import org.dvs.helper.api.HelperRequest.GroupForget;
import org.dvs.helper.api.HelperRequest.GroupMake;
import org.dvs.helper.api.HelperRequest.GroupPlace;
import org.dvs.helper.api.HelperRequest.GroupRemove;
import org.dvs.helper.api.HelperRequest.GroupWrite;
import org.dvs.helper.api.HelperRequest.NetShow;
import org.dvs.procfs.ControlGroups;
import org.dvs.procfs.ControlGroups.Hierarchy;

/**
 * Writes the limits of one group through the helper: makes it in a controller's tree when that is first needed, and puts
 * processes into it last, so that a refusal leaves them where they are. Used by one thread.
 */
final class Change {
    /**
     * A process that belongs into a group.
     *
     * @param leaf where it goes in a tree of version 2, in which a group that hands controllers on has no processes
     */
    record Member(int pid, long start, GroupPath top, GroupPath leaf) {
    }

    private final ControlGroups groups;
    private final Helper helper;
    private final List<String> subtree;
    private final GroupPath path;
    private final List<Member> members;
    private final boolean make;
    private final Set<String> made = new LinkedHashSet<>();
    private boolean fresh;
    private boolean placed;

    /**
     * @param subtree names that lead to this node's groups
     * @param members put into the group wherever it is made
     * @param make    false to leave trees alone in which it is not
     */
    Change(ControlGroups groups, Helper helper, List<String> subtree, GroupPath path, List<Member> members, boolean make) {
        this.groups = groups;
        this.helper = helper;
        this.subtree = subtree;
        this.path = path;
        this.members = members;
        this.make = make;
    }

    Optional<Integer> version(String controller) {
        return groups.of(controller).map(Hierarchy::version);
    }

    GroupPath path() {
        return path;
    }

    /** What stands for the tree by whose groups traffic is told apart. @throws DvsException {@code NOSYS} if there is none */
    String ofTraffic() throws DvsException {
        return groups.ofTraffic().orElseThrow(() -> Reading.missing(ControlGroups.NET_CLASS));
    }

    int requireVersion(String... controllers) throws DvsException {
        for (String controller : controllers) {
            if (version(controller).isPresent()) {
                return version(controller).get();
            }
        }
        throw Reading.missing(controllers[0]);
    }

    /** The group as it is now; it must be there. */
    Group group(String controller) throws DvsException {
        Group group = in(groups.of(controller).orElseThrow(() -> Reading.missing(controller)));
        group.require();
        return group;
    }

    private Group in(Hierarchy hierarchy) {
        return new Group(hierarchy, String.join("/", subtree) + (path.names().isEmpty() ? "" : "/" + path));
    }

    /** @throws DvsException {@code NOENT} if the group is in no tree */
    void requireAny() throws DvsException {
        if (isNowhere()) {
            throw new DvsException(ErrorCode.NOENT, "there is no control group '" + path + "'");
        }
    }

    private boolean isNowhere() {
        return groups.all().stream().noneMatch(hierarchy -> Files.isDirectory(in(hierarchy).folder()));
    }

    /** Makes the group in the controller's tree, with those above it and those that the members go into. */
    Group prepare(String controller) throws DvsException, InterruptedException {
        if (make && made.isEmpty()) {
            fresh = isNowhere();
        }
        if (make && made.add(controller)) {
            helper.ask(new GroupMake(controller, path));
            boolean unified = requireVersion(controller) == 2;
            for (Member member : members) {
                GroupPath goal = unified ? member.leaf() : member.top();
                if (!goal.equals(path)) {
                    helper.ask(new GroupMake(controller, goal));
                }
            }
        }
        return group(controller);
    }

    /** Puts the members into the group in the trees in which this change needed it: when all limits are written. */
    void place() throws DvsException, InterruptedException {
        for (String controller : made) {
            boolean unified = requireVersion(controller) == 2;
            for (Member member : members) {
                try {
                    helper.ask(new GroupPlace(controller, unified ? member.leaf() : member.top(), member.pid(), member.start()));
                    placed = true;
                } catch (DvsException e) {
                    // Of many one may have ended meanwhile; one alone was what the request is about.
                    if (members.size() == 1 || e.code() != ErrorCode.SRCH) {
                        throw e;
                    }
                }
            }
        }
    }

    void write(GroupFile file, String value) throws DvsException, InterruptedException {
        if (!file.takes(value)) {
            throw new DvsException(ErrorCode.BADVALUE, file.file() + " does not take '" + value + "'");
        }
        prepare(file.controller());
        helper.ask(new GroupWrite(file, path, value));
    }

    /**
     * Takes the group away if no limit is left in it: at once with what is in it where it was made for one process, else only if
     * nothing is in it. A DC's stays as long as that.
     */
    void tidy() throws DvsException, InterruptedException {
        if (path.names().get(0).matches("dc\\d+") || path.equals(GroupPath.FREE)) {
            return;
        }
        for (Hierarchy hierarchy : groups.all()) {
            Group group = in(hierarchy);
            if (Files.isDirectory(group.folder()) && Limits.any(group)) {
                return;
            }
        }
        if (groups.ofTraffic().isPresent() && !helper.ask(new NetShow(path)).texts().isEmpty()) {
            return;
        }
        try {
            helper.ask(path.process().isPresent() ? new GroupForget(path) : new GroupRemove(path));
        } catch (DvsException e) {
            // Something is in it or below it, or somebody else was faster.
            if (e.code() != ErrorCode.BUSY && e.code() != ErrorCode.NOENT) {
                throw e;
            }
        }
    }

    /** After a refusal: what this change made goes again; of a group that was there before, if no limit is in it. */
    void takeBack() throws InterruptedException {
        if (!made.isEmpty()) {
            try {
                if (fresh && !placed) {
                    helper.ask(members.isEmpty() ? new GroupRemove(path) : new GroupForget(path));
                } else {
                    tidy();
                }
            } catch (DvsException e) {
                // The caller is told of the refusal that came first.
                return;
            }
        }
    }

    /** As {@link #write}, unless the machine or the group has none of it. */
    void clear(GroupFile file, String value) throws DvsException, InterruptedException {
        if (version(file.controller()).orElse(0) == file.version()) {
            try {
                helper.ask(new GroupWrite(file, path, value));
            } catch (DvsException e) {
                if (e.code() != ErrorCode.NOSYS && e.code() != ErrorCode.NOENT) {
                    throw e;
                }
            }
        }
    }
}
