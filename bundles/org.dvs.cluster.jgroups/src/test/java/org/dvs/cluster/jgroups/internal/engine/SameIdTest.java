package org.dvs.cluster.jgroups.internal.engine;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.cluster.api.Change;
import org.dvs.cluster.jgroups.internal.engine.TestNodes.Node;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A second node with the id of a member: its keys were copied. */
class SameIdTest {
    /** Where the copy listens. */
    private static final int ELSEWHERE = 3;

    @TempDir
    Path folder;

    private static void eventually(String what, Callable<Boolean> condition) {
        await(what).atMost(TestNodes.LONG).pollInterval(Duration.ofMillis(10)).until(condition);
    }

    /** Three that miss nobody only because this machine is busy. */
    private static List<Node> members(TestNodes nodes) {
        return IntStream.range(0, 3).mapToObj(id -> {
            Settings usual = nodes.settings(id, nodes.founders());
            Settings patient = new Settings(usual.bindAddress(), usual.bindPort(), usual.seeds(), usual.bootstrap(),
                    usual.logFolder(), 10_000, usual.verifyMs(), usual.mergeMinMs(), usual.mergeMaxMs(), usual.joinTimeoutMs(),
                    usual.queueMessages(), usual.queueBytes());
            return nodes.make(id, nodes.authority.node(id), patient, UnaryOperator.identity());
        }).toList();
    }

    /** Starts one that is not let in. */
    private static void refused(Node copy) throws Exception {
        copy.engine.start();
        ExecutionException refused = assertThrows(ExecutionException.class, () -> copy.engine.joined().get(60, TimeUnit.SECONDS));
        DvsException why = (DvsException) refused.getCause();
        assertEquals(ErrorCode.NODEBUSY, why.code(), why.getMessage());
    }

    /** The member is where it was, for each node, and nothing has happened to the cluster. */
    private static void undisturbed(TestNodes nodes, List<Node> all, List<List<String>> before, int id) throws Exception {
        for (Node node : all) {
            assertEquals(before.get(all.indexOf(node)), node.kinds(0), node.engine.local().name());
            assertTrue(node.engine.view().primary());
            node.engine.state().sync().get(20, TimeUnit.SECONDS);
            assertTrue(address(node, id).endsWith(":" + nodes.port(id)), address(node, id));
        }
        all.get(id).say("still here");
        eventually("is heard", () -> all.stream().allMatch(node -> node.messages().contains(id + ":still here")));
    }

    private static String address(Node node, int id) {
        return node.engine.nodes().stream().filter(known -> known.member().id() == id).findFirst().orElseThrow().address();
    }

    private static List<List<String>> settled(TestNodes nodes, List<Node> all) {
        eventually("registered", () -> all.stream().allMatch(node -> all.stream()
                .allMatch(other -> address(node, other.engine.local().id()).endsWith(":" + nodes.port(other.engine.local().id())))));
        return all.stream().map(node -> node.kinds(0)).toList();
    }

    @Test
    @Tag("R-CMD-18")
    void isRefusedWhenTheMemberCoordinates() throws Exception {
        try (TestNodes nodes = new TestNodes(folder, 3)) {
            List<Node> all = members(nodes);
            TestNodes.join(all);
            List<List<String>> before = settled(nodes, all);
            int id = all.get(0).engine.view().coordinator();
            Node copy = nodes.make(ELSEWHERE, nodes.authority.node(id), nodes.impatient(ELSEWHERE), UnaryOperator.identity());
            refused(copy);
            undisturbed(nodes, all, before, id);
            assertEquals(List.of(), copy.heard, "is in no view, not even one of its own");
        }
    }

    @Test
    @Tag("R-CMD-18")
    void getsInWhenTheCoordinatorWithItsIdHasEnded() throws Exception {
        try (TestNodes nodes = new TestNodes(folder, 3)) {
            List<Node> all = members(nodes);
            TestNodes.join(all);
            settled(nodes, all);
            int id = all.get(0).engine.view().coordinator();
            Node copy = nodes.make(ELSEWHERE, nodes.authority.node(id), nodes.impatient(ELSEWHERE), UnaryOperator.identity());
            refused(copy);
            TestNodes.kill(all.get(id));
            List<Node> others = all.stream().filter(node -> node != all.get(id)).toList();
            eventually("is let in", () -> others.stream().allMatch(node -> node.ids().equals("[0, 1, 2]")
                    && address(node, id).endsWith(":" + nodes.port(ELSEWHERE))));
        }
    }

    /** Those who refused it, as its former run was not missed yet, may have ended since; then it is the one to begin. */
    @Test
    @Tag("R-CMD-18")
    void foundsWhenAllWhoRefusedItHaveEnded() throws Exception {
        try (TestNodes nodes = new TestNodes(folder, 3)) {
            List<Node> all = members(nodes);
            TestNodes.join(all);
            settled(nodes, all);
            int id = (all.get(0).engine.view().coordinator() + 1) % 3;
            Node copy = nodes.make(ELSEWHERE, nodes.authority.node(id), nodes.impatient(ELSEWHERE, nodes.founders()),
                    UnaryOperator.identity());
            refused(copy);
            for (Node node : all) {
                TestNodes.kill(node);
            }
            eventually("founds", () -> copy.ids().equals("[" + id + "]"));
        }
    }

    @ParameterizedTest(name = "with the id of node {0}")
    @ValueSource(ints = {0, 2})
    @Tag("R-CMD-18")
    void leavesForGoodWhenItHadFoundedAClusterOfItsOwn(int id) throws Exception {
        try (TestNodes nodes = new TestNodes(folder, 3)) {
            Weather weather = new Weather(1);
            Node copy = nodes.make(ELSEWHERE, nodes.authority.node(id),
                    nodes.settings(ELSEWHERE, List.of("node" + id)), weather.above());
            copy.engine.start();
            copy.engine.joined().get(60, TimeUnit.SECONDS);
            weather.cutOff(0, 1, 2);
            List<Node> all = members(nodes);
            TestNodes.join(all);
            List<List<String>> before = settled(nodes, all);
            weather.mend();
            eventually("has left", () -> {
                try {
                    copy.say("anybody?");
                    return false;
                } catch (DvsException e) {
                    return e.code() == ErrorCode.NOTREADY;
                }
            });
            assertFalse(copy.engine.view().primary());
            ExecutionException stopped = assertThrows(ExecutionException.class,
                    () -> copy.engine.state().commit(new Change().put("dvs/x", new byte[1])).get(20, TimeUnit.SECONDS));
            assertEquals(ErrorCode.NODEBUSY, ((DvsException) stopped.getCause()).code());
            undisturbed(nodes, all, before, id);
        }
    }

    @Test
    void doesNotLeaveItsAddressBehind() throws Exception {
        try (TestNodes nodes = new TestNodes(folder, 1)) {
            Node node = nodes.startAll().get(0);
            settled(nodes, List.of(node));
            node.engine.state().commit(new Change().put(NodeTable.NODE + 0, "node0 203.0.113.1:9".getBytes(UTF_8)))
                    .get(20, TimeUnit.SECONDS);
            settled(nodes, List.of(node));
        }
    }
}
