package org.dvs.cluster.jgroups.internal.agree;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
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
import org.dvs.cluster.jgroups.internal.log.DurableLog;
import org.dvs.cluster.jgroups.internal.log.FaultyStorage;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What the list of acceptance asks of a group besides {@link AgreementTest}. The members of a group … */
@Tag("R-CMD-19")
class AgreementTroubleTest extends TestGroup {
    private static final int LONG_LOG = 200_000;
    private static final DurableLog.Sizes SIZES = DurableLog.Sizes.DEFAULT;

    private static List<TestNode> without(List<TestNode> all, TestNode one) {
        return all.stream().filter(node -> node != one).toList();
    }

    /** A group on disks that can fail. */
    private Map<String, FaultyStorage> startOnDisks(long maxLogBytes) throws Exception {
        Map<String, FaultyStorage> disks = new ConcurrentHashMap<>();
        for (String name : THREE) {
            disks.put(name, new FaultyStorage());
            keep(TestNode.start(cluster, name, THREE, root, disks.get(name), maxLogBytes));
        }
        for (TestNode node : nodes) {
            node.agreement.ready().get(60, TimeUnit.SECONDS);
        }
        followOne(nodes);
        // an entry of the leader's own, which else may come at any time
        await().atMost(LONG).until(() -> nodes.stream().allMatch(node -> node.agreement.logName().known()));
        return disks;
    }

    // ---- a node that comes with the log of another cluster

    @Test
    void goOnWhenANodeComesWithTheLogOfAnotherCluster() throws Exception {
        ranAlone();
        List<TestNode> three = startThree();
        agreeOnSome(three);
        TestNode stranger = start("node3", List.of());
        goOnWithout(stranger, three);
    }

    /** It leads its own log in a higher term than theirs when it meets them. */
    @Test
    void goOnWhenTheyMeetALeaderOfAnotherCluster() throws Exception {
        ranAlone();
        TestNode stranger = start("node3", List.of());
        assertEquals(stranger, leader(List.of(stranger)));
        stranger.isolate(true);
        List<TestNode> three = new ArrayList<>();
        for (String name : THREE) {
            three.add(start(name, THREE));
        }
        agreeOnSome(three);
        stranger.isolate(false);
        goOnWithout(stranger, three);
    }

    /** All were off; it is up first, founds the view and leads alone, and they come into its view without a leader. */
    @Test
    void startAgainInTheViewOfALeaderOfAnotherCluster() throws Exception {
        ranAlone();
        agreeOnSome(startThree());
        nodes.forEach(TestNode::close);
        nodes.clear();
        TestNode stranger = start("node3", List.of());
        assertEquals(stranger, leader(List.of(stranger)));
        List<TestNode> three = new ArrayList<>();
        for (String name : THREE) {
            three.add(start(name, List.of()));
        }
        goOnWithout(stranger, three);
    }

    /** As the only voter of a cluster of its own, often enough for a higher term than that of the others. */
    private void ranAlone() throws Exception {
        for (int i = 0; i < 5; i++) {
            try (TestNode alone = TestNode.start(cluster + "-before", "node3", List.of("node3"), root)) {
                alone.agreement.ready().get(60, TimeUnit.SECONDS);
                put(alone, "own" + i, "value");
                await().atMost(LONG).until(() -> alone.agreement.logName().known());
            }
        }
    }

    private static void agreeOnSome(List<TestNode> three) throws Exception {
        for (int i = 0; i < 20; i++) {
            put(leader(three), "ours" + i, "value");
        }
        await().atMost(LONG).until(() -> three.stream().allMatch(node -> node.agreement.logName().known()));
        assertEquals(1, three.stream().map(node -> node.agreement.logName()).distinct().count());
    }

    private static void goOnWithout(TestNode stranger, List<TestNode> three) throws Exception {
        await().atMost(LONG).until(() -> !stranger.failures.isEmpty());
        assertEquals(ErrorCode.LOGDAMAGED, stranger.failures.get(0).code(), stranger.failures.toString());
        put(leader(three), "afterwards", "value");
        assertSame(three);
        assertEquals("value", get(three.get(0), "ours19"));
        assertEquals("", get(three.get(0), "own0"));
        three.forEach(node -> assertEquals(List.of(), node.failures, node.name));
    }

