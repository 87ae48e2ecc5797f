package org.dvs.agent.cgroup.internal;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

import org.dvs.api.DvsException;
import org.dvs.api.request.Column;
import org.dvs.api.request.Parameter;
import org.dvs.api.request.Request;
import org.dvs.api.request.RequestHandler;
import org.dvs.api.request.RequestSpec;
import org.dvs.api.request.RowSink;
import org.dvs.api.request.ValueType;
import org.dvs.helper.api.Helper;
import org.dvs.procfs.ControlGroups;
import org.dvs.procfs.ControlGroups.Hierarchy;

/**
 * RQST_CONTROLLER: which controllers of control groups this host has, and where, as found at the node's start. Source: dvsd
 * reference 9.
 */
final class ControllerHandler implements RequestHandler {
    private static final RequestSpec SPEC = RequestSpec.named("RQST_CONTROLLER").command("host controller list")
            .help("Lists the controllers of control groups of each host, and what is not supported there")
            .parameter(Parameter.of("path", ValueType.TEXT, "what is switched on below this group of the node, not at the top")
            .range(1, 256)
                    .asOperand())
            .column("path", ValueType.TEXT, "group; / for the top")
            .column("available", ValueType.TEXTS, "controllers of version 2")
            .column("enabled", ValueType.TEXTS, "of those, switched on for the groups below")
            .column("v1_mounts", ValueType.TEXTS, "controllers of version 1, with where each is mounted")
            .column("unsupported", ValueType.TEXTS, "what cannot be limited here, and why")
            .column(Column.of("helper", ValueType.TEXT, "who acts: a helper process, or the node with its own user's rights")
            .onlyWide())
            .build();

    private final ControlGroups groups;
    private final NetSupport net;
    private final Helper helper;
    private final List<String> subtree;

    ControllerHandler(ControlGroups groups, NetSupport net, Helper helper, List<String> subtree) {
        this.groups = groups;
        this.net = net;
        this.helper = helper;
        this.subtree = List.copyOf(subtree);
    }

    @Override
    public RequestSpec spec() {
        return SPEC;
    }

    @Override
    public int handle(Request request, RowSink rows) throws DvsException, InterruptedException {
        Optional<Hierarchy> unified = groups.unified();
        List<String> enabled = List.of();
        String shown = "/";
        if (unified.isPresent()) {
            Optional<String> path = request.optionalText("path");
            if (path.isPresent()) {
                shown = String.join("/", subtree) + "/" + ControllerSetHandler.path(path.get(), subtree);
            }
            Group group = new Group(unified.get(), path.isPresent() ? shown : "");
            group.require();
            enabled = Arrays.stream(group.text("cgroup.subtree_control").orElse("").split("\\s+"))
                    .filter(word -> !word.isEmpty()).toList();
        }
        List<String> old = groups.all().stream().filter(each -> each.version() == 1)
                .map(each -> String.join(",", each.controllers()) + " " + each.folder()).toList();
        rows.row(shown, unified.map(Hierarchy::controllers).orElse(List.of()), enabled, old, unsupported(),
                helper.separate() ? "helper process" : "node");
        return 0;
    }

    private List<String> unsupported() throws InterruptedException {
        List<String> reasons = new ArrayList<>();
        lacking(reasons, "cg cpu", "cpu");
        lacking(reasons, "cg cpu --cpuset", "cpuset");
        lacking(reasons, "cg mem", "memory");
        lacking(reasons, "cg io", "io", "blkio");
        if (groups.of("memory").map(Hierarchy::version).orElse(0) == 1) {
            reasons.add("cg mem --high, --low: not supported here, because controller memory is of version 1");
        }
        try {
            net.missing().ifPresent(reason -> reasons.add("cg net: " + reason));
        } catch (DvsException e) {
            reasons.add("cg net: not known, because " + e.getMessage());
        }
        return reasons;
    }

    private void lacking(List<String> reasons, String what, String... controllers) {
        if (Arrays.stream(controllers).allMatch(each -> groups.of(each).isEmpty())) {
            reasons.add(what + ": " + Reading.missing(controllers[0]).getMessage());
        }
    }
}
