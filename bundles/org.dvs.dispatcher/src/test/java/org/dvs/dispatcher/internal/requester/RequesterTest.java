package org.dvs.dispatcher.internal.requester;

import static java.util.stream.Collectors.joining;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

import org.dvs.api.Caller;
import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.api.Role;
import org.dvs.api.dispatch.Answer;
import org.dvs.api.dispatch.JobListener;
import org.dvs.api.dispatch.NodeAnswer;
import org.dvs.api.dispatch.NodeState;
import org.dvs.api.dispatch.Order;
import org.dvs.api.dispatch.Pace;
import org.dvs.api.dispatch.Plan;
import org.dvs.api.dispatch.Selection;
import org.dvs.api.request.Parameter;
import org.dvs.api.request.RequestSpec;
import org.dvs.api.request.ValueType;
import org.dvs.cluster.api.Member;
import org.dvs.cluster.api.View;
import org.dvs.dispatcher.internal.Counters;
import org.dvs.dispatcher.internal.Limits;
import org.dvs.dispatcher.internal.ManualLoop;
import org.dvs.dispatcher.internal.Settings;
import org.dvs.dispatcher.internal.Witnesses;
import org.dvs.dispatcher.internal.wire.Key;
import org.dvs.dispatcher.internal.wire.Message;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** Names finish the sentence "the requesting side …". */
class RequesterTest {
    private static final RequestSpec READ = RequestSpec.named("RQST_READ").command("test read").help("reads").manyRows()
            .parameter(Parameter.of("text", ValueType.TEXT, "any")).column("number", ValueType.INTEGER, "counts").build();
    private static final RequestSpec WRITE = RequestSpec.named("RQST_WRITE").command("test write").help("writes").changes().build();
    private static final Caller EVA = new Caller("eva", Set.of(Role.OPERATOR), "cli", "local");
    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    private final ManualLoop loop = new ManualLoop();
    private final Counters counters = new Counters();
    private final List<String> heard = new ArrayList<>();
    private Settings settings = Limits.defaults();
    private final JobStore store = new JobStore(() -> settings);
    private final Witnesses witnesses = new Witnesses();
    private final Requester requester =
            new Requester(new Member(0, "node0"), 0xabcL, loop, loop, () -> settings, counters, store,
                    witnesses.witness());

    private final JobListener listener = new JobListener() {
        @Override
        public void rows(String node, List<List<Object>> rows) {
            heard.add(node + rows);
        }

        @Override
        public void ended(NodeAnswer answer) {
            heard.add(answer.node() + " " + answer.state());
        }
    };

    private void view(boolean primary, int... ids) {
        View view = new View(1, Arrays.stream(ids).mapToObj(id -> new Member(id, "node" + id)).toList(), 0, primary);
        requester.heard(view);
        requester.view(view);
        loop.settle();
    }

    private static Order order(Duration timeout, Pace pace, String requestId) {
        return new Order("RQST_READ", Map.of(), Selection.ALL, timeout, pace, EVA, requestId);
    }

    private static Plan plan(RequestSpec spec, int targets) {
        return new Plan(spec, Map.of(), "*", IntStream.range(0, targets).mapToObj(id -> "node" + id).toList());
    }

    private DispatchJob ask(int targets, Duration timeout, Pace pace) throws DvsException {
        DispatchJob job = requester.dispatch(plan(READ, targets), order(timeout, pace, ""), "content", listener);
        loop.settle();
        return job;
    }

    private DispatchJob ask(int targets) throws DvsException {
        return ask(targets, TIMEOUT, Pace.DEFAULT);
    }

    private void rows(DispatchJob job, int node, int chunk, Object... values) {
        requester.rows(new Message.Rows(job.key(), node, chunk, Arrays.stream(values).map(List::of).toList()));
        loop.settle();
    }

    private void end(DispatchJob job, int node, int chunk, int rcode, int rowCount, Object... values) {
        requester.end(new Message.End(job.key(), node, chunk, rcode, rcode < 0 ? "why" : "", rowCount,
                Arrays.stream(values).map(List::of).toList()));
        loop.settle();
    }

    private void ok(DispatchJob job, int node) {
        end(job, node, 0, 0, 0);
    }

