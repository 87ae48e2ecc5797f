package org.dvs.dispatcher.internal.requester;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

import org.dvs.api.Caller;
import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.api.Role;
import org.dvs.api.dispatch.NodeDirectory;
import org.dvs.api.dispatch.Order;
import org.dvs.api.dispatch.Pace;
import org.dvs.api.dispatch.Plan;
import org.dvs.api.dispatch.Selection;
import org.dvs.api.request.Parameter;
import org.dvs.api.request.RequestSpec;
import org.dvs.api.request.ValueType;
import org.dvs.dispatcher.internal.HandlerCatalogue;
import org.dvs.dispatcher.internal.TestHandler;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** Names finish the sentence "a plan …". */
class PlannerTest {
    private static final RequestSpec SPEC = RequestSpec.named("RQST_KILL").alias("RQST_END").command("proc kill").help("kills")
            .parameter(Parameter.of("pid", ValueType.INTEGER, "which").mandatory().range(1, 100)).changes().build();

    private final HandlerCatalogue catalogue = new HandlerCatalogue();
    private final Planner planner = new Planner(catalogue, new Random(1));
    private Caller caller = new Caller("eva", Set.of(Role.OPERATOR), "cli", "local");

    private final NodeDirectory directory = new NodeDirectory() {
        @Override
        public List<String> nodes() {
            return List.of("node0", "node1", "node2", "node10");
        }

        @Override
        public Map<String, String> groups() {
            return Map.of("web", "node[1-2]");
        }

        @Override
        public String local() {
            return "node1";
        }
    };

    PlannerTest() {
        catalogue.add(new TestHandler(SPEC, (request, rows) -> 0), 0, 1);
    }

    private Plan plan(String request, Map<String, Object> values, Selection selection, Pace pace) throws DvsException {
        return planner.plan(new Order(request, values, selection, Duration.ZERO, pace, caller, ""), directory);
    }

    private Plan plan(Selection selection) throws DvsException {
        return plan("RQST_KILL", Map.of("pid", 7L), selection, Pace.DEFAULT);
    }

    private void refused(ErrorCode code, String detail, Executable call) {
        DvsException e = assertThrows(DvsException.class, call);
        assertEquals(code, e.code(), e.getMessage());
        assertTrue(e.getMessage().contains(detail), e.getMessage());
    }

    @Test
    @Tag("R-CMD-01")
    void takesOneSeveralOrAllNodes() throws Exception {
        assertEquals(List.of("node1"), plan(Selection.LOCAL).targets());
        assertEquals(List.of("node0", "node1", "node2", "node10"), plan(Selection.ALL).targets());
        assertEquals(List.of("node0", "node10"), plan(Selection.of("node10,node0")).targets());
        Selection mixed = new Selection("node0", "node[2]", List.of("web"), false, 0);
        assertEquals(List.of("node0", "node1"), plan(mixed).targets());
        assertEquals("node0,@web without node[2]", plan(mixed).requested());
        assertEquals("*", plan(Selection.ALL).requested());
        assertEquals("node1", plan(Selection.LOCAL).requested());
    }

    @Test
    void picksAtRandom() throws Exception {
        Set<List<String>> picked = new HashSet<>();
        for (int i = 0; i < 50; i++) {
            List<String> two = plan(new Selection("", "", List.of(), true, 2)).targets();
            assertEquals(2, Set.copyOf(two).size());
            picked.add(two);
        }
        assertEquals(6, picked.size(), "every pair comes, always in order");
        assertEquals(4, plan(new Selection("*", "", List.of(), false, 9)).targets().size());
        refused(ErrorCode.BADRANGE, "pick: -1", () -> plan(new Selection("*", "", List.of(), false, -1)));
    }

    @Test
    void isRefusedInTheOrderRequestRoleValuesPaceNodes() {
        refused(ErrorCode.BADREQUEST, "'RQST_X' is not served", () -> plan("RQST_X", Map.of(), Selection.of("node99"), Pace.DEFAULT));
        Caller eva = caller;
        caller = new Caller("bob", Set.of(Role.VIEWER), "cli", "local");
        refused(ErrorCode.PRIVILEGES, "RQST_KILL needs role operator; bob has viewer",
                () -> plan("RQST_END", Map.of(), Selection.of("node99"), Pace.DEFAULT));
        caller = eva;
        refused(ErrorCode.INVAL, "needs pid", () -> plan("RQST_END", Map.of(), Selection.of("node99"), Pace.DEFAULT));
        refused(ErrorCode.BADRANGE, "pid: 500", () -> plan("RQST_END", Map.of("pid", 500L), Selection.of("node99"), Pace.DEFAULT));
        refused(ErrorCode.BADRANGE, "fanout: 0", () -> plan("RQST_END", Map.of("pid", 5L), Selection.of("node99"), new Pace(0, "", "")));
        refused(ErrorCode.BADNODEID, "node[98-99] are not registered; there are node[0-2,10]", () -> plan(Selection.of("node[0,98-99]")));
        refused(ErrorCode.BADNODEID, "node9 is not registered", () -> plan(Selection.of("node9")));
        refused(ErrorCode.NONODES, "'@web without node[0-9]' holds no node",
                () -> plan(new Selection("", "node[0-9]", List.of("web"), false, 0)));
        refused(ErrorCode.BADVALUE, "no group 'x'", () -> plan(new Selection("", "", List.of("x"), false, 0)));
        refused(ErrorCode.BADVALUE, "'no[de'", () -> plan(Selection.of("no[de")));
    }

    @Test
    void takesAPaceInNodesOrPercent() throws Exception {
        assertEquals(new Pacing(64, 10, 11), Pacing.of(Pace.DEFAULT, 10));
        assertEquals(new Pacing(2, 3, 1), Pacing.of(new Pace(2, "21%", "0"), 10));
        assertEquals(new Pacing(2, 5, 3), Pacing.of(new Pace(2, "5", "30%"), 10));
        refused(ErrorCode.BADVALUE, "batch: 'x' is not a number", () -> Pacing.check(new Pace(1, "x", "")));
        refused(ErrorCode.BADVALUE, "maxFail: '-1'", () -> Pacing.check(new Pace(1, "", "-1")));
        refused(ErrorCode.BADRANGE, "batch: 0", () -> Pacing.check(new Pace(1, "0", "")));
        refused(ErrorCode.BADRANGE, "maxFail: 101%", () -> Pacing.check(new Pace(1, "", "101%")));
    }
}
