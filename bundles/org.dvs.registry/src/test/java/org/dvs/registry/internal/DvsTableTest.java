package org.dvs.registry.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.cluster.api.AgreedState;
import org.dvs.cluster.api.Change;
import org.dvs.cluster.api.Member;
import org.dvs.kernel.api.DvsParameters;
import org.dvs.registry.api.DvsInfo;
import org.dvs.testkit.ImmediateCluster;
import org.dvs.testkit.Seeds;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The table ... */
@Tag("R-CMD-10")
@Tag("R-CMD-19")
class DvsTableTest {
    private static final Duration LIMIT = Duration.ofSeconds(10);
    private static final DvsParameters OTHER = new DvsParameters("dvs", 16, 32, 221, 35, 64, 65_536, 1_048_576, 0);

    private final ImmediateCluster cluster = new ImmediateCluster();
    private final DvsTable node0 = table(0);
    private final DvsTable node1 = table(1);

    private DvsTable table(int id) {
        return new DvsTable(cluster.state(), new Member(id, "node" + id), System::nanoTime);
    }

    private static DvsException refused(ErrorCode code, org.junit.jupiter.api.function.Executable call) {
        DvsException refused = assertThrows(DvsException.class, call);
        assertEquals(code, refused.code(), refused.getMessage());
        return refused;
    }

    @Test
    void answersWithTheNodesOwnIdAndThenKnowsTheParameters() throws Exception {
        assertEquals(0, node0.init(DvsParameters.DEFAULT, LIMIT));
        assertEquals(1, node1.init(DvsParameters.DEFAULT, LIMIT));
        assertEquals(new DvsInfo(DvsParameters.DEFAULT, List.of("node0", "node1"), 0), node1.info(LIMIT));
        assertEquals(List.of(0, 1), node0.initialised());
    }

    @Test
    void refusesASecondInitialisation() throws Exception {
        node0.init(DvsParameters.DEFAULT, LIMIT);
        assertEquals("the DVS is initialised on node0 already",
                refused(ErrorCode.DVSBUSY, () -> node0.init(OTHER, LIMIT)).getMessage());
    }

    @Test
    void refusesOtherParametersThanThoseInForceAndNamesTheDifference() throws Exception {
        node0.init(DvsParameters.DEFAULT, LIMIT);
        assertEquals("the DVS is initialised on node0 with other parameters: nr_dcs 16 instead of 32",
                refused(ErrorCode.BADVALUE, () -> node1.init(OTHER, LIMIT)).getMessage());
        assertEquals("the DVS is not initialised on node1; it is on node0",
                refused(ErrorCode.DVSINIT, () -> node1.info(LIMIT)).getMessage());
    }

    @Test
    void refusesANodeWhoseIdTheParametersDoNotAllow() {
        DvsParameters two = new DvsParameters("dvs", 32, 2, 221, 35, 64, 65_536, 1_048_576, 0);
        assertEquals("node2 has id 2, but nr_nodes 2 allows 0..1", refused(ErrorCode.BADNODEID, () -> table(2).init(two, LIMIT))
                .getMessage());
    }

    @Test
    void forgetsTheParametersWithTheLastNode() throws Exception {
        node0.init(DvsParameters.DEFAULT, LIMIT);
        node1.init(DvsParameters.DEFAULT, LIMIT);
        node0.end(LIMIT);
        assertTrue(cluster.state().get("dvs/params").isPresent());
        node1.end(LIMIT);
        assertEquals(0, cluster.state().list("dvs/").size());
        refused(ErrorCode.DVSINIT, () -> node1.end(LIMIT));
        assertEquals(1, node1.init(OTHER, LIMIT));
        assertEquals(16, node1.info(LIMIT).parameters().nrDcs());
    }

    @Test
    void overwritesParametersThatAreLeftOverAndNotInForce() throws Exception {
        cluster.state().commit(new Change().put("dvs/params", DvsCodec.encode(OTHER))).join();
        refused(ErrorCode.DVSINIT, () -> node0.info(LIMIT));
        node0.init(DvsParameters.DEFAULT, LIMIT);
        assertEquals(DvsParameters.DEFAULT, node0.info(LIMIT).parameters());
    }

    @Test
    void changesNothingOnTheSideOfAMinorityAndSaysHowOldItsAnswerIs() throws Exception {
        node0.init(DvsParameters.DEFAULT, LIMIT);
        cluster.members(false, new Member(0, "node0"));
        refused(ErrorCode.NOTREADY, () -> node1.init(DvsParameters.DEFAULT, LIMIT));
        refused(ErrorCode.NOTREADY, () -> node0.end(LIMIT));
        DvsInfo info = node0.info(LIMIT);
        assertEquals(DvsParameters.DEFAULT, info.parameters());
        assertTrue(info.ageMs() >= 1_000, "age " + info.ageMs());
    }