    private static void assertNode(Answer answer, int node, NodeState state, ErrorCode code, String detail) {
        NodeAnswer said = answer.nodes().get(node);
        assertEquals(state, said.state(), said.detail());
        assertEquals(code, said.error().orElse(null));
        assertTrue(said.detail().contains(detail), said.detail());
    }

    private List<Integer> asked(int message) {
        return loop.all(Message.Ask.class).get(message).targets();
    }

    private static ErrorCode refused(Executable call) {
        return assertThrows(DvsException.class, call).code();
    }

    @Test
    @Tag("R-CMD-05")
    void accumulatesRowsOfAllNodesIntoOneAnswer() throws Exception {
        view(true, 0, 1);
        DispatchJob job = ask(2);
        assertEquals("node0-abc-1", job.id());
        assertEquals(List.of(0, 1), asked(0));
        assertEquals(9_500, loop.all(Message.Ask.class).get(0).timeoutMs(), "the agents get a little less");
        rows(job, 1, 0, 1L, 2L);
        end(job, 0, 0, 7, 1, 5L);
        assertFalse(job.soFar().complete());
        assertEquals(1, job.soFar().nodes().size());
        assertFalse(job.answer().isDone());
        end(job, 1, 1, 0, 3, 3L);
        Answer answer = job.answer().join();
        assertTrue(answer.complete());
        assertEquals(2, answer.count(NodeState.OK));
        assertEquals(List.of(List.of(1L), List.of(2L), List.of(3L)), answer.nodes().get(1).rows());
        assertEquals(7, answer.nodes().get(0).rcode());
        assertEquals(0, answer.rcode());
        assertEquals(List.of("node1[[1], [2]]", "node0[[5]]", "node0 OK", "node1[[3]]", "node1 OK"), heard);
        assertEquals(0, requester.pending());
        assertEquals(0, requester.reservedBytes());
    }

    @Test
    @Tag("R-CMD-03")
    void numbersRequestsOfOneStart() throws Exception {
        view(true, 0);
        assertEquals(List.of(1L, 2L), List.of(ask(1).key().sequence(), ask(1).key().sequence()));
    }

    @Test
    @Tag("R-CMD-05")
    void endsTargetsOutsideTheViewAtOnceAndThoseThatLeaveWithTheView() throws Exception {
        view(true, 0, 1);
        DispatchJob job = ask(3);
        assertEquals(List.of(0, 1), asked(0));
        ok(job, 0);
        assertFalse(job.answer().isDone());
        view(true, 0);
        Answer answer = job.answer().join();
        assertNode(answer, 1, NodeState.SILENT, ErrorCode.NOTCONN, "left the cluster before it answered");
        assertNode(answer, 2, NodeState.SILENT, ErrorCode.DSTNOTRCH, "not in the cluster now");
        assertEquals(ErrorCode.NOTCONN.rcode(), answer.rcode(), "the error of the lowest failing node");
    }

    @Test
    @Tag("R-CMD-05")
    void endsAtTheDeadlineTellsTheSilentToStopAndDropsWhatComesLate() throws Exception {
        view(true, 0, 1);
        DispatchJob job = ask(2);
        rows(job, 1, 0, 1L);
        loop.time.run(TIMEOUT.minusMillis(1));
        assertFalse(job.answer().isDone());
        ok(job, 0);
        loop.time.run(Duration.ofMillis(1));
        Answer answer = job.answer().join();
        assertNode(answer, 1, NodeState.SILENT, ErrorCode.TIMEDOUT, "no answer within 10s");
        assertEquals(1, answer.nodes().get(1).rows().size(), "rows as far as they came");
        assertEquals(10_000, answer.elapsedMs());
        assertEquals(List.of(new ManualLoop.Out(1, new Message.Cancel(job.key(), Message.Reason.DEADLINE))),
                loop.sent.subList(1, loop.sent.size()));
        end(job, 1, 1, 0, 1);
        rows(job, 1, 1, 2L);
        assertEquals(2, counters.of(Counters.Event.LATE_REPLY));
        assertEquals(answer, job.answer().join());
    }

