package org.dvs.registry.internal.request;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.api.Role;
import org.dvs.api.request.RequestHandler;
import org.dvs.api.request.RowSink;
import org.dvs.cluster.api.Change;
import org.dvs.cluster.api.Cluster;
import org.dvs.cluster.api.Member;
import org.dvs.kernel.api.DvsParameters;
import org.dvs.registry.internal.DvsTable;
import org.dvs.registry.internal.RegistryState;
import org.dvs.testkit.ImmediateCluster;
import org.dvs.testkit.Asked;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("R-CMD-18")
class HandlersTest {
    private static final Member NODE1 = new Member(1, "node1");

    private final ImmediateCluster cluster = new ImmediateCluster();
    private final DvsTable table = new DvsTable(cluster.state(), cluster.local(), System::nanoTime);
    private final RegistryState registry = new State();

    private class State implements RegistryState {
        @Override
        public Cluster cluster() {
            return cluster;
        }

        @Override
        public DvsTable table() {
            return table;
        }

        @Override
        public void events(RowSink rows, int count) throws DvsException {
            for (int i = 0; i < Math.min(2, count); i++) {
                rows.row(1L, "JOIN", List.of("node1"), 2L, true, true, "x.sh", "ok", 3L);
            }
        }

        @Override
        public long eventCount() {
            return 2;
        }

        @Override
        public long scriptFailures() {
            return 1;
        }
    }

    private static List<List<Object>> run(RequestHandler handler, String... values) throws DvsException, InterruptedException {
        Asked asked = Asked.of(handler, values);
        assertEquals(0, asked.rcode());
        return asked.table();
    }

    @Test
    void nodeListShowsEveryRegisteredNode() throws Exception {
        cluster.members(true, NODE1);
        cluster.members(true);
        table.init(DvsParameters.DEFAULT, Asked.LIMIT);
        assertEquals(List.of(Arrays.asList("node0", 0L, "up", "voter", true, true, true, null),
                Arrays.asList("node1", 1L, "down", "voter", false, false, false, null)),
                run(new NodeListHandler(registry)));
    }

    @Test
    void nodeListShowsDeletedNodesAsRemovedUntilTheyAreAddedAgain() throws Exception {
        cluster.members(true, NODE1, new Member(10, "node10"), new Member(9, "node9"));
        cluster.expel(10).join();
        cluster.expel(9).join();
        cluster.members(true);
        assertEquals(List.of(Arrays.asList("node9", 9L, "removed", null, false, false, false, null),
                Arrays.asList("node10", 10L, "removed", null, false, false, false, null)),
                run(new NodeListHandler(registry)).subList(2, 4));
        run(new NodeAddHandler(registry), "node", "node10");
        run(new NodeAddHandler(registry), "node", "node9");
        assertEquals(2, run(new NodeListHandler(registry)).size());
    }

    @Test
    void nodeAddTakesNameOrIdAndOffersThoseThatDoNotVote() throws Exception {
        cluster.members(true, NODE1);
        cluster.expel(1).join();
        NodeAddHandler handler = new NodeAddHandler(registry);
        assertEquals(List.of("node1"), handler.suggest(handler.spec().parameter("node").orElseThrow(), ""));
        assertEquals(List.of(List.of("node1", 1L, "voter")), run(handler, "node", "1"));
        assertEquals(List.of(), handler.suggest(handler.spec().parameter("node").orElseThrow(), ""));
        assertEquals(Role.OPERATOR, handler.spec().role());
        DvsException unknown = assertThrows(DvsException.class, () -> run(handler, "node", "node7"));
        assertEquals(ErrorCode.BADNODEID, unknown.code());
        assertEquals("there is no node 'node7'; there are node0, node1", unknown.getMessage());
    }

