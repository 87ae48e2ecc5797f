package org.dvs.api.dispatch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

import org.dvs.api.ErrorCode;
import org.dvs.api.request.RequestSpec;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Names finish the sentence "an answer …". */
class AnswerTest {
    private static final RequestSpec SPEC = RequestSpec.named("RQST_A").command("a b").help("x").build();

    private static NodeAnswer ok(int node, Object... row) {
        return new NodeAnswer("node" + node, NodeState.OK, 0, "", node, List.of(Arrays.asList(row)));
    }

    private static NodeAnswer not(int node, NodeState state, ErrorCode code, String detail) {
        return new NodeAnswer("node" + node, state, code.rcode(), detail, node, List.of());
    }

    private static Answer answer(NodeAnswer... nodes) {
        return new Answer("job", SPEC, "*", true, Arrays.stream(nodes).map(NodeAnswer::node).toList(), List.of(nodes), 5);
    }

    private static List<List<String>> folded(NodeAnswer... nodes) {
        return answer(nodes).groups().stream().map(Group::nodes).toList();
    }

    @Test
    @Tag("R-CMD-05")
    void countsEveryNodeOnceAndTakesTheErrorOfTheLowest() {
        Answer answer = answer(ok(0), not(1, NodeState.SILENT, ErrorCode.TIMEDOUT, ""), not(2, NodeState.FAILED, ErrorCode.NOSYS, ""),
                not(3, NodeState.SKIPPED, ErrorCode.MAXFAIL, ""));
        assertEquals(4, IntStream.range(0, 4).mapToLong(i -> answer.count(NodeState.values()[i])).sum());
        assertEquals(1, answer.count(NodeState.SILENT));
        assertEquals(-61, answer.rcode());
        assertEquals("node[0-3]", answer.foldedTargets());
        assertEquals(0, answer(ok(0), ok(1)).rcode());
    }

    @Test
    @Tag("R-CMD-05")
    void foldsNodesThatSaidTheSameLargestGroupFirst() {
        assertEquals(List.of(List.of("node1", "node3"), List.of("node0"), List.of("node2")),
                folded(ok(0, "x"), ok(1, "y", 2L), ok(2, "z"), ok(3, "y", 2L)));
        assertEquals(List.of(List.of("node0", "node1"), List.of("node2"), List.of("node3")),
                folded(not(0, NodeState.SILENT, ErrorCode.TIMEDOUT, "a"), not(1, NodeState.SILENT, ErrorCode.TIMEDOUT, "a"),
                        not(2, NodeState.SILENT, ErrorCode.TIMEDOUT, "b"), not(3, NodeState.FAILED, ErrorCode.TIMEDOUT, "a")));
    }

    @Test
    void tellsValuesApartThatLookAlike() {
        List<NodeAnswer> different = List.of(ok(0, "1"), ok(1, 1L), ok(2, 1.0), ok(3, (Object) null), ok(4, "null"), ok(5, "", "1"),
                ok(6, "1", ""), ok(7, List.of("a, b")), ok(8, List.of("a", "b")), ok(9, "[a, b]"), ok(10, List.of("a"), "b"), ok(11),
                ok(12, true), ok(13, List.of("a", "b"), null));
        assertEquals(different.size(), answer(different.toArray(NodeAnswer[]::new)).groups().size());
        assertEquals(1, folded(ok(0, List.of("a", "b")), ok(1, Arrays.asList("a", "b"))).size(), "equal lists of different classes");
    }

    @Test
    void hasAContentHashThatDoesNotDependOnTheNode() {
        Group first = answer(ok(0, "x")).groups().get(0);
        assertEquals(first.sha256(), answer(ok(9, "x")).groups().get(0).sha256());
        assertNotEquals(first.sha256(), answer(ok(0, "y")).groups().get(0).sha256());
        assertTrue(first.sha256().matches("[0-9a-f]{64}"));
    }
}