    @Test
    void sendsWithTimeoutZeroAndWaitsForNothing() throws Exception {
        view(true, 0, 1);
        DispatchJob job = ask(2, Duration.ZERO, Pace.DEFAULT);
        assertEquals(0, loop.all(Message.Ask.class).get(0).timeoutMs());
        Answer answer = job.answer().join();
        assertNode(answer, 0, NodeState.SILENT, ErrorCode.TIMEDOUT, "no answer within 0ms");
        assertEquals(2, answer.count(NodeState.SILENT));
        assertEquals(0, requester.pending());
    }

    @Test
    void cancelsOnceAndTellsTheNodesThatAreOut() throws Exception {
        view(true, 0, 1, 2);
        DispatchJob job = ask(3, TIMEOUT, new Pace(2, "", ""));
        ok(job, 0);
        assertEquals(List.of(2), asked(1));
        DispatchJob other = ask(3, TIMEOUT, new Pace(1, "", ""));
        assertTrue(other.cancel());
        assertFalse(other.cancel());
        loop.settle();
        Answer answer = other.answer().join();
        assertNode(answer, 0, NodeState.SILENT, ErrorCode.INTR, "cancelled before it answered");
        assertNode(answer, 1, NodeState.SKIPPED, ErrorCode.INTR, "not asked: cancelled");
        assertEquals(List.of(new Message.Cancel(other.key(), Message.Reason.CANCELLED)), loop.all(Message.Cancel.class));
        ok(job, 1);
        ok(job, 2);
        assertFalse(job.cancel(), "it has ended");
    }

    @Test
    void goesOnWhenTheLoopDoesNotHearThatAJobIsCancelled() throws Exception {
        view(true, 0, 1);
        DispatchJob job = ask(2, TIMEOUT, new Pace(1, "", ""));
        loop.takesNothing = true;
        assertFalse(job.cancel());
        loop.takesNothing = false;
        ok(job, 0);
        assertEquals(List.of(1), asked(1));
        assertTrue(job.cancel(), "it is not too late for another try");
        loop.settle();
        assertNode(job.answer().join(), 1, NodeState.SILENT, ErrorCode.INTR, "cancelled before it answered");
        DispatchJob other = ask(1);
        loop.takesNothing = true;
        assertFalse(other.cancel());
        loop.takesNothing = false;
        ok(other, 0);
        assertTrue(other.answer().isDone());
    }

    /** Nothing runs on the loop of these tests before it is told to settle: what comes is given to the job directly. */
    @Test
    void isCancelledByWhateverComesWhileTheLoopIsTooBusyToHearIt() throws Exception {
        view(true, 0, 1);
        DispatchJob job = ask(2, TIMEOUT, new Pace(1, "", ""));
        assertTrue(job.cancel());
        requester.end(new Message.End(job.key(), 0, 0, 0, "", 0, List.of()));
        assertTrue(job.answer().isDone());
        assertNode(job.answer().join(), 0, NodeState.OK, null, "");
        assertNode(job.answer().join(), 1, NodeState.SKIPPED, ErrorCode.INTR, "not asked: cancelled");
        DispatchJob last = ask(1);
        assertTrue(last.cancel());
        requester.end(new Message.End(last.key(), 0, 0, 0, "", 0, List.of()));
        assertNode(last.answer().join(), 0, NodeState.OK, null, "");
        loop.settle();
        assertEquals(0, requester.pending());
    }

    @Test
    void asksWaveAfterWaveWithinTheFanout() throws Exception {
        view(true, 0, 1, 2, 3, 4);
        DispatchJob job = ask(5, TIMEOUT, new Pace(2, "60%", ""));
        assertEquals(List.of(0, 1), asked(0));
        ok(job, 1);
        assertEquals(List.of(2), asked(1));
        ok(job, 0);
        assertEquals(2, loop.all(Message.Ask.class).size(), "the wave of three has not ended");
        ok(job, 2);
        assertEquals(List.of(3, 4), asked(2));
        ok(job, 3);
        ok(job, 4);
        assertEquals(5, job.answer().join().count(NodeState.OK));
    }

