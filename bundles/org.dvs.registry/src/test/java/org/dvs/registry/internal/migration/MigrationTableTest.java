package org.dvs.registry.internal.migration;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.cluster.api.Member;
import org.dvs.kernel.api.DcSettings;
import org.dvs.kernel.api.DvsParameters;
import org.dvs.kernel.api.ProcessFlags;
import org.dvs.registry.api.MigrationInfo;
import org.dvs.registry.internal.Caretaker;
import org.dvs.registry.internal.DvsTable;
import org.dvs.registry.internal.Refresh;
import org.dvs.registry.internal.dc.DcTable;
import org.dvs.testkit.Background;
import org.dvs.testkit.ImmediateCluster;
import org.dvs.testkit.RecordingKernel;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.function.Executable;

/** A process that moves ... Three nodes; 5 in DC 3 lives on node0, its backup on node1, a stub on node2. */
@Tag("R-CMD-14")
@Timeout(120)
class MigrationTableTest {
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final Duration KEEP = Duration.ofMinutes(5);
    private static final DvsParameters DVS = DvsParameters.DEFAULT;
    private static final int DC = 3;
    private static final int EP = 5;
    private static final Member[] MEMBERS = {new Member(0, "node0"), new Member(1, "node1"), new Member(2, "node2")};

    /** A node's registry and kernel, over the agreed state that all share. */
    private final class Node implements AutoCloseable {
        private final RecordingKernel kernel;
        private final MigrationTable table;
        private final Caretaker caretaker;
        private final AutoCloseable watch;
        /** When its registry wanted to look again by itself. */
        private final List<Duration> later = new CopyOnWriteArrayList<>();
        private volatile boolean kernelRuns;

        Node(int id, long session, RecordingKernel kernel) {
            this(id, session, kernel, true);
        }

        /** @param runs whether its kernel does so from the start */
        Node(int id, long session, RecordingKernel kernel, boolean runs) {
            this.kernel = kernel;
            this.kernelRuns = runs;
            table = new MigrationTable(cluster.state(), MEMBERS[id], cluster::view, session, System::nanoTime);
            Caretaker[] self = new Caretaker[1];
            MigrationCare care = new MigrationCare(cluster.state(), MEMBERS[id], cluster::view,
                    () -> kernelRuns ? Optional.of(kernel) : Optional.empty(), session, () -> System.nanoTime() + skipped.get(),
                    delay -> {
                        later.add(delay);
                        self[0].pokeAfter(delay);
                    });
            caretaker = new Caretaker("test-node" + id, care);
            self[0] = caretaker;
            watch = cluster.state().watch("", (key, entry) -> caretaker.poke());
        }

        @Override
        public void close() {
            try {
                watch.close();
            } catch (Exception e) {
                throw new AssertionError(e);
            }
            caretaker.close();
        }
    }

    private final ImmediateCluster cluster = new ImmediateCluster();
    private final List<Node> nodes = new ArrayList<>();
    /** What all registries believe to have passed beside what has. */
    private final AtomicLong skipped = new AtomicLong();

    @BeforeEach
    void threeNodes() throws Exception {
        cluster.members(true, MEMBERS[1], MEMBERS[2]);
        for (Member member : MEMBERS) {
            new DvsTable(cluster.state(), member, System::nanoTime).init(DVS, LIMIT);
            new DcTable(cluster.state(), member,
                    new Refresh(cluster.state(), member, () -> CompletableFuture.completedFuture(null), System::nanoTime),
                    System::nanoTime, () -> 1).init(DcSettings.of(DC, "web", DVS), "r", LIMIT);
            nodes.add(new Node(member.id(), 100 + member.id(), kernel(member.id())));
        }
        nodes.get(0).kernel.put(DC, EP, 0);
        nodes.get(1).kernel.backup(DC, EP, 42, 0);
        nodes.get(2).kernel.put(DC, EP, 0);
        nodes.forEach(node -> node.kernel.calls());
    }

    private static RecordingKernel kernel(int id) throws DvsException {
        RecordingKernel kernel = new RecordingKernel();
        kernel.dvsInit(id, "node" + id, DVS);
        kernel.dcInit(DcSettings.of(DC, "web", DVS));
        for (int other = 0; other < 3; other++) {
            if (other != id) {
                kernel.pair(other);
                kernel.nodeUp("node" + other, other, other);
                kernel.addNode(DC, other);
            }
        }
        return kernel;
    }

