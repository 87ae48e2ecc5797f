package org.dvs.cluster.jgroups.internal.agree;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.cluster.api.Change;
import org.dvs.cluster.jgroups.internal.log.FaultyStorage;
import org.jgroups.Address;
import org.jgroups.Event;
import org.jgroups.View;
import org.jgroups.protocols.FORK;
import org.junit.jupiter.api.Test;

/** The members of a group … */
class AgreementTest extends TestGroup {
    @Test
    void agreeOnChangesThatAnyOfThemMakes() throws Exception {
        startThree();
        long before = 0;
        for (int i = 0; i < 30; i++) {
            TestNode node = nodes.get(i % 3);
            long version = put(node, "key" + i, "value" + i);
            assertTrue(version > before);
            before = version;
            assertEquals("value" + i, get(node, "key" + i), "applied here when acknowledged");
            TestNode other = nodes.get((i + 1) % 3);
            other.state().sync().get(20, TimeUnit.SECONDS);
            assertEquals("value" + i, get(other, "key" + i), "there after a sync");
        }
        long version = nodes.get(0).state().get("key7").orElseThrow().version();
        assertEquals(ErrorCode.CONFLICT, failure(nodes.get(1).state().commit(
                new Change().expect("key7", version + 1).put("key7", new byte[0]))));
        nodes.get(2).state().commit(new Change().expect("key7", version).remove("key7")).get(20, TimeUnit.SECONDS);
        for (TestNode node : nodes) {
            node.state().sync().get(20, TimeUnit.SECONDS);
            assertTrue(node.state().get("key7").isEmpty());
            assertEquals(29, node.state().list("key").size());
            await().atMost(LONG).until(() -> node.state().age().toMillis() < 1000);
            assertEquals(THREE, node.agreement.voters());
        }
    }

    @Test
    void keepTheNewerViewWhenAnOlderOneComesAfterIt() throws Exception {
        startThree();
        TestNode leader = leader(nodes);
        long term = leader.agreement.figures().term();
        FORK fork = leader.channel.getProtocolStack().findProtocol(FORK.class);
        Address self = leader.channel.getAddress();

        // as when the node joins the group at the moment at which others come into the cluster
        fork.get("agree-meta").up(new Event(Event.VIEW_CHANGE, View.create(self, 0, self)));

        put(leader, "after", "value");
        assertEquals(term, leader.agreement.figures().term());
        assertSame(nodes);
    }

    @Test
    void loseNothingThatWasAcknowledgedWhenTheLeaderIsCutOffUnderLoad() throws Exception {
        startThree();
        for (int round = 0; round < 2; round++) {
            TestNode leader = leader(nodes);
            List<TestNode> others = nodes.stream().filter(node -> node != leader).toList();
            Load load = new Load(100, nodes);
            try (load) {
                goesOn(load, 500);
                leader.isolate(true);
                leader(others);
                goesOn(load, 200);
                leader.isolate(false);
                comeTogether(nodes);
                goesOn(load, 200);
            }
            System.out.println("round " + round + ": acknowledged " + load.count() + ", unknown " + load.unknown + ", refused "
                    + load.refused.size());
            for (TestNode node : nodes) {
                load.audit(node);
            }
            assertSame(nodes);
        }
    }

    @Test
    void refuseOnTheMinoritySideAndComeTogetherAfterwards() throws Exception {
        startThree();
        TestNode old = leader(nodes);
        List<TestNode> others = nodes.stream().filter(node -> node != old).toList();
        put(old, "key", "before");
        old.isolate(true);
        // proposed at once, while it still believes it leads: these stay in its log and must go later
        List<CompletableFuture<Long>> lost = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            lost.add(old.state().commit(new Change().put("key", ("lost" + i).getBytes(UTF_8))));
        }
        CompletableFuture<Void> staleSync = old.state().sync();
        leader(others);
        put(others.get(0), "key", "after");
        assertEquals("before", get(old, "key"), "a read there is old, and says so by its age");
        assertTrue(old.state().age().toMillis() > 500, "age " + old.state().age());
        await().atMost(LONG).until(() -> old.agreement.leader().isEmpty());
        assertEquals(ErrorCode.NOTREADY, failure(old.state().commit(new Change().put("key", new byte[0]))));
        assertEquals(ErrorCode.NOTREADY, failure(old.state().sync()));
        assertTrue(!staleSync.isDone() || staleSync.isCompletedExceptionally(), "a stale sync was answered");