    @Test
    void givesUpAfterTooManyFailures() throws Exception {
        view(true, 0, 1, 3, 4);
        DispatchJob job = ask(5, TIMEOUT, new Pace(64, "1", "40%"));
        end(job, 0, 0, -38, 0);
        assertEquals(List.of(1), asked(1));
        ok(job, 1);
        Answer answer = job.answer().join();
        assertNode(answer, 0, NodeState.FAILED, ErrorCode.NOSYS, "why");
        assertNode(answer, 2, NodeState.SILENT, ErrorCode.DSTNOTRCH, "");
        assertNode(answer, 3, NodeState.SKIPPED, ErrorCode.MAXFAIL, "2 of 5 nodes had failed or were silent, the limit is 40%");
        assertEquals(2, loop.all(Message.Ask.class).size());
        DispatchJob zero = ask(2, TIMEOUT, new Pace(1, "", "0"));
        ok(zero, 0);
        assertEquals(List.of(1), asked(3), "0 lets the first ones through");
    }

    @Test
    void skipsThoseWhoWereNotAskedBeforeTheDeadline() throws Exception {
        view(true, 0, 1);
        DispatchJob job = ask(2, TIMEOUT, new Pace(1, "", ""));
        loop.time.run(TIMEOUT);
        assertNode(job.answer().join(), 1, NodeState.SKIPPED, ErrorCode.TIMEDOUT, "not asked within 10s");
    }

    @Test
    void saysWhyARequestCouldNotBeSent() throws Exception {
        view(true, 0, 1);
        loop.failure = new DvsException(ErrorCode.AGAIN, "flow control");
        Answer answer = ask(2).answer().join();
        assertNode(answer, 1, NodeState.SKIPPED, ErrorCode.AGAIN, "could not be sent: flow control");
    }

    @Test
    @Tag("R-CMD-06")
    void keepsTheRowsSoFarOfAReplyThatIsTooLarge() throws Exception {
        settings = Limits.bytes(1024, 1 << 20, 1 << 20);
        view(true, 0);
        DispatchJob job = ask(1);
        rows(job, 0, 0, LongStream.range(0, 100).boxed().toArray());
        rows(job, 0, 1, LongStream.range(0, 100).boxed().toArray());
        Answer answer = job.answer().join();
        assertNode(answer, 0, NodeState.FAILED, ErrorCode.MSGSIZE, "more than maxReplyBytes 1024");
        assertEquals(100, answer.nodes().get(0).rows().size());
        assertEquals(Message.Reason.TOO_LARGE, loop.all(Message.Cancel.class).get(0).reason());
    }

    @Test
    void boundsTheRowsOfAJobAndOfAllJobs() throws Exception {
        settings = Limits.bytes(2000, 2500, 4000);
        view(true, 0, 1);
        Object[] hundred = LongStream.range(0, 150).boxed().toArray();
        DispatchJob first = ask(2);
        rows(first, 0, 0, hundred);
        end(first, 1, 0, 0, 150, hundred);
        assertNode(first.soFar(), 0, NodeState.FAILED, ErrorCode.MSGSIZE, "maxJobBytes 2500");
        DispatchJob second = ask(1);
        rows(second, 0, 0, hundred);
        DispatchJob third = ask(1);
        rows(third, 0, 0, hundred);
        assertNode(third.answer().join(), 0, NodeState.FAILED, ErrorCode.MSGSIZE, "maxTotalBytes 4000");
        ok(first, 0);
        end(second, 0, 1, 0, 150);
        assertEquals(0, requester.reservedBytes());
    }

    @Test
    void noticesMissingPartsAndForeignColumns() throws Exception {
        view(true, 0, 1, 2);
        DispatchJob job = ask(3);
        rows(job, 0, 1, 1L);
        end(job, 1, 0, 0, 2, 1L);
        end(job, 2, 0, 0, 1, "text");
        Answer answer = job.answer().join();
        assertNode(answer, 0, NodeState.FAILED, ErrorCode.GENERIC, "a part of its answer is missing");
        assertNode(answer, 1, NodeState.FAILED, ErrorCode.GENERIC, "a part of its answer is missing");
        assertNode(answer, 2, NodeState.FAILED, ErrorCode.GENERIC, "do their versions differ?");
    }

