package org.dvs.dispatcher.internal;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

import org.dvs.api.Caller;
import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.api.Role;
import org.dvs.api.dispatch.Answer;
import org.dvs.api.dispatch.Job;
import org.dvs.api.dispatch.JobListener;
import org.dvs.api.dispatch.NodeAnswer;
import org.dvs.api.dispatch.NodeDirectory;
import org.dvs.api.dispatch.NodeState;
import org.dvs.api.dispatch.Order;
import org.dvs.api.dispatch.Pace;
import org.dvs.api.dispatch.Selection;
import org.dvs.api.request.RequestSpec;
import org.dvs.api.request.ValueType;
import org.dvs.cluster.api.Member;
import org.dvs.dispatcher.internal.wire.Key;
import org.dvs.dispatcher.internal.wire.Message;
import org.dvs.dispatcher.internal.wire.Wire;
import org.dvs.dispatcher.internal.wire.WireException;
import org.dvs.testkit.ImmediateCluster;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** With real threads on a cluster of one. Names finish the sentence "the dispatcher …". */
class DispatcherServiceTest {
    private static final Caller EVA = new Caller("eva", Set.of(Role.OPERATOR), "cli", "local");
    private static final Duration LONG = Duration.ofSeconds(20);

    private final HandlerCatalogue catalogue = new HandlerCatalogue();
    private final Witnesses witnesses = new Witnesses();
    private final ImmediateCluster cluster = new ImmediateCluster();
    private final CountDownLatch release = new CountDownLatch(1);
    private final CountDownLatch interrupted = new CountDownLatch(1);
    private final Semaphore started = new Semaphore(0);
    private DispatcherService dispatcher =
            new DispatcherService(Limits.workers(2, 1024, 50, 2), catalogue, witnesses.witness(), new Random(1));

    @AfterEach
    void leave() {
        release.countDown();
        dispatcher.leave();
    }

    private void serve(String name, boolean changes, TestHandler.Body body) {
        RequestSpec.Builder spec = RequestSpec.named(name).command("test " + name.substring(5).toLowerCase(Locale.ROOT))
                .help("tests").column("number", ValueType.INTEGER, "counts").manyRows();
        catalogue.add(new TestHandler(changes ? spec.changes().build() : spec.build(), body), 0, 1);
    }