    @AfterEach
    void close() {
        nodes.forEach(Node::close);
    }

    private MigrationTable table(int node) {
        return nodes.get(node).table;
    }

    private List<List<String>> calls() {
        return nodes.stream().map(node -> node.kernel.calls()).toList();
    }

    private static DvsException refused(ErrorCode code, Executable call) {
        DvsException refused = assertThrows(DvsException.class, call);
        assertEquals(code, refused.code(), refused.getMessage());
        return refused;
    }

    /** Nothing is left of it, and the process lives where it should. */
    private void livesOn(int node) throws DvsException {
        await().atMost(20, TimeUnit.SECONDS).until(() -> cluster.state().list("migration/of/").isEmpty());
        assertEquals(0, cluster.state().list("migration/vote/").size());
        for (int id = 0; id < 3; id++) {
            int flags = nodes.get(id).kernel.process(DC, EP).flags();
            assertEquals(id == node ? 0 : ProcessFlags.REMOTE, flags, "node" + id);
            assertEquals(node, nodes.get(id).kernel.process(DC, EP).node());
        }
    }

    @Test
    void isMovedByAllNodesTheNewOneFirst() throws Exception {
        table(2).move(DC, EP, 1, 42, "r1", LIMIT);
        livesOn(1);
        List<String> others = List.of("migrateSoon 3 5", "migrateCommit -1 3 5 1");
        assertEquals(List.of(others, List.of("migrateSoon 3 5", "migrateCommit 42 3 5 1"), others), calls());
    }

    @Test
    void staysStartedUntilItIsCommitted() throws Exception {
        table(0).start(DC, EP, 1, "r1", KEEP, LIMIT);
        assertEquals(List.of(new MigrationInfo(DC, EP, "started", Optional.of("node0"), "node1", List.of(), "")), table(2).all());
        refused(ErrorCode.MIGRATE, () -> table(2).start(DC, EP, 1, "r2", KEEP, LIMIT));
        table(2).commit(DC, EP, 42, "r3", LIMIT);
        livesOn(1);
        assertEquals(List.of(), table(0).all());
        refused(ErrorCode.PROCSTS, () -> table(0).commit(DC, EP, 42, "r4", LIMIT));
    }

    @Test
    void goesBackWhenThatIsAskedFor() throws Exception {
        table(0).start(DC, EP, 1, "r1", KEEP, LIMIT);
        table(1).rollback(DC, EP, "r2", LIMIT);
        livesOn(0);
        refused(ErrorCode.PROCSTS, () -> table(1).rollback(DC, EP, "r3", LIMIT));
    }

    @Test
    void goesBackOnAllNodesWhenOneRefusesToStart() throws Exception {
        nodes.get(2).kernel.fail("migrateSoon", ErrorCode.ONCOPY);
        assertEquals("it was rolled back: node2: told to refuse migrateSoon 3 5",
                refused(ErrorCode.ONCOPY, () -> table(1).move(DC, EP, 1, 42, "r1", LIMIT)).getMessage());
        livesOn(0);
    }

    @Test
    void goesBackOnAllNodesWhenTheNewOneDoesNotTakeOver() throws Exception {
        nodes.get(1).kernel.fail("migrateCommit", ErrorCode.BADPID);
        refused(ErrorCode.BADPID, () -> table(2).move(DC, EP, 1, 43, "r1", LIMIT));
        livesOn(0);
    }

    @Test
    void goesBackWhenANodeDoesNotAnswerInTime() throws Exception {
        nodes.get(2).kernel.put(DC, EP, 2);
        nodes.get(0).kernel.put(DC, EP, 2);
        nodes.get(2).kernel.runs(DC, EP);
        String why = refused(ErrorCode.TIMEDOUT, () -> table(0).move(DC, EP, 1, 42, "r1", Duration.ofSeconds(2))).getMessage();
        assertTrue(why.contains("it is in start and waits for node2: either that does not answer, or the"), why);
        await().atMost(20, TimeUnit.SECONDS).until(() -> cluster.state().list("migration/of/").isEmpty());
        for (Node node : nodes) {
            assertEquals(0, node.kernel.process(DC, EP).flags() & ProcessFlags.MIGRATING);
            assertEquals(0, node.kernel.process(DC, EP).misc() & ProcessFlags.NEEDMIG);
        }
    }

