package org.dvs.monitor.internal.model;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;

import org.dvs.api.dispatch.Group;
import org.dvs.api.dispatch.NodeState;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Names finish the sentence "the answers of nodes …". */
@Tag("R-CMD-05")
class DifferenceTest {
    private static final Group MOST = group(NodeState.OK, List.of("node0", "node1"), List.of("/", 1L), List.of("/var", 2L));
    private static final Group ONE = group(NodeState.OK, List.of("node2"), List.of("/", 1L), List.of("/var", 3L), List.of("/x", 4L));
    private static final Group DEAD = group(NodeState.SILENT, List.of("node3"));

    @SafeVarargs
    private static Group group(NodeState state, List<String> nodes, List<Object>... rows) {
        return new Group(nodes, state, state == NodeState.OK ? 0 : -64, "", "", List.of(rows));
    }

    private static List<List<Object>> all(Rows rows) {
        List<List<Object>> all = new ArrayList<>();
        for (int at = 0; at < rows.size(); at++) {
            all.add(rows.row(at));
        }
        return all;
    }

    @Test
    void areShownByWhatNotAllOfThemSay() {
        assertEquals(List.of(List.of("node[0-1]", "node2", "/var", 2L), List.of("node2", "node[0-1]", "/var", 3L),
                List.of("node2", "node[0-1]", "/x", 4L)), all(Difference.rows(List.of(MOST, ONE, DEAD), List.of(0, 1))));
    }

    @Test
    void areComparedInTheColumnsThatCount() {
        assertEquals(List.of(List.of("node2", "node[0-1]", "/x")), all(Difference.rows(List.of(MOST, ONE, DEAD), List.of(0))));
        assertEquals(List.of(), all(Difference.rows(List.of(MOST, DEAD), List.of(0, 1))));
    }

    @Test
    void differInTheColumnsThatTheirOneRowsDiffer() {
        Group one = group(NodeState.OK, List.of("node0"), List.of("x", 1L, 5L));
        Group other = group(NodeState.OK, List.of("node1"), List.of("x", 2L, 5L));

        assertEquals(List.of(1), Difference.columns(List.of(one, other, DEAD), 3));
        assertEquals(List.of(0, 1), Difference.columns(List.of(MOST, ONE), 2));
    }

    @Test
    void areMergedIntoOneTableWithTheirNodesInFront() {
        Group none = group(NodeState.OK, List.of("node5"));
        Rows merged = Rows.merged(List.of(none, MOST, none, none, ONE, DEAD, none), 2);

        assertEquals(List.of(List.of("node[0-1]", "/", 1L), List.of("node[0-1]", "/var", 2L), List.of("node2", "/", 1L),
                List.of("node2", "/var", 3L), List.of("node2", "/x", 4L)), all(merged));
        assertEquals(0, Rows.merged(List.of(none, DEAD), 2).size());
    }
}