    /** RQST_HANG, which ends when it is interrupted. */
    private void serveOneThatHangs() {
        serve("RQST_HANG", false, (request, rows) -> {
            rows.row(1);
            started.release();
            try {
                release.await(20, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                interrupted.countDown();
                throw e;
            }
            return 0;
        });
    }

    /** RQST_DEAF, which changes something and ignores interruptions until the test releases it. */
    private void serveOneThatIsDeaf() {
        serve("RQST_DEAF", true, (request, rows) -> {
            started.release();
            boolean released = false;
            while (!released) {
                try {
                    released = release.await(20, TimeUnit.SECONDS);
                } catch (InterruptedException e) {
                    released = false;
                }
            }
            return 0;
        });
    }

    private void awaitStart() throws InterruptedException {
        assertTrue(started.tryAcquire(20, TimeUnit.SECONDS));
    }

    private void awaitInterruption() throws InterruptedException {
        assertTrue(interrupted.await(20, TimeUnit.SECONDS));
    }

    private Job send(String name, Duration timeout, Selection selection, String requestId) throws DvsException {
        return dispatcher.dispatch(new Order(name, Map.of(), selection, timeout, Pace.DEFAULT, EVA, requestId), JobListener.NONE);
    }

    private Job send(String name, Duration timeout) throws DvsException {
        return send(name, timeout, Selection.LOCAL, "");
    }

    private NodeAnswer ask(String name, Duration timeout) throws Exception {
        return wait(send(name, timeout)).nodes().get(0);
    }

    private static Answer wait(Job job) throws Exception {
        return job.answer().get(20, TimeUnit.SECONDS);
    }

    /** A request of node1, so that its deadline and its end are this node's alone. */
    private Key askedByNode1(String name, int timeoutMs, long sequence) {
        Key key = new Key(1, 5, sequence, name);
        cluster.multicastArrives(Session.CHANNEL, 1,
                Wire.encode(new Message.Ask(key, timeoutMs, List.of(0, 1), EVA, "id", Map.of())));
        return key;
    }

    private static void assertFailed(ErrorCode code, String detail, NodeAnswer answer) {
        assertEquals(NodeState.FAILED, answer.state(), answer.detail());
        assertEquals(code, answer.error().orElseThrow());
        assertTrue(answer.detail().contains(detail), answer.detail());
    }

    private static List<String> threads() {
        return Thread.getAllStackTraces().keySet().stream().map(Thread::getName)
                .filter(name -> name.startsWith("dvs-dispatcher-")).toList();
    }

    @Test
    @Tag("R-CMD-01")
    void answersARequestToItsOwnNodeAndKeepsTheJob() throws Exception {
        serve("RQST_A", false, (request, rows) -> {
            rows.row(1);
            return 3;
        });
        dispatcher.join(cluster);
        Job job = send("RQST_A", LONG);
        NodeAnswer answer = wait(job).nodes().get(0);
        assertEquals(NodeState.OK, answer.state());
        assertEquals(3, answer.rcode());
        assertEquals(List.of(List.of(1L)), answer.rows());
        assertSame(job, dispatcher.job(job.id()).orElseThrow());
        Job next = send("RQST_A", LONG);
        wait(next);
        assertEquals(List.of(next, job), dispatcher.jobs());
        assertTrue(dispatcher.job("none").isEmpty());
    }

    @Test
    @Tag("R-CMD-07")
    void survivesFiveHundredRequestsAtOnce() throws Exception {
        serve("RQST_A", false, (request, rows) -> {
            rows.row(1);
            return 0;
        });
        dispatcher.configure(Limits.defaults());
        dispatcher.join(cluster);
        List<Job> jobs = new CopyOnWriteArrayList<>();
        List<Thread> operators = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            operators.add(new Thread(() -> {
                for (int n = 0; n < 100; n++) {
                    try {
                        jobs.add(send("RQST_A", LONG));
                    } catch (DvsException e) {
                        throw new AssertionError(e);
                    }
                }
            }));
        }
        operators.forEach(Thread::start);
        for (Thread operator : operators) {
            operator.join(20_000);
        }
        assertEquals(500, jobs.size());
        for (Job job : jobs) {
            assertEquals(1, wait(job).count(NodeState.OK));
        }
        assertEquals(256, dispatcher.jobs().size());
    }

    @Test
    void stopsAHandlerThatHangsAndSaysSo() throws Exception {
        serveOneThatHangs();
        dispatcher.join(cluster);
        cluster.members(true, new Member(1, "node1"));
        Key key = askedByNode1("RQST_HANG", 2_000, 1);
        awaitInterruption();
        await().until(() -> cluster.sent().size() == 1);
        assertEquals(new Message.End(key, 0, 0, ErrorCode.TIMEDOUT.rcode(), "RQST_HANG was stopped at its deadline after 2000ms", 0,
                List.of()), decoded());
    }

    @Test
    @Tag("R-CMD-07")
    void answersWhoReadsWhileAsManyChangesBesideOthersAsMayRunTakeLong() throws Exception {
        serve("RQST_A", false, (request, rows) -> 0);
        serve("RQST_WRITE", true, (request, rows) -> 0);
        RequestSpec beside = RequestSpec.named("RQST_LONG").command("test long").help("takes long").changes().besideOthers().build();
        catalogue.add(new TestHandler(beside, (request, rows) -> {
            started.release();
            release.await(60, TimeUnit.SECONDS);
            return 0;
        }), 0, 1);
        dispatcher.join(cluster);
        List<Job> jobs = new ArrayList<>();
        for (int i = 0; i < Limits.defaults().besideWorkers(); i++) {
            jobs.add(send("RQST_LONG", LONG));
            awaitStart();
        }
        jobs.add(send("RQST_LONG", LONG));
        assertEquals(NodeState.OK, ask("RQST_A", LONG).state());
        assertEquals(NodeState.OK, ask("RQST_WRITE", LONG).state());
        assertFalse(started.tryAcquire(), "one more waits");
        dispatcher.configure(Limits.beside(Limits.defaults().besideWorkers() + 1));
        awaitStart();
        release.countDown();
        for (Job job : jobs) {
            assertEquals(1, wait(job).count(NodeState.OK));
        }
    }

