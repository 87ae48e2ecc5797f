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

    static GroupPath path(String text) throws DvsException {
        try {
            return GroupPath.of(text);
        } catch (IllegalArgumentException e) {
            throw new DvsException(ErrorCode.BADVALUE, "path: " + e.getMessage(), e);
        }
    }

    @Override
    public RequestSpec spec() {
        return SPEC;
    }

    @Override
    public int handle(Request request, RowSink rows) throws DvsException, InterruptedException {
        GroupPath path = path(request.text("path"));
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