    @Test
    void goesBackWhenItIsNotCommittedInTime() throws Exception {
        table(0).start(DC, EP, 1, "r1", KEEP, LIMIT);
        assertTrue(nodes.get(0).later.contains(KEEP), "it looks by then: " + nodes.get(0).later);
        skipped.set(KEEP.toNanos());
        nodes.get(0).caretaker.poke();
        livesOn(0);
        refused(ErrorCode.PROCSTS, () -> table(0).commit(DC, EP, 42, "r2", LIMIT));
    }

    @Test
    void goesBackWhenTheRegistryThatBeganItIsReplaced() throws Exception {
        table(2).start(DC, EP, 1, "r1", KEEP, LIMIT);
        RecordingKernel kernel = nodes.get(2).kernel;
        nodes.get(2).close();
        nodes.set(2, new Node(2, 999, kernel));
        livesOn(0);
    }

    @Test
    void goesBackWhenTheNodeThatBeganItIsGoneAndThereWhenItIsBack() throws Exception {
        table(2).start(DC, EP, 1, "r1", KEEP, LIMIT);
        RecordingKernel kernel = nodes.get(2).kernel;
        nodes.get(2).close();
        cluster.members(true, MEMBERS[1]);
        nodes.get(0).caretaker.poke();
        await().atMost(20, TimeUnit.SECONDS).until(() -> nodes.get(0).kernel.process(DC, EP).flags() == 0);
        assertEquals("5 in DC 3 is migrating to node1, in rollback",
                refused(ErrorCode.MIGRATE, () -> table(0).start(DC, EP, 1, "r2", KEEP, LIMIT)).getMessage());
        nodes.set(2, new Node(2, 999, kernel));
        cluster.members(true, MEMBERS[1], MEMBERS[2]);
        nodes.get(2).caretaker.poke();
        livesOn(0);
    }

    @Test
    void goesOnByItselfWhereAKernelCannotFollowYet() throws Exception {
        table(0).start(DC, EP, 1, "r1", KEEP, LIMIT);
        nodes.get(2).kernel.fail("migrateCommit", ErrorCode.NOPROXY);
        table(0).commit(DC, EP, 42, "r2", Duration.ofSeconds(2));
        assertEquals(List.of("node2"), table(0).all().get(0).pending());
        nodes.get(2).kernel.work();
        livesOn(1);
    }

    /** Its kernel, which does not run yet, begins anew, and knows nobody. */
    private Node startedAnew(int id) throws DvsException {
        nodes.get(id).close();
        Node again = new Node(id, 999, kernel(id), false);
        nodes.set(id, again);
        return again;
    }

    /** node2 has gone before it heard of the commit, and nobody has noticed yet. */
    private CompletableFuture<Void> movesUnheardBy(int asked, int gone, Duration limit) throws Exception {
        table(asked).start(DC, EP, 1, "r1", KEEP, LIMIT);
        nodes.get(gone).close();
        CompletableFuture<Void> moved = Background.run(() -> table(asked).commit(DC, EP, 42, "r2", limit));
        await().atMost(20, TimeUnit.SECONDS).until(() -> table(asked).all().stream()
                .anyMatch(now -> now.phase().equals("commit") && now.pending().equals(List.of("node" + gone))));
        return moved;
    }

    @Test
    void isDoneAsSoonAsOnlyANodeThatIsGoneHasNotHeardOfIt() throws Exception {
        CompletableFuture<Void> moved = movesUnheardBy(0, 2, Duration.ofSeconds(100));
        assertFalse(moved.isDone(), "node2 may still hear of it");
        cluster.members(true, MEMBERS[1]);
        table(0).viewChanged();
        moved.get(20, TimeUnit.SECONDS);
        assertEquals(List.of("node2"), table(0).all().get(0).pending());
    }

    @Test
    void isDoneWhenItsTimeIsOverThoughANodeThatIsThereHasNotHeardOfIt() throws Exception {
        movesUnheardBy(0, 2, Duration.ofSeconds(2)).get(20, TimeUnit.SECONDS);
        assertEquals(List.of("node2"), table(0).all().get(0).pending());
    }

    @Test
    void isHeardOfByANodeThatStartsAnew() throws Exception {
        CompletableFuture<Void> moved = movesUnheardBy(0, 2, LIMIT);
        cluster.members(true, MEMBERS[1]);
        table(0).viewChanged();
        moved.get(20, TimeUnit.SECONDS);
        Node again = startedAnew(2);
        cluster.members(true, MEMBERS[1], MEMBERS[2]);
        again.caretaker.poke();
        await().during(300, TimeUnit.MILLISECONDS).atMost(20, TimeUnit.SECONDS)
                .until(() -> table(0).all().get(0).pending().equals(List.of("node2")));
        again.kernelRuns = true;
        livesOn(1);
        assertTrue(again.kernel.calls().contains("autobind 3 5 p5 1"));
    }