    @Test
    void isNotStarvedByHandlersThatIgnoreTheirInterruption() throws Exception {
        serveOneThatIsDeaf();
        serve("RQST_CHANGE", true, (request, rows) -> 0);
        dispatcher.join(cluster);
        cluster.members(true, new Member(1, "node1"));
        for (int lost = 1; lost <= 2; lost++) {
            Key key = askedByNode1("RQST_DEAF", 20_000, lost);
            awaitStart();
            cluster.arrives(Session.CHANNEL, 1, Wire.encode(new Message.Cancel(key, Message.Reason.CANCELLED)));
            assertEquals(NodeState.OK, ask("RQST_CHANGE", LONG).state());
            assertEquals(lost, dispatcher.counters().of(Counters.Event.STUCK_WORKER));
        }
        release.countDown();
        assertEquals(NodeState.OK, ask("RQST_CHANGE", LONG).state());
    }

    @Test
    void cancelsWorkThatIsUnderWay() throws Exception {
        serveOneThatHangs();
        dispatcher.join(cluster);
        Job job = send("RQST_HANG", LONG);
        awaitStart();
        assertTrue(job.cancel());
        NodeAnswer answer = wait(job).nodes().get(0);
        assertEquals(NodeState.SILENT, answer.state());
        assertEquals(ErrorCode.INTR, answer.error().orElseThrow());
        awaitInterruption();
    }

    @Test
    @Tag("R-CMD-05")
    void endsTheWorkOfARequesterThatWasKilled() throws Exception {
        serveOneThatHangs();
        dispatcher.join(cluster);
        cluster.members(true, new Member(1, "node1"));
        askedByNode1("RQST_HANG", 20_000, 1);
        awaitStart();
        cluster.members(true);
        awaitInterruption();
        await().until(() -> dispatcher.counters().of(Counters.Event.CALLED_OFF) == 1);
        assertEquals(List.of(), cluster.sent(), "there is nobody to hear an answer");
    }

    @Test
    @Tag("R-CMD-06")
    void showsTheRowsSoFarOfAReplyThatIsTooLarge() throws Exception {
        serve("RQST_A", false, (request, rows) -> {
            for (int i = 0; i < 1_000_000; i++) {
                rows.row(i);
            }
            return 0;
        });
        dispatcher.join(cluster);
        NodeAnswer answer = ask("RQST_A", LONG);
        assertFailed(ErrorCode.MSGSIZE, "more than maxReplyBytes 1048576", answer);
        assertEquals(1048576 / 9, answer.rows().size());
        assertEquals(42L, answer.rows().get(42).get(0));
    }

    @Test
    @Tag("R-CMD-05")
    void retriesTheNodesThatWereNotOk() throws Exception {
        serve("RQST_A", false, (request, rows) -> 0);
        dispatcher.join(cluster);
        dispatcher.use(names("node0", "node1"));
        Job job = send("RQST_A", LONG, Selection.ALL, "");
        assertEquals(1, wait(job).count(NodeState.SILENT));
        Order again = new Order("", Map.of(), Selection.LOCAL, LONG, Pace.DEFAULT, EVA, "");
        cluster.members(true, new Member(1, "node1"));
        Job retry = dispatcher.retry(job.id(), again, JobListener.NONE);
        assertEquals(List.of("node1"), retry.plan().targets());
        assertEquals(ErrorCode.BUSY, code(() -> dispatcher.retry(retry.id(), again, JobListener.NONE)));
        String[] id = retry.id().split("-");
        Key key = new Key(0, Long.parseLong(id[1], 16), Long.parseLong(id[2]), "RQST_A");
        cluster.arrives(Session.CHANNEL, 1, Wire.encode(new Message.End(key, 1, 0, 0, "", 0, List.of())));
        assertEquals(1, wait(retry).count(NodeState.OK));
        assertEquals(ErrorCode.NONODES, code(() -> dispatcher.retry(retry.id(), again, JobListener.NONE)));
        assertEquals(ErrorCode.NOJOB, code(() -> dispatcher.retry("none", again, JobListener.NONE)));
        Order byNobody = new Order("", Map.of(), Selection.LOCAL, LONG, Pace.DEFAULT, new Caller("x", Set.of(), "cli", ""), "");
        assertEquals(ErrorCode.PRIVILEGES, code(() -> dispatcher.retry(job.id(), byNobody, JobListener.NONE)));
    }