        old.isolate(false);
        await().atMost(LONG).until(() -> get(old, "key").equals("after") || get(old, "key").startsWith("lost"));
        for (CompletableFuture<Long> change : lost) {
            try {
                change.get(20, TimeUnit.SECONDS); // proposed again after the merge, and then really done
            } catch (ExecutionException e) {
                assertEquals(ErrorCode.UNKNOWNOUTCOME, ((DvsException) e.getCause()).code());
            }
        }
        comeTogether(nodes);
        put(old, "key", "together");
        assertSame(nodes);
    }

    @Test
    void catchUpUnderConstantLoadFromTheLog() throws Exception {
        startThree();
        try (Load load = new Load(200, nodes.subList(0, 1))) {
            catchUp(load, "node2", null, 0);
        }
    }

    @Test
    void catchUpUnderConstantLoadThroughASnapshot() throws Exception {
        for (String name : THREE) {
            keep(TestNode.start(cluster, name, THREE, root, null, 200_000));
        }
        nodes.get(0).agreement.ready().get(60, TimeUnit.SECONDS);
        try (Load load = new Load(400, nodes.subList(0, 1))) {
            catchUp(load, "node2", null, 200_000);
        }
    }

    private void catchUp(Load load, String name, FaultyStorage storage, long maxLogBytes) throws Exception {
        goesOn(load, 300);
        TestNode gone = nodes.stream().filter(node -> node.name.equals(name)).findFirst().orElseThrow();
        gone.close();
        nodes.remove(gone);
        goesOn(load, 3000);
        TestNode back = keep(maxLogBytes == 0 ? TestNode.start(cluster, name, List.of(), root)
                : TestNode.start(cluster, name, List.of(), root, storage, maxLogBytes));
        int to = load.count();
        long start = System.nanoTime();
        await().atMost(LONG).until(() -> back.state().list("load/").size() >= to);
        System.out.println(name + " caught up " + to + " writes under load in " + (System.nanoTime() - start) / 1_000_000
                + " ms");
        assertEquals(THREE, back.agreement.voters(), "who votes comes from the log, not from the options");
        goesOn(load, 300);
        load.close();
        for (TestNode node : nodes) {
            load.audit(node);
        }
        assertSame(nodes);
    }

    @Test
    void growFromOneToThreeAndShrinkAgainUnderLoad() throws Exception {
        TestNode first = start("node0", List.of("node0"));
        first.agreement.ready().get(60, TimeUnit.SECONDS);
        try (Load load = new Load(100, nodes)) {
            goesOn(load, 300);
            TestNode second = start("node1", List.of());
            TestNode third = start("node2", List.of());
            assertEquals(List.of("node0"), first.agreement.voters());
            second.agreement.ready().get(60, TimeUnit.SECONDS);
            third.agreement.ready().get(60, TimeUnit.SECONDS); // in the view of the leader then, of which it has heard
            second.agreement.admit("node1").get(30, TimeUnit.SECONDS); // asked by a learner of the leader
            first.agreement.admit("node2").get(30, TimeUnit.SECONDS);
            first.agreement.admit("node2").get(30, TimeUnit.SECONDS); // again: nothing to do
            assertEquals(THREE, first.agreement.voters());
            await().atMost(LONG).until(() -> third.agreement.voters().equals(THREE));
            goesOn(load, 300);
            assertEquals(ErrorCode.BADNODEID, failure(first.agreement.admit("node9")));

            first.agreement.expel("node0").get(30, TimeUnit.SECONDS); // the leader itself
            TestNode next = leader(List.of(second, third));
            goesOn(load, 300);
            next.agreement.expel("node0".equals(next.name) ? "node1" : next == second ? "node2" : "node1")
                    .get(30, TimeUnit.SECONDS);
            assertEquals(List.of(next.name), next.agreement.voters());
            assertEquals(ErrorCode.INVAL, failure(next.agreement.expel(next.name)));
            goesOn(load, 300);
            load.close();
            for (TestNode node : nodes) {
                load.audit(node);
            }
            assertSame(nodes);
        }
    }

    @Test
    void goOnWithoutAMemberWhoseDiskIsFull() throws Exception {
        Map<String, FaultyStorage> disks = new ConcurrentHashMap<>();
        for (String name : THREE) {
            disks.put(name, new FaultyStorage());
            keep(TestNode.start(cluster, name, THREE, root, disks.get(name), 1_000_000));
        }
        TestNode leader = leader(nodes);
        TestNode follower = nodes.stream().filter(node -> node != leader).findFirst().orElseThrow();
        Load load = new Load(100, nodes);
        try (load) {
            goesOn(load, 300);
            disks.get(follower.name).failWritesAfter(1000);
            await().atMost(LONG).until(() -> follower.agreement.failure().isPresent());
            assertEquals(ErrorCode.NOSPC, follower.agreement.failure().orElseThrow().code());
            assertEquals(ErrorCode.STOPPED, failure(follower.state().commit(new Change().put("a", new byte[1]))));
            await().atMost(LONG).until(() -> follower.failures.size() == 1);
            goesOn(load, 300);
        }
        TestNode third = nodes.stream().filter(node -> node != leader && node != follower).findFirst().orElseThrow();
        load.audit(leader);
        load.audit(third);

        disks.get(leader.name).failWritesAfter(100);
        try (Load more = new Load(100, List.of(leader))) {
            await().atMost(LONG).until(() -> leader.agreement.failure().isPresent());
        }
        // one of three is left: it must not go on
        await().atMost(LONG).until(() -> third.agreement.leader().isEmpty());
        assertEquals(ErrorCode.NOTREADY, failure(third.state().commit(new Change().put("a", new byte[1]))));
    }

    @Test
    void keepTheirStateWhenAllAreStartedAgain() throws Exception {
        startThree();
        for (int i = 0; i < 50; i++) {
            put(nodes.get(i % 3), "key" + i, "value" + i);
        }
        for (int round = 0; round < 2; round++) {
            nodes.forEach(TestNode::close);
            nodes.clear();
            for (String name : THREE) {
                start(name, THREE);
            }
            for (TestNode node : nodes) {
                node.agreement.ready().get(60, TimeUnit.SECONDS);
                node.state().sync().get(20, TimeUnit.SECONDS);
                assertEquals(50, node.state().list("key").size());
                assertEquals("value33", get(node, "key33"));
            }
            assertSame(nodes);
        }
    }

    @Test
    void needNobodyElseWhereThereIsOne() throws Exception {
        long start = System.nanoTime();
        TestNode alone = start("node0", List.of("node0"));
        alone.agreement.ready().get(60, TimeUnit.SECONDS);
        System.out.println("one node was ready after " + (System.nanoTime() - start) / 1_000_000 + " ms");
        try (Load load = new Load(100, nodes)) {
            goesOn(load, 2000);
            load.close();
            load.audit(alone);
        }
        await().atMost(LONG).until(() -> alone.state().age().toMillis() < 1000);
        alone.close();
        nodes.clear();
        TestNode again = start("node0", List.of());
        again.agreement.ready().get(60, TimeUnit.SECONDS);
        assertEquals(List.of("node0"), again.agreement.voters());
        again.state().sync().get(20, TimeUnit.SECONDS);
        assertTrue(again.state().list("load/").size() >= 2000);
        assertEquals(ErrorCode.TOOBIG, failure(again.state().commit(new Change().put("k", new byte[Limits.VALUE_BYTES + 1]))));
        assertEquals(ErrorCode.RSCBUSY, assertThrows(DvsException.class,
                () -> TestNode.start(cluster + "2", "node0", List.of(), root)).code());
        again.close();
        assertEquals(ErrorCode.STOPPED, failure(again.state().commit(new Change().put("k", new byte[1]))));
        assertTrue(again.state().list("load/").size() >= 2000, "readable after closing");
    }

    @Test
    void agreeInTwoGroupsOnOneChannel() throws Exception {
        startThree();
        List<Agreement> second = new ArrayList<>();
        try {
            for (TestNode node : nodes) {
                second.add(Agreement.open(node.channel, AgreementOptions.of("data", node.name, root.resolve(node.name + "-data"),
                        THREE,
                        failure -> { })));
            }
            await().atMost(LONG).until(() -> ledByOne(second));
            second.get(1).state().commit(new Change().put("key", "data".getBytes(UTF_8))).get(20, TimeUnit.SECONDS);
            put(nodes.get(2), "key", "meta");
            second.get(2).state().sync().get(20, TimeUnit.SECONDS);
            nodes.get(1).state().sync().get(20, TimeUnit.SECONDS);
            assertEquals("data", new String(second.get(2).state().get("key").orElseThrow().value(), UTF_8));
            assertEquals("meta", get(nodes.get(1), "key"));
        } finally {
            second.forEach(Agreement::close);
        }
        put(nodes.get(0), "key", "still"); // one group goes, the other stays
    }

    @Test
    void endTheirThreadsAlsoWhenTheMainChannelWasClosedBefore() throws Exception {
        TestNode alone = start("node0", List.of("node0"));
        alone.agreement.ready().get(60, TimeUnit.SECONDS);
        alone.state().watch("", (key, entry) -> { });
        put(alone, "key", "value");
        alone.channel.close();
        long start = System.nanoTime();
        alone.agreement.close();
        assertTrue(System.nanoTime() - start < 15_000_000_000L, "took too long");
        assertEquals("value", get(alone, "key"));
    }
}