    @Test
    void isMovedByOneRequestThatWasSentToAllNodes() throws Exception {
        ExecutorService pool = Executors.newFixedThreadPool(3);
        try {
            List<Future<?>> asked = new ArrayList<>();
            for (int id = 0; id < 3; id++) {
                MigrationTable table = table(id);
                asked.add(pool.submit(() -> {
                    table.move(DC, EP, 1, 42, "r1", LIMIT);
                    return null;
                }));
            }
            for (Future<?> each : asked) {
                each.get(60, TimeUnit.SECONDS);
            }
            livesOn(1);
            table(2).move(DC, EP, 1, 42, "r1", LIMIT);
            refused(ErrorCode.LCLPROC, () -> table(2).move(DC, EP, 1, 42, "r2", LIMIT));
        } finally {
            pool.shutdownNow();
        }
    }

    /** That one has read that nobody has begun it, and goes on only when it has ended. */
    @Test
    void isMovedOnceByARequestThatANodeIsSlowToHearOf() throws Exception {
        AtomicBoolean first = new AtomicBoolean(true);
        MigrationTable slow = new MigrationTable(cluster.state(), MEMBERS[2], () -> {
            if (first.getAndSet(false)) {
                assertDoesNotThrow(() -> table(0).move(DC, EP, 1, 42, "r1", LIMIT));
                assertDoesNotThrow(() -> livesOn(1));
            }
            return cluster.view();
        }, 102, System::nanoTime);
        slow.move(DC, EP, 1, 42, "r1", LIMIT);
        livesOn(1);
    }

    @Test
    void isRefusedWhereItCannotBe() throws Exception {
        refused(ErrorCode.BADDCID, () -> table(0).move(32, EP, 1, 42, "r1", LIMIT));
        refused(ErrorCode.DCNOTRUN, () -> table(0).move(4, EP, 1, 42, "r1", LIMIT));
        refused(ErrorCode.ENDPOINT, () -> table(0).move(DC, 221, 1, 42, "r1", LIMIT));
        refused(ErrorCode.NODCNODE, () -> table(0).move(DC, EP, 7, 42, "r1", LIMIT));
        refused(ErrorCode.NOTBIND, () -> table(0).move(DC, 6, 1, 42, "r1", LIMIT));
        refused(ErrorCode.LCLPROC, () -> table(0).move(DC, EP, 0, 42, "r1", LIMIT));
        livesOn(0);
        cluster.members(true, MEMBERS[1]);
        assertEquals("node2, a member of DC 3 'web', is not there",
                refused(ErrorCode.NOTCONN, () -> table(0).move(DC, EP, 1, 42, "r8", LIMIT)).getMessage());
        cluster.members(true, MEMBERS[1], MEMBERS[2]);
        refused(ErrorCode.PROCSTS, () -> table(0).commit(DC, EP, 42, "r9", LIMIT));
        refused(ErrorCode.DCNOTRUN, () -> table(0).rollback(4, EP, "r1", LIMIT));
        nodes.get(2).kernelRuns = false;
        refused(ErrorCode.NOSYS, () -> table(0).move(DC, EP, 1, 42, "r2", LIMIT));
        nodes.get(2).kernelRuns = true;
        cluster.members(false, MEMBERS[1], MEMBERS[2]);
        refused(ErrorCode.NOTREADY, () -> table(0).move(DC, EP, 1, 42, "r3", LIMIT));
    }

    @Test
    void isForgottenWithItsDc() throws Exception {
        table(0).start(DC, EP, 1, "r1", KEEP, LIMIT);
        new DcTable(cluster.state(), MEMBERS[0],
                new Refresh(cluster.state(), MEMBERS[0], () -> CompletableFuture.completedFuture(null), System::nanoTime),
                System::nanoTime, () -> 1).end(DC, "r2", LIMIT);
        await().atMost(20, TimeUnit.SECONDS).until(() -> cluster.state().list("migration/").isEmpty());
        refused(ErrorCode.DCNOTRUN, () -> table(0).commit(DC, EP, 42, "r3", LIMIT));
    }
}