    private static ErrorCode code(Executable call) {
        return assertThrows(DvsException.class, call).code();
    }

    private static NodeDirectory names(String... nodes) {
        return new NodeDirectory() {
            @Override
            public List<String> nodes() {
                return List.of(nodes);
            }

            @Override
            public Map<String, String> groups() {
                return Map.of();
            }

            @Override
            public String local() {
                return nodes[0];
            }
        };
    }

    @Test
    void takesTheMembersOfTheViewForTheNodesWhileThereIsNoRegistry() throws Exception {
        serve("RQST_A", false, (request, rows) -> 0);
        dispatcher.join(cluster);
        cluster.members(true, new Member(3, "node3"));
        Order all = new Order("RQST_A", Map.of(), Selection.ALL, LONG, Pace.DEFAULT, EVA, "");
        assertEquals(List.of("node0", "node3"), dispatcher.plan(all).targets());
        dispatcher.use(names("node0"));
        assertEquals(List.of("node0"), dispatcher.plan(all).targets());
    }

    @Test
    void refusesToSendWithoutAClusterAndBeforeItHasJoined() throws Exception {
        serve("RQST_A", false, (request, rows) -> 0);
        assertEquals(ErrorCode.NOTREADY, code(() -> send("RQST_A", LONG)));
        dispatcher.use(names("node0"));
        assertEquals("RQST_A", dispatcher.plan(new Order("RQST_A", Map.of(), Selection.LOCAL, LONG, Pace.DEFAULT, EVA, "")).spec().name());
        ImmediateCluster joining = new ImmediateCluster(new Member(0, "node0"), false);
        dispatcher.join(joining);
        assertEquals(ErrorCode.NOTREADY, code(() -> send("RQST_A", LONG)));
        joining.members(true);
        assertEquals(NodeState.OK, ask("RQST_A", LONG).state());
    }

    @Test
    void givesTheSameJobForTheSameRequestIdAndRefusesAnotherOrder() throws Exception {
        serve("RQST_A", false, (request, rows) -> 0);
        serve("RQST_B", false, (request, rows) -> 0);
        dispatcher.join(cluster);
        Job job = send("RQST_A", LONG, Selection.LOCAL, "id-7");
        assertSame(job, send("RQST_A", LONG, Selection.LOCAL, "id-7"));
        assertEquals(ErrorCode.CONFLICT, code(() -> send("RQST_B", LONG, Selection.LOCAL, "id-7")));
        assertEquals(ErrorCode.CONFLICT, code(() -> send("RQST_A", LONG, Selection.ALL, "id-7")));
    }

    @Test
    void endsEverythingSoonWhenItLeavesAndCanComeBack() throws Exception {
        serveOneThatIsDeaf();
        serve("RQST_A", false, (request, rows) -> 0);
        dispatcher.join(cluster);
        Job job = send("RQST_DEAF", LONG);
        awaitStart();
        long before = System.nanoTime();
        dispatcher.leave();
        assertTrue(System.nanoTime() - before < TimeUnit.SECONDS.toNanos(20));
        assertEquals(ErrorCode.NOTCONN, wait(job).nodes().get(0).error().orElseThrow());
        assertFalse(job.cancel());
        assertEquals(ErrorCode.NOTREADY, code(() -> send("RQST_A", LONG)));
        release.countDown();
        await().until(() -> threads().isEmpty());
        dispatcher.join(cluster);
        assertEquals(NodeState.OK, ask("RQST_A", LONG).state());
        assertTrue(dispatcher.job(job.id()).isPresent(), "jobs outlive the cluster");
        dispatcher.leave(new ImmediateCluster());
        assertEquals(NodeState.OK, ask("RQST_A", LONG).state(), "another cluster's end does not matter");
        dispatcher.leave(cluster);
        await().until(() -> threads().isEmpty());
    }

    @Test
    @Tag("R-CMD-03")
    void neverUsesANumberAgainWhenOnlyItIsReplaced() throws Exception {
        serve("RQST_A", false, (request, rows) -> 0);
        dispatcher.join(cluster);
        Job before = send("RQST_A", LONG);
        wait(before);
        dispatcher.leave(cluster);
        dispatcher.join(cluster);
        Job after = send("RQST_A", LONG);
        assertEquals(1, wait(after).count(NodeState.OK));
        assertEquals(List.of(after, before), dispatcher.jobs());
        assertEquals(2, dispatcher.jobs().stream().map(Job::id).distinct().count());
    }

