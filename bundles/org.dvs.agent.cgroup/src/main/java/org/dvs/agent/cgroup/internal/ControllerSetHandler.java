package org.dvs.agent.cgroup.internal;

import java.util.List;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.api.request.Parameter;
import org.dvs.api.request.Request;
import org.dvs.api.request.RequestHandler;
import org.dvs.api.request.RequestSpec;
import org.dvs.api.request.RowSink;
import org.dvs.api.request.ValueType;
import org.dvs.helper.api.GroupPath;
import org.dvs.helper.api.Helper;
import org.dvs.helper.api.HelperRequest.GroupEnable;

/**
 * Switches controllers of version 2 on and off for the groups below a group of this node. Source: dvsd reference 9, CONTROLLER.
 */
final class ControllerSetHandler implements RequestHandler {
    private static final String NAME = "[a-z][a-z0-9_]{0,31}";
    private static final RequestSpec SPEC = RequestSpec.named("RQST_CONTROLLERSET").command("host controller set")
            .help("Switches controllers of control groups on or off for the groups below a group of the node")
            .parameter(Parameter.of("path", ValueType.TEXT, "a group of this node").range(1, 256).mandatory().asOperand())
            .parameter(Parameter.of("enable", ValueType.TEXTS, "controllers to switch on").matching(NAME).range(1, 16))
            .parameter(Parameter.of("disable", ValueType.TEXTS, "controllers to switch off").matching(NAME).range(1, 16))
            .changes().build();

    private final Helper helper;

    ControllerSetHandler(Helper helper) {
        this.helper = helper;
    }

    /**
     * The group that a path means, which may also be given as answers show it.
     *
     * @param subtree names that lead to this node's groups
     */
    static GroupPath path(String text, List<String> subtree) throws DvsException {
        String top = String.join("/", subtree);
        boolean shown = text.equals(top) || text.startsWith(top + "/");
        GroupPath path;
        try {
            path = GroupPath.of(shown ? text.substring(Math.min(text.length(), top.length() + 1)) : text);
        } catch (IllegalArgumentException e) {
            throw new DvsException(ErrorCode.BADVALUE, "path: " + e.getMessage(), e);
        }
        if (!shown && !path.names().isEmpty() && path.names().get(0).equals(subtree.get(0))) {
            throw new DvsException(ErrorCode.BADVALUE, "path: '" + path + "' is not below '" + top
                    + "', where this node's groups are");
        }
        return path;
    }

    /** @throws DvsException {@code BADVALUE} for the group of processes whose own has gone: it limits nothing */
    static void requireFree(GroupPath path) throws DvsException {
        if (!path.names().isEmpty() && path.names().get(0).equals(GroupPath.FREE.toString())) {
            throw new DvsException(ErrorCode.BADVALUE, "path: '" + GroupPath.FREE
                    + "' is for processes whose limits are gone, and limits nothing");
        }
    }

    @Override
    public RequestSpec spec() {
        return SPEC;
    }

    @Override
    public int handle(Request request, RowSink rows) throws DvsException, InterruptedException {
        GroupPath path = path(request.text("path"), helper.subtree());
        requireFree(path);
        List<String> on = request.texts("enable");
        List<String> off = request.texts("disable");
        if (on.isEmpty() && off.isEmpty()) {
            throw new DvsException(ErrorCode.INVAL, "give controllers to enable or to disable");
        }
        for (String controller : on) {
            helper.ask(new GroupEnable(controller, path, true));
        }
        for (String controller : off) {
            helper.ask(new GroupEnable(controller, path, false));
        }
        return 0;
    }
}