    @Test
    @Timeout(60)
    void waitsAfterAStartUntilItKnowsWhatIsAgreed() throws Exception {
        node0.init(DvsParameters.DEFAULT, LIMIT);
        WakingState state = new WakingState(cluster.state());
        CompletableFuture<Void> joined = new CompletableFuture<>();
        CountDownLatch waiting = new CountDownLatch(1);
        DvsTable started = new DvsTable(state, new Member(0, "node0"), () -> {
            waiting.countDown();
            return joined;
        }, System::nanoTime);
        ExecutorService pool = Executors.newSingleThreadExecutor();
        try {
            Future<DvsInfo> info = pool.submit(() -> started.info(LIMIT));
            assertTrue(waiting.await(20, TimeUnit.SECONDS));
            assertFalse(info.isDone());
            state.wake();
            joined.complete(null);
            assertEquals(new DvsInfo(DvsParameters.DEFAULT, List.of("node0"), 0), info.get(20, TimeUnit.SECONDS));
        } finally {
            pool.shutdownNow();
        }
    }

    @Test
    void saysNotReadyRatherThanNotInitialisedWhenItNeverLearnsWhatIsAgreed() {
        WakingState state = new WakingState(cluster.state());
        Member local = new Member(0, "node0");
        CompletableFuture<Void> never = new CompletableFuture<>();
        DvsTable alone = new DvsTable(state, local, () -> never, System::nanoTime);
        assertEquals("node0 does not know yet what is agreed: joining the cluster: no answer in 0 ms",
                refused(ErrorCode.NOTREADY, () -> alone.info(Duration.ZERO)).getMessage());
        DvsTable expelled = new DvsTable(state, local,
                () -> CompletableFuture.failedFuture(new DvsException(ErrorCode.NONODE, "node0 was taken out of the cluster")),
                System::nanoTime);
        assertEquals("node0 does not know yet what is agreed: node0 was taken out of the cluster",
                refused(ErrorCode.NOTREADY, () -> expelled.info(LIMIT)).getMessage());
        DvsTable leaderless = new DvsTable(state, local, () -> CompletableFuture.completedFuture(null), System::nanoTime);
        assertEquals("node0 does not know yet what is agreed: this node has not joined the cluster yet",
                refused(ErrorCode.NOTREADY, () -> leaderless.info(LIMIT)).getMessage());
    }

    @Test
    @Timeout(60)
    void letsExactlyOneOfTwoDifferentInitialisationsAtOnceWin() throws Exception {
        ExecutorService pool = Executors.newFixedThreadPool(2);
        try {
            for (int round = 0; round < 300; round++) {
                Future<Integer> one = pool.submit(() -> node0.init(DvsParameters.DEFAULT, LIMIT));
                Future<Integer> two = pool.submit(() -> node1.init(OTHER, LIMIT));
                List<ErrorCode> refusals = new ArrayList<>();
                for (Future<Integer> each : List.of(one, two)) {
                    try {
                        each.get(20, TimeUnit.SECONDS);
                    } catch (ExecutionException e) {
                        refusals.add(((DvsException) e.getCause()).code());
                    }
                }
                assertEquals(List.of(ErrorCode.BADVALUE), refusals);
                assertEquals(1, node0.initialised().size());
                (node0.initialised().contains(0) ? node0 : node1).end(LIMIT);
            }
        } finally {
            pool.shutdownNow();
        }
    }

    @Test
    @Timeout(60)
    void keepsItsInvariantWhileManyNodesComeAndGo() throws Exception {
        Seeds.each(5, seed -> {
            ExecutorService pool = Executors.newFixedThreadPool(8);
            List<Future<?>> running = new ArrayList<>();
            for (int id = 0; id < 8; id++) {
                DvsTable table = table(id);
                Random random = new Random(seed * 31 + id);
                running.add(pool.submit(() -> {
                    for (int i = 0; i < 150; i++) {
                        comeAndGo(table, random);
                    }
                    return null;
                }));
            }
            try {
                for (Future<?> each : running) {
                    each.get(30, TimeUnit.SECONDS);
                }
            } finally {
                pool.shutdownNow();
            }
        });
    }

    /** Whoever is initialised finds parameters in force, and they are those it came with, for as long as it stays. */
    private static void comeAndGo(DvsTable table, Random random) throws DvsException, InterruptedException {
        DvsParameters mine = random.nextBoolean() ? DvsParameters.DEFAULT : OTHER;
        try {
            table.init(mine, LIMIT);
        } catch (DvsException e) {
            assertEquals(ErrorCode.BADVALUE, e.code(), e.getMessage());
            return;
        }
        assertEquals(mine, table.info(LIMIT).parameters());
        table.end(LIMIT);
    }

    @Test
    void givesUpAtTheDeadlineWithWhatIsTrue() {
        AgreedState silent = new SilentState();
        DvsTable table = new DvsTable(silent, new Member(0, "node0"), System::nanoTime);
        assertEquals("reading the agreed state: no answer in 0 ms",
                refused(ErrorCode.TIMEDOUT, () -> table.init(DvsParameters.DEFAULT, Duration.ZERO)).getMessage());
    }
}