    // ---- defect 7: a log that has gone its own way

    @Test
    void takeAwayWhatAnOldLeaderHadAloneWhenItComesBackFromTheLog() throws Exception {
        comeBackDivergent(Long.MAX_VALUE);
    }

    @Test
    void takeAwayWhatAnOldLeaderHadAloneWhenItComesBackThroughASnapshot() throws Exception {
        comeBackDivergent(LONG_LOG);
    }

    /**
     * The leader is cut off, puts entries on its own disk that nobody else has, and goes. The others agree on other entries in
     * the same places. It comes back with all of its own still there.
     */
    private void comeBackDivergent(long maxLogBytes) throws Exception {
        Map<String, FaultyStorage> disks = startOnDisks(maxLogBytes);
        TestNode old = leader(nodes);
        List<TestNode> others = without(nodes, old);
        for (int i = 0; i < 20; i++) {
            put(old, "before" + i, "value");
        }
        old.isolate(true);
        List<CompletableFuture<Long>> alone = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            alone.add(old.state().commit(new Change().put("alone" + i, new byte[1000])));
        }
        await().atMost(LONG).until(() -> old.agreement.leader().isEmpty());
        old.close();
        nodes.remove(old);
        int unknown = 0;
        for (CompletableFuture<Long> write : alone) {
            unknown += failure(write) == ErrorCode.UNKNOWNOUTCOME ? 1 : 0;
        }
        FaultyStorage disk = disks.get(old.name);
        long end;
        try (DurableLog log = DurableLog.open(disk.copy(), SIZES, failure -> { })) {
            end = log.lastAppended();
            String last = new String(log.get(end).command(), ISO_8859_1);
            assertTrue(unknown > 0 && last.contains("alone"), "nothing was on the old leader's disk alone");
        }

