package org.dvs.cli.internal;

import java.util.Arrays;
import java.util.List;
import java.util.Set;

import org.dvs.api.Caller;
import org.dvs.api.ErrorCode;
import org.dvs.api.Role;
import org.dvs.api.dispatch.Answer;
import org.dvs.api.dispatch.NodeAnswer;
import org.dvs.api.dispatch.NodeState;
import org.dvs.api.request.RequestSpec;

/** Makes answers for tests. */
public final class Answers {
    public static final Caller OPERATOR = new Caller("olga", Set.of(Role.OPERATOR), "cli", "local");

    private Answers() {
    }

    /** Rows may hold nulls. */
    @SafeVarargs
    public static NodeAnswer ok(String node, long elapsedMs, List<Object>... rows) {
        return new NodeAnswer(node, NodeState.OK, 0, "", elapsedMs, List.of(rows));
    }

    public static NodeAnswer bad(String node, NodeState state, ErrorCode code, String detail) {
        return new NodeAnswer(node, state, code.rcode(), detail, 7, List.of());
    }

    public static List<Object> row(Object... values) {
        return Arrays.asList(values);
    }

    public static Answer answer(RequestSpec spec, NodeAnswer... nodes) {
        List<String> targets = Arrays.stream(nodes).map(NodeAnswer::node).toList();
        return new Answer("node0-1-17", spec, "*", true, targets, List.of(nodes), 12);
    }

    /** Three nodes alike, one different, one failed, one silent; values of every kind. */
    public static Answer mixed() {
        List<Object> root = row("/dev/sda1", 10L << 30, 41.5, "/", 655_360L);
        List<Object> data = row("/dev/sdb", 1_536L, null, "/data, \"old\"", null);
        return answer(Specs.DF, ok("node0", 3, root, data), ok("node1", 4, root, data),
                ok("node2", 5, root, row("/dev/sdb", 2L << 20, 99.0, "/data", 7L)), ok("node3", 4, root, data),
                bad("node4", NodeState.FAILED, ErrorCode.NOSYS, "RQST_DF"),
                        bad("node5", NodeState.SILENT, ErrorCode.TIMEDOUT, ""));
    }
}