    @Test
    void takesTheFailureOfANodeThatWasStoppedInTheMiddleOfItsRows() throws Exception {
        view(true, 0);
        DispatchJob job = ask(1);
        rows(job, 0, 0, 1L);
        end(job, 0, 0, ErrorCode.TIMEDOUT.rcode(), 0);
        assertNode(job.answer().join(), 0, NodeState.FAILED, ErrorCode.TIMEDOUT, "why");
        assertEquals(1, job.answer().join().nodes().get(0).rows().size());
    }

    @Test
    @Tag("R-CMD-07")
    void letsJobsBeyondTheBoundWaitAndRefusesOnlyWhatIsBeyondTheQueue() throws Exception {
        settings = Limits.jobs(2, 1);
        view(true, 0);
        DispatchJob first = ask(1);
        ask(1);
        DispatchJob third = ask(1);
        assertEquals(ErrorCode.AGAIN, refused(() -> ask(1)));
        assertEquals(1, counters.of(Counters.Event.REFUSED));
        assertEquals(2, loop.all(Message.Ask.class).size());
        ok(first, 0);
        assertEquals(third.key(), loop.all(Message.Ask.class).get(2).key());
        DispatchJob fourth = ask(1);
        loop.time.run(TIMEOUT);
        assertNode(fourth.answer().join(), 0, NodeState.SKIPPED, ErrorCode.TIMEDOUT, "not asked");
        assertEquals(0, requester.pending());
    }

    @Test
    void refusesBeforeItHasJoinedAndChangesWithoutMajority() throws Exception {
        assertEquals(ErrorCode.NOTREADY, refused(() -> ask(1)));
        view(false, 0);
        DvsException refused = assertThrows(DvsException.class, () ->
                requester.dispatch(plan(WRITE, 1), order(TIMEOUT, Pace.DEFAULT, ""), "", listener));
        assertEquals(ErrorCode.NOTREADY, refused.code());
        assertTrue(refused.getMessage().contains("RQST_WRITE changes something, and node0 has no majority"), refused.getMessage());
        ok(ask(1), 0);
        view(true, 0, 1);
        requester.dispatch(plan(WRITE, 1), order(TIMEOUT, Pace.DEFAULT, ""), "", listener);
    }

    @Test
    void givesTheSameJobToTheSameUserWithTheSameRequestId() throws Exception {
        view(true, 0);
        DispatchJob job = requester.dispatch(plan(READ, 1), order(TIMEOUT, Pace.DEFAULT, "id-1"), "a", JobListener.NONE);
        loop.settle();
        rows(job, 0, 0, 1L);
        end(job, 0, 1, 0, 1);
        assertSame(job, requester.dispatch(plan(READ, 1), order(TIMEOUT, Pace.DEFAULT, "id-1"), "a", listener));
        loop.settle();
        assertEquals(List.of("node0[[1]]", "node0 OK"), heard, "who comes later hears it from the start");
        DvsException conflict = assertThrows(DvsException.class, () ->
                requester.dispatch(plan(READ, 1), order(TIMEOUT, Pace.DEFAULT, "id-1"), "b", listener));
        assertEquals(ErrorCode.CONFLICT, conflict.code());
        assertTrue(conflict.getMessage().contains("'id-1' was used for job node0-abc-1"), conflict.getMessage());
        Order ofBob = new Order("RQST_READ", Map.of(), Selection.ALL, TIMEOUT, Pace.DEFAULT,
                new Caller("bob", Set.of(Role.VIEWER), "cli", "local"), "id-1");
        assertNotEquals(job, requester.dispatch(plan(READ, 1), ofBob, "b", listener));
        loop.settle();
        assertEquals(2, loop.all(Message.Ask.class).size());
    }

    private DispatchJob write(String requestId, JobListener hearer) throws DvsException {
        return requester.dispatch(plan(WRITE, 1), order(TIMEOUT, Pace.DEFAULT, requestId), "a", hearer);
    }

    /** Somebody who comes with the same request id while it is written down that the first one has come. */
    private AtomicReference<DispatchJob> secondWhileTheFirstIsWrittenDown(Consumer<DispatchJob> then) {
        AtomicReference<DispatchJob> second = new AtomicReference<>();
        witnesses.whileWriting = () -> {
            witnesses.whileWriting = () -> {
            };
            try {
                second.set(write("id-1", listener));
            } catch (DvsException e) {
                throw new AssertionError(e);
            }
            then.accept(second.get());
            loop.settle();
        };
        return second;
    }