    @Test
    void nodeAddLiftsTheBanOfANodeThatWasDeletedAndSaysWhatIsLeftToDo() throws Exception {
        Member node3 = new Member(3, "third");
        cluster.members(true, NODE1, node3);
        run(new NodeDeleteHandler(registry), "node", "third");
        cluster.members(true, NODE1);
        NodeAddHandler handler = new NodeAddHandler(registry);
        assertEquals(ErrorCode.BADNODEID, assertThrows(DvsException.class, () -> run(handler, "node", "node3")).code());
        assertTrue(cluster.state().get("cluster/expelled/3").isPresent());
        assertEquals(List.of(List.of("third", 3L, NodeAddHandler.MAY_JOIN)), run(handler, "node", "third"));
        assertTrue(cluster.state().get("cluster/expelled/3").isEmpty());
        assertEquals(ErrorCode.BADNODEID, assertThrows(DvsException.class, () -> run(handler, "node", "third")).code());
        cluster.members(true, NODE1, node3);
        assertEquals(List.of(List.of("third", 3L, "voter")), run(handler, "node", "third"));
    }

    @Test
    void nodeAddTakesTheIdOfADeletedNodeAndKeepsTheBanWithoutAMajority() throws Exception {
        cluster.members(true, NODE1);
        run(new NodeDeleteHandler(registry), "node", "1");
        NodeAddHandler handler = new NodeAddHandler(registry);
        cluster.members(false);
        assertEquals(ErrorCode.NOTREADY, assertThrows(DvsException.class, () -> run(handler, "node", "1")).code());
        cluster.members(true);
        assertEquals(List.of(List.of("node1", 1L, NodeAddHandler.MAY_JOIN)), run(handler, "node", "1"));
    }

    @Test
    void nodeAddFindsADeletedNodeWithoutANameByItsNumber() throws Exception {
        cluster.state().commit(new Change().put("cluster/expelled/5", new byte[0])).join();
        assertEquals(List.of(List.of("node5", 5L, NodeAddHandler.MAY_JOIN)),
                run(new NodeAddHandler(registry), "node", "node5"));
    }

    @Test
    void nodeDeleteTakesTheNodeOutAndEndsTheDvsOnIt() throws Exception {
        cluster.members(true, NODE1);
        new DvsTable(cluster.state(), NODE1, System::nanoTime).init(DvsParameters.DEFAULT, Asked.LIMIT);
        NodeDeleteHandler handler = new NodeDeleteHandler(registry);
        assertEquals(Role.ADMIN, handler.spec().role());
        assertTrue(handler.spec().destructive());
        assertEquals(List.of(), run(handler, "node", "node1"));
        assertEquals(1, cluster.nodes().size());
        assertEquals(List.of(), table.initialised());
        assertEquals(ErrorCode.INVAL, assertThrows(DvsException.class, () -> run(handler, "node", "node0")).code());
    }

    @Test
    void clusterInfoSaysWhoLeadsAndHowOldTheStateIs() throws Exception {
        cluster.members(true, NODE1);
        assertEquals(List.of(List.of(2L, List.of("node0", "node1"), 2L, "node0", "node0", true, 0L, 2L, 1L)),
                run(new ClusterInfoHandler(registry)));
        cluster.members(false);
        List<Object> row = run(new ClusterInfoHandler(registry)).get(0);
        assertEquals(false, row.get(5));
        assertEquals(1_000L, row.get(6));
    }

    @Test
    void clusterInfoHasNoAgeOfAStateThatWasNeverHeardOf() throws Exception {
        ImmediateCluster alone = new ImmediateCluster(new Member(0, "node0"), false);
        RegistryState unjoined = new State() {
            @Override
            public Cluster cluster() {
                return alone;
            }
        };
        assertNull(run(new ClusterInfoHandler(unjoined)).get(0).get(6));
    }

    @Test
    void clusterEventsShowsAsManyAsAreAskedFor() throws Exception {
        assertEquals(2, run(new EventListHandler(registry)).size());
        assertEquals(1, run(new EventListHandler(registry), "count", "1").size());
        assertFalse(new EventListHandler(registry).spec().changes());
    }
}