    @Test
    void saysInTheLogThatItsChannelIsTakenAndStaysWithoutCluster() throws Exception {
        dispatcher.join(cluster);
        DispatcherService second = new DispatcherService(Limits.defaults(), catalogue, witnesses.witness(), new Random(1));
        second.join(cluster);
        serve("RQST_A", false, (request, rows) -> 0);
        Order order = new Order("RQST_A", Map.of(), Selection.LOCAL, LONG, Pace.DEFAULT, EVA, "");
        assertEquals(ErrorCode.NOTREADY, code(() -> second.dispatch(order, JobListener.NONE)));
        assertEquals(NodeState.OK, ask("RQST_A", LONG).state());
    }

    @Test
    void sendsWhatCanBeReadOnTheOtherSide() throws Exception {
        serve("RQST_A", false, (request, rows) -> {
            rows.row(1);
            return 0;
        });
        dispatcher.join(cluster);
        cluster.members(true, new Member(1, "node1"));
        Key key = askedByNode1("RQST_A", 20_000, 1);
        await().until(() -> cluster.sent().size() == 1);
        assertEquals(new Message.End(key, 0, 0, 0, "", 1, List.of(List.of(1L))), decoded());
    }

    private Message decoded() throws WireException {
        assertEquals(1, cluster.sent().get(0).to());
        return Wire.decode(cluster.sent().get(0).payload());
    }

    @Test
    @Tag("R-CMD-17")
    void writesDownWhatIsAskedBeforeItIsSentAndItsAnswer() throws Exception {
        serve("RQST_WRITE", true, (request, rows) -> 0);
        dispatcher.join(cluster);
        ask("RQST_WRITE", LONG);
        String node = cluster.local().name();
        assertEquals(List.of("ASKED eva RQST_WRITE " + node + " 0", "STARTED eva RQST_WRITE " + node + " 0",
                "ENDED eva RQST_WRITE " + node + " 0", "ANSWERED eva RQST_WRITE " + node + " 0"), witnesses.lines());
        assertEquals(1, witnesses.entries().stream().map(entry -> entry.id()).distinct().count(), "under one id");
        assertEquals("1 ok", witnesses.entries().get(3).result());
    }

    @Test
    @Tag("R-CMD-17")
    void sendsNothingThatIsNotWrittenDown() throws Exception {
        serve("RQST_WRITE", true, (request, rows) -> 0);
        serve("RQST_READ", false, (request, rows) -> 0);
        dispatcher.join(cluster);
        witnesses.full(true);
        assertEquals(ErrorCode.NOAUDIT, code(() -> send("RQST_WRITE", LONG)));
        assertEquals(0, dispatcher.jobs().size());
        assertEquals(0, ask("RQST_READ", LONG).rcode());
        witnesses.full(false);
        assertEquals(0, ask("RQST_WRITE", LONG).rcode());
    }

    @Test
    @Tag("R-CMD-17")
    void writesDownARefusalBeforeItLooksAtAnythingElse() {
        serve("RQST_WRITE", true, (request, rows) -> 0);
        dispatcher.join(cluster);
        Caller bob = new Caller("bob", Set.of(Role.VIEWER), "rest", "10.0.0.1");
        Order order = new Order("RQST_WRITE", Map.of("nonsense", 1L), Selection.of("nobody"), LONG, Pace.DEFAULT, bob, "");
        assertEquals(ErrorCode.PRIVILEGES, code(() -> dispatcher.dispatch(order, JobListener.NONE)));
        assertEquals(ErrorCode.PRIVILEGES, code(() -> dispatcher.plan(order)));
        String line = "REFUSED bob RQST_WRITE nobody " + ErrorCode.PRIVILEGES.rcode();
        assertEquals(List.of(line, line), witnesses.lines());
    }

    @Test
    @Tag("R-CMD-17")
    void believesItsOwnFacesAndNobodyElseAboutTheRoles() throws Exception {
        serve("RQST_WRITE", true, (request, rows) -> 0);
        dispatcher.join(cluster);
        witnesses.known.put("eva", Set.of(Role.VIEWER));
        assertEquals(0, ask("RQST_WRITE", LONG).rcode(), "a face of this node has let her in");
    }
}