    /** As after everything: one job has a place, a second one has not. */
    private void assertOnePlaceFree() throws DvsException {
        DispatchJob next = ask(1);
        assertEquals(ErrorCode.AGAIN, refused(() -> ask(1)), "no job was counted twice");
        ok(next, 0);
        assertEquals(0, requester.pending());
    }

    @Test
    @Tag("R-CMD-17")
    void endsAJobThatCannotBeWrittenDownAlsoForWhomItWasGivenToMeanwhile() throws Exception {
        settings = Limits.jobs(1, 0);
        view(true, 0);
        AtomicReference<DispatchJob> second = secondWhileTheFirstIsWrittenDown(job -> witnesses.full(true));
        assertEquals(ErrorCode.NOAUDIT, refused(() -> write("id-1", JobListener.NONE)));
        loop.settle();
        assertTrue(second.get().answer().isDone());
        assertNode(second.get().answer().join(), 0, NodeState.SKIPPED, ErrorCode.NOAUDIT, "not asked: no space left");
        assertEquals(List.of("node0 SKIPPED"), heard);
        assertFalse(second.get().cancel(), "it has ended");
        loop.settle();
        assertEquals(0, store.figures().targets(NodeState.SKIPPED), "nor is it a job of this node");
        assertEquals(List.of(), store.newestFirst());
        witnesses.full(false);
        assertOnePlaceFree();
        assertEquals(1, loop.all(Message.Ask.class).size());
    }

    @Test
    void endsAJobThatTheLoopDoesNotTakeAlsoForWhomItWasGivenToMeanwhile() throws Exception {
        settings = Limits.jobs(1, 0);
        view(true, 0);
        AtomicReference<DispatchJob> second = secondWhileTheFirstIsWrittenDown(job -> job.cancel());
        witnesses.whileWriting = both(witnesses.whileWriting, () -> loop.takesNothing = true);
        assertEquals(ErrorCode.NOTREADY, refused(() -> write("id-1", JobListener.NONE)));
        assertTrue(second.get().answer().isDone());
        assertNode(second.get().answer().join(), 0, NodeState.SKIPPED, ErrorCode.NOTREADY, "not asked: the dispatcher of node0");
        assertEquals(List.of("node0 SKIPPED"), heard);
        assertEquals("ANSWERED", witnesses.entries().get(1).step().name());
        loop.takesNothing = false;
        loop.settle();
        assertOnePlaceFree();
    }

    private static Runnable both(Runnable first, Runnable then) {
        return () -> {
            first.run();
            then.run();
        };
    }

    @Test
    void sendsNothingOfAJobThatWasCancelledBeforeItBegan() throws Exception {
        settings = Limits.jobs(1, 0);
        view(true, 0);
        AtomicReference<DispatchJob> second = secondWhileTheFirstIsWrittenDown(job -> assertTrue(job.cancel()));
        DispatchJob first = write("id-1", JobListener.NONE);
        loop.settle();
        assertSame(first, second.get());
        assertTrue(first.answer().isDone());
        assertNode(first.answer().join(), 0, NodeState.SKIPPED, ErrorCode.INTR, "not asked: cancelled");
        assertEquals("ASKED ANSWERED", witnesses.entries().stream().map(entry -> entry.step().name()).collect(joining(" ")));
        assertEquals(List.of(), loop.sent);
        assertEquals(0, requester.pending());
        assertOnePlaceFree();
    }

    @Test
    void refusesBadTimeoutsRequestIdsCallersAndSizes() throws Exception {
        view(true, 0);
        assertEquals(ErrorCode.BADRANGE, refused(() -> ask(1, Duration.ofMillis(-1), Pace.DEFAULT)));
        assertEquals(ErrorCode.BADRANGE, refused(() -> ask(1, Duration.ofDays(2), Pace.DEFAULT)));
        for (String bad : List.of("a b", "a\n", "x".repeat(129))) {
            assertEquals(ErrorCode.INVAL, refused(() ->
                    requester.dispatch(plan(READ, 1), order(TIMEOUT, Pace.DEFAULT, bad), "", listener)));
        }
        Plan large = new Plan(READ, Map.of("text", "x".repeat(1 << 20)), "node0", List.of("node0"));
        assertEquals(ErrorCode.TOOBIG, refused(() -> requester.dispatch(large, order(TIMEOUT, Pace.DEFAULT, ""), "", listener)));
        Order longName = new Order("RQST_READ", Map.of(), Selection.ALL, TIMEOUT, Pace.DEFAULT,
                new Caller("x".repeat(600), Set.of(), "cli", "local"), "");
        assertEquals(ErrorCode.INVAL, refused(() -> requester.dispatch(plan(READ, 1), longName, "", listener)));
        assertEquals(0, requester.pending());
        assertEquals(0, store.newestFirst().size());
    }