        followOne(others);
        for (int i = 0; i < 300; i++) {
            put(others.get(i % 2), "together" + i, "x".repeat(2000));
        }
        TestNode back = keep(TestNode.start(cluster, old.name, List.of(), root, disk, maxLogBytes));
        await().atMost(LONG).until(() -> back.state().list("together").size() == 300);
        put(back, "after", "value");
        assertSame(nodes);
        assertEquals(0, back.state().list("alone").size());
        assertEquals(20, back.state().list("before").size());
        // also on disk: what it would come back with is what all have
        nodes.forEach(TestNode::close);
        nodes.clear();
        try (DurableLog log = DurableLog.open(disk.copy(), SIZES, failure -> { })) {
            assertEquals(maxLogBytes < Long.MAX_VALUE, log.firstKept() > end, "came back through a snapshot");
        }
        for (String name : THREE) {
            keep(TestNode.start(cluster, name, List.of(), root, disks.get(name), maxLogBytes));
        }
        leader(nodes);
        assertSame(nodes);
        assertEquals(0, nodes.get(0).state().list("alone").size());
    }

    // ---- defect 4: a full disk

    @Test
    void takeOverFromALeaderWhoseDiskIsFullAndTakeItBackWhenThereIsRoom() throws Exception {
        Map<String, FaultyStorage> disks = startOnDisks(LONG_LOG);
        for (int round = 0; round < 3; round++) {
            TestNode leader = leader(nodes);
            List<TestNode> others = without(nodes, leader);
            Load load = new Load(100, nodes);
            try (load) {
                goesOn(load, 200);
                disks.get(leader.name).failWritesAfter(round * 777L);
                await().atMost(LONG).until(() -> leader.agreement.failure().isPresent());
                assertEquals(ErrorCode.NOSPC, leader.agreement.failure().orElseThrow().code());
                leader(others);
                goesOn(load, 200);
            }
            for (TestNode node : others) {
                load.audit(node);
            }
            nodes.remove(leader);
            leader.close();
            disks.get(leader.name).failWritesAfter(Long.MAX_VALUE);
            TestNode back = keep(TestNode.start(cluster, leader.name, List.of(), root, disks.get(leader.name), LONG_LOG));
            back.agreement.ready().get(60, TimeUnit.SECONDS);
            await().atMost(LONG).until(() -> back.state().list("load/").size() >= load.count());
            load.audit(back);
            assertSame(nodes);
        }
    }

    @Test
    void answerEveryChangeWhenTheOnlyDiskIsFull() throws Exception {
        FaultyStorage disk = new FaultyStorage();
        TestNode alone = keep(TestNode.start(cluster, "node0", List.of("node0"), root, disk, Long.MAX_VALUE));
        alone.agreement.ready().get(60, TimeUnit.SECONDS);
        put(alone, "before", "value");
        disk.failWritesAfter(10_000);
        List<CompletableFuture<Long>> writes = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            writes.add(alone.state().commit(new Change().put("key" + i, ("value" + i).repeat(20).getBytes(UTF_8))));
        }
        List<Integer> acknowledged = new ArrayList<>();
        List<Integer> refused = new ArrayList<>();
        for (int i = 0; i < writes.size(); i++) {
            try {
                writes.get(i).get(20, TimeUnit.SECONDS);
                acknowledged.add(i);
            } catch (ExecutionException e) {
                if (((DvsException) e.getCause()).code() != ErrorCode.UNKNOWNOUTCOME) {
                    refused.add(i);
                }
            }
        }
        assertTrue(acknowledged.size() < writes.size(), "the disk was not full");
        alone.close();
        nodes.clear();
        disk.failWritesAfter(Long.MAX_VALUE);
        TestNode again = keep(TestNode.start(cluster, "node0", List.of(), root, disk, Long.MAX_VALUE));
        again.agreement.ready().get(60, TimeUnit.SECONDS);
        again.state().sync().get(20, TimeUnit.SECONDS);
        assertEquals("value", get(again, "before"));
        acknowledged.forEach(i -> assertTrue(again.state().get("key" + i).isPresent(), "key" + i + " was acknowledged"));
        refused.forEach(i -> assertTrue(again.state().get("key" + i).isEmpty(), "key" + i + " was refused"));
    }

    // ---- FORK with three members

    @Test
    void keepTwoGroupsOnOneChannelApartWhenTheirLeaderIsCutOffUnderLoad() throws Exception {
        startThree();
        List<Agreement> data = new ArrayList<>();
        List<CompletableFuture<Long>> writes = new ArrayList<>();
        try {
            for (TestNode node : nodes) {
                data.add(Agreement.open(node.channel, AgreementOptions.of("data", node.name, root.resolve(node.name + "-data"),
                        THREE, failure -> { })));
            }
            await().atMost(LONG).until(() -> ledByOne(data));
            TestNode leader = leader(nodes);
            List<TestNode> others = without(nodes, leader);
            Agreement other = data.get(nodes.indexOf(others.get(0)));
            try (Load load = new Load(100, nodes)) {
                goesOn(load, 200);
                leader.isolate(true);
                for (int i = 0; i < 50; i++) {
                    writes.add(other.state().commit(new Change().expectAbsent("data" + i).put("data" + i, new byte[10])));
                }
                leader(others);
                goesOn(load, 200);
                leader.isolate(false);
                comeTogether(nodes);
                await().atMost(LONG).until(() -> ledByOne(data));
                goesOn(load, 200);
                load.close();
                for (TestNode node : nodes) {
                    load.audit(node);
                    assertEquals(0, node.state().list("data").size(), "of the other group");
                }
            }
            assertSame(nodes);
            int done = 0;
            for (CompletableFuture<Long> write : writes) {
                try {
                    write.get(20, TimeUnit.SECONDS);
                    done++;
                } catch (ExecutionException e) {
                    ErrorCode code = ((DvsException) e.getCause()).code();
                    assertTrue(code == ErrorCode.NOTREADY || code == ErrorCode.UNKNOWNOUTCOME, code.name());
                }
            }
            for (Agreement one : data) {
                one.state().sync().get(20, TimeUnit.SECONDS);
                assertEquals(0, one.state().list("load/").size(), "of the other group");
                assertTrue(one.state().list("data").size() >= done);
                assertEquals(data.get(0).state().list("data").keySet(), one.state().list("data").keySet());
            }
        } finally {
            data.forEach(Agreement::close);
        }
    }
}