    @Test
    void keepsTheNewestJobsWithinTheirBytes() throws Exception {
        settings = Limits.kept(2, 2000);
        view(true, 0);
        List<DispatchJob> jobs = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            jobs.add(ask(1));
            ok(jobs.get(i), 0);
        }
        assertEquals(List.of(jobs.get(2), jobs.get(1)), store.newestFirst());
        assertTrue(store.job(jobs.get(0).id()).isEmpty());
        DispatchJob large = ask(1);
        end(large, 0, 0, 0, 300, LongStream.range(0, 300).boxed().toArray());
        assertEquals(List.of(large), store.newestFirst(), "the newest stays, whatever its size");
        ok(ask(1), 0);
        assertTrue(store.job(large.id()).isEmpty());
    }

    @Test
    void keepsAJobThatTookLongBeforeThoseThatEndedEarlier() throws Exception {
        settings = Limits.kept(2, 1 << 20);
        view(true, 0);
        DispatchJob slow = ask(1);
        DispatchJob first = ask(1);
        ok(first, 0);
        DispatchJob second = ask(1);
        ok(second, 0);
        ok(slow, 0);
        assertEquals(List.of(second, slow), store.newestFirst(), "its asker has not read it yet");
        assertTrue(store.job(first.id()).isEmpty());
    }

    @Test
    void goesOnWhenAListenerThrows() throws Exception {
        view(true, 0);
        DispatchJob job = requester.dispatch(plan(READ, 1), order(TIMEOUT, Pace.DEFAULT, ""), "", new JobListener() {
            @Override
            public void ended(NodeAnswer answer) {
                throw new IllegalStateException("a defect of the listener");
            }
        });
        loop.settle();
        ok(job, 0);
        assertEquals(1, job.answer().join().count(NodeState.OK));
        assertEquals(1, counters.of(Counters.Event.LISTENER_DEFECT));
    }

    @Test
    void endsAllJobsWhenThisNodeStops() throws Exception {
        settings = Limits.jobs(1, 1);
        view(true, 0);
        DispatchJob running = ask(1);
        DispatchJob waiting = ask(1);
        requester.stop();
        DispatchJob late = ask(1);
        assertNode(running.answer().join(), 0, NodeState.SILENT, ErrorCode.NOTCONN, "this node left the cluster");
        assertNode(waiting.answer().join(), 0, NodeState.SKIPPED, ErrorCode.NOTCONN, "");
        assertNode(late.answer().join(), 0, NodeState.SKIPPED, ErrorCode.NOTCONN, "");
        assertEquals(0, requester.pending());
    }

    @Test
    void dropsRepliesToNobody() {
        view(true, 0);
        requester.end(new Message.End(new Key(0, 0xabc, 99, "RQST_READ"), 0, 0, 0, "", 0, List.of()));
        assertEquals(1, counters.of(Counters.Event.LATE_REPLY));
    }

    @Test
    void listsNoJobThatTheNodeAskedForItself() throws DvsException {
        view(true, 0);
        Caller self = new Caller("console", Set.of(Role.VIEWER), Caller.INTERNAL, "local");
        Order order = new Order("RQST_READ", Map.of(), Selection.ALL, TIMEOUT, Pace.DEFAULT, self, "");
        DispatchJob job = requester.dispatch(plan(READ, 1), order, "content", listener);
        loop.settle();
        assertTrue(store.newestFirst().isEmpty(), "while it runs");

        ok(job, 0);

        assertTrue(job.answer().isDone());
        assertTrue(store.newestFirst().isEmpty(), "nor afterwards");
    }
}
