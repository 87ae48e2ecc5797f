package org.dvs.dispatcher.internal.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;

import org.dvs.api.Caller;
import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.api.Role;
import org.dvs.api.request.Parameter;
import org.dvs.api.request.RequestSpec;
import org.dvs.api.request.ValueType;
import org.dvs.cluster.api.Delivery;
import org.dvs.cluster.api.Member;
import org.dvs.cluster.api.View;
import org.dvs.dispatcher.internal.Counters;
import org.dvs.dispatcher.internal.HandlerCatalogue;
import org.dvs.dispatcher.internal.Limits;
import org.dvs.dispatcher.internal.ManualLoop;
import org.dvs.dispatcher.internal.Protocol;
import org.dvs.dispatcher.internal.Settings;
import org.dvs.dispatcher.internal.TestHandler;
import org.dvs.dispatcher.internal.Witnesses;
import org.dvs.dispatcher.internal.requester.JobStore;
import org.dvs.dispatcher.internal.requester.Requester;
import org.dvs.dispatcher.internal.wire.Key;
import org.dvs.dispatcher.internal.wire.Message;
import org.dvs.dispatcher.internal.wire.Wire;
import org.dvs.testkit.Logged;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Names finish the sentence "the executing side …". */
class AgentTest {
    private static final Caller EVA = new Caller("eva", Set.of(Role.OPERATOR), "cli", "local");
    private static final RequestSpec READ = RequestSpec.named("RQST_READ").alias("RQST_GETREAD").command("test read").help("reads")
            .manyRows().parameter(Parameter.of("size", ValueType.INTEGER, "how many").byDefault(1L).range(0, 100_000))
            .column("number", ValueType.INTEGER, "counts").column("text", ValueType.TEXT, "any")
            .column("part", ValueType.DECIMAL, "any").column("words", ValueType.TEXTS, "any").build();
    private static final RequestSpec WRITE = RequestSpec.named("RQST_WRITE").command("test write").help("writes").changes()
            .column("number", ValueType.INTEGER, "counts").build();

    /** Runs what it got when told to. */
    private static final class HeldWorkers implements Workers {
        final Deque<Runnable> tasks = new ArrayDeque<>();
        int maxQueued = 1000;

        @Override
        public boolean submit(Runnable task) {
            return tasks.size() < maxQueued && tasks.add(task);
        }

        @Override
        public void remove(Runnable task) {
            tasks.remove(task);
        }

        @Override
        public boolean replaceLost() {
            return true;
        }

        @Override
        public void cameBack() {
            throw new AssertionError("nothing was lost");
        }
    }

    private final ManualLoop loop = new ManualLoop();
    private final Counters counters = new Counters();
    private final HandlerCatalogue catalogue = new HandlerCatalogue();
    private final HeldWorkers queries = new HeldWorkers();
    private final HeldWorkers beside = new HeldWorkers();
    private final HeldWorkers changes = new HeldWorkers();
    private final List<String> handled = new ArrayList<>();
    private Settings settings = Limits.defaults();
    private final Witnesses witnesses = new Witnesses();
    private final Member local = new Member(1, "node1");
    private final Agent agent = new Agent(local, loop, loop, loop::sendNow, () -> settings, counters, catalogue,
            witnesses.witness(), key -> key.requester() == 1, new Pools(queries, beside, changes));
    private final Protocol protocol = new Protocol(local, 7,
            new Requester(local, 7, loop, loop, () -> settings, counters, new JobStore(() -> settings),
                    witnesses.witness()), agent, counters);
    private View view = new View(1, List.of(new Member(0, "node0"), local), 0, true);
    private long sequence;

    private void serve(RequestSpec spec, TestHandler.Body body) {
        catalogue.add(new TestHandler(spec, (request, rows) -> {
            handled.add(request.id());
            return body.handle(request, rows);
        }), 0, ++sequence);
    }

    private Message.Ask ask(String type, Caller caller, Map<String, Object> values) {
        return new Message.Ask(new Key(0, 0xa, ++sequence, type), 1000, List.of(0, 1), caller, "", values);
    }

    private void deliver(Message.Ask ask) {
        protocol.multicast(new Delivery(0, 0, view, Wire.encode(ask)));
    }

    private void deliver(Message.Cancel cancel) {
        protocol.direct(new Delivery(0, 0, view, Wire.encode(cancel)));
    }

    private void work() {
        List<Deque<Runnable>> pools = List.of(queries.tasks, beside.tasks, changes.tasks);
        while (pools.stream().anyMatch(tasks -> !tasks.isEmpty())) {
            pools.stream().filter(tasks -> !tasks.isEmpty()).findFirst().orElseThrow().remove().run();
        }
        loop.settle();
    }

    /** The end of the answer to this request. */
    private Message.End answer(String type, Caller caller, Map<String, Object> values) {
        deliver(ask(type, caller, values));
        work();
        return last();
    }

    private Message.End answer(String type) {
        return answer(type, EVA, Map.of());
    }

    private Message.End last() {
        ManualLoop.Out out = loop.sent.get(loop.sent.size() - 1);
        assertEquals(0, out.node(), "to the requester");
        return (Message.End) out.message();
    }

    private static void assertFailed(ErrorCode code, String detail, Message.End end) {
        assertEquals(code.rcode(), end.rcode(), end.detail());
        assertTrue(end.detail().contains(detail), end.detail());
    }

    @Test
    @Tag("R-CMD-04")
    void answersWithCodeRowsAndTheKeyOfTheRequest() {
        serve(READ, (request, rows) -> {
            assertTrue(request.id().matches("node0-a-[23]"));
            assertEquals(1000, request.timeLeft().toMillis());
            assertEquals(EVA, request.caller());
            rows.row(1, "a", 0.5f, List.of("x"));
            rows.row(null, null, null, null);
            return (int) request.number("size");
        });
        Message.End end = answer("RQST_READ");
        assertEquals(new Message.End(new Key(0, 0xa, 2, "RQST_READ"), 1, 0, 1, "", 2,
                List.of(Arrays.asList(1L, "a", 0.5, List.of("x")), Arrays.asList(null, null, null, null))), end);
        assertEquals(0, agent.pending());
        assertEquals(0, agent.timers());
        Message.End toAlias = answer("RQST_GETREAD");
        assertEquals("RQST_GETREAD", toAlias.key().type(), "an alias is answered under its own name");
        assertEquals(end.rows(), toAlias.rows());
    }

    @Test
    void answersWhatItCannotServeWithTheReason() {
        serve(READ, (request, rows) -> 0);
        serve(WRITE, (request, rows) -> 0);
        assertFailed(ErrorCode.NOSYS, "RQST_NONE is not offered here", answer("RQST_NONE"));
        assertFailed(ErrorCode.INVAL, "no parameter 'x'", answer("RQST_READ", EVA, Map.of("x", 1L)));
        assertFailed(ErrorCode.BADRANGE, "size", answer("RQST_READ", EVA, Map.of("size", -1L)));
        assertFailed(ErrorCode.BADVALUE, "size", answer("RQST_READ", EVA, Map.of("size", "many")));
        view = new View(2, view.members(), 0, false);
        assertFailed(ErrorCode.NOTREADY, "this node has no majority", answer("RQST_WRITE"));
        assertEquals(0, answer("RQST_READ").rcode(), "reading needs no majority");
        assertEquals(1, handled.size());
    }

    @Test
    void checksTheRoleOfTheCallerThatTheRequestCarries() {
        serve(WRITE, (request, rows) -> 0);
        Caller viewer = new Caller("bob\r\nFORGED", Set.of(Role.VIEWER), "rest", "10.0.0.1");
        Message.End end = answer("RQST_WRITE", viewer, Map.of());
        assertFailed(ErrorCode.PRIVILEGES, "RQST_WRITE needs role operator; bob\\r\\nFORGED has viewer", end);
        assertFailed(ErrorCode.PRIVILEGES, "has none", answer("RQST_WRITE", new Caller("x", Set.of(), "rest", ""), Map.of()));
        assertEquals(List.of(), handled);
    }

    @Test
    @Tag("R-CMD-17")
    void refusesAForgedRoleAndWritesItDown() {
        serve(WRITE, (request, rows) -> 0);
        serve(READ, (request, rows) -> 0);
        witnesses.known.put("bob", Set.of(Role.VIEWER));
        Caller forged = new Caller("bob", Set.of(Role.ADMIN), "cli", "10.0.0.1");
        assertFailed(ErrorCode.PRIVILEGES, "has not these roles here", answer("RQST_WRITE", forged, Map.of()));
        assertFailed(ErrorCode.PRIVILEGES, "has not these roles here", answer("RQST_READ", forged, Map.of()));
        Caller viewer = new Caller("bob", Set.of(Role.VIEWER), "cli", "10.0.0.1");
        assertFailed(ErrorCode.PRIVILEGES, "needs role operator", answer("RQST_WRITE", viewer, Map.of()));
        assertEquals(0, answer("RQST_READ", viewer, Map.of()).rcode());
        int no = ErrorCode.PRIVILEGES.rcode();
        assertEquals(List.of("REFUSED bob RQST_WRITE node1 " + no, "REFUSED bob RQST_READ node1 " + no,
                "REFUSED bob RQST_WRITE node1 " + no), witnesses.lines());
        assertEquals("node0", witnesses.entries().get(0).origin(), "who passed it on");
        assertEquals(1, handled.size());
    }

    @Test
    void letsNobodyWaitForAChangeThatRunsBesideOthersButKeepsItsRules() {
        RequestSpec slow = RequestSpec.named("RQST_LONG").command("test long").help("takes long").changes().besideOthers().build();
        serve(slow, (request, rows) -> 0);
        serve(WRITE, (request, rows) -> 0);
        deliver(ask("RQST_LONG", EVA, Map.of()));
        assertEquals("1 beside, 0 in turn, 0 that read",
                beside.tasks.size() + " beside, " + changes.tasks.size() + " in turn, " + queries.tasks.size() + " that read");
        work();
        assertEquals(List.of("STARTED eva RQST_LONG node1 0", "ENDED eva RQST_LONG node1 0"), witnesses.lines());
        assertFailed(ErrorCode.PRIVILEGES, "RQST_LONG needs role operator",
                answer("RQST_LONG", new Caller("bob", Set.of(Role.VIEWER), "cli", "local"), Map.of()));
        beside.maxQueued = 0;
        assertFailed(ErrorCode.AGAIN, "too many requests wait on this node", answer("RQST_LONG"));
        view = new View(2, List.of(local), 1, false);
        assertFailed(ErrorCode.NOTREADY, "this node has no majority", answer("RQST_LONG"));
    }

    @Test
    @Tag("R-CMD-17")
    void writesDownChangesBeforeTheyStartAndTheirEnd() {
        serve(WRITE, (request, rows) -> {
            assertEquals(List.of("STARTED eva RQST_WRITE node1 0"), witnesses.lines(), "before it is done");
            throw new DvsException(ErrorCode.BUSY, "busy");
        });
        serve(READ, (request, rows) -> 0);
        answer("RQST_READ");
        answer("RQST_WRITE");
        assertEquals(List.of("STARTED eva RQST_WRITE node1 0", "ENDED eva RQST_WRITE node1 " + ErrorCode.BUSY.rcode()),
                witnesses.lines());
        witnesses.full(true);
        assertFailed(ErrorCode.NOAUDIT, "no space left", answer("RQST_WRITE"));
        assertEquals(2, handled.size(), "not executed unaudited");
        assertEquals(0, answer("RQST_READ").rcode(), "reading goes on");
    }

    @Test
    void dropsMessagesInTheNameOfAnotherNodeOrByTheWrongWay() {
        serve(READ, (request, rows) -> 0);
        Message.Ask ask = ask("RQST_READ", EVA, Map.of());
        protocol.multicast(new Delivery(1, 0, view, Wire.encode(ask)));
        protocol.direct(new Delivery(1, 0, view, Wire.encode(new Message.Cancel(ask.key(), Message.Reason.CANCELLED))));
        protocol.direct(new Delivery(0, 0, view, Wire.encode(new Message.End(ask.key(), 1, 0, 0, "", 0, List.of()))));
        protocol.direct(new Delivery(0, 0, view, Wire.encode(new Message.Rows(ask.key(), 1, 0, List.of()))));
        assertEquals(4, counters.of(Counters.Event.IMPOSTOR));
        protocol.direct(new Delivery(0, 0, view, Wire.encode(ask)));
        protocol.multicast(new Delivery(0, 0, view, Wire.encode(new Message.Cancel(ask.key(), Message.Reason.CANCELLED))));
        protocol.multicast(new Delivery(0, 0, view, new byte[] {1, 1, 1}));
        protocol.direct(new Delivery(0, 0, view, new byte[0]));
        assertEquals(4, counters.of(Counters.Event.MALFORMED));
        protocol.direct(new Delivery(0, 0, view, Wire.encode(new Message.End(ask.key(), 0, 0, 0, "", 0, List.of()))));
        assertEquals(1, counters.of(Counters.Event.LATE_REPLY), "a reply to somebody else");
        work();
        assertEquals(List.of(), loop.sent);
    }

    @Test
    void answersARequestOfAnotherVersionOfTheProtocol() {
        byte[] bytes = Wire.encode(ask("RQST_READ", EVA, Map.of()));
        bytes[0] = 9;
        protocol.multicast(new Delivery(0, 0, view, bytes));
        assertFailed(ErrorCode.NOSYS, "node1 does not speak this: version 9, spoken here is 1", last());
    }

    @Test
    void ignoresRequestsToOthers() {
        serve(READ, (request, rows) -> 0);
        deliver(new Message.Ask(new Key(0, 1, 1, "RQST_READ"), 1000, List.of(0, 2), EVA, "", Map.of()));
        work();
        assertEquals(List.of(), loop.sent);
    }

    @Test
    @Tag("R-CMD-02")
    void repeatsTheReplyToARequestThatComesAgainWithoutExecutingIt() {
        serve(READ, (request, rows) -> {
            for (int i = 0; i < 300; i++) {
                rows.row(i, "", 0.0, List.of());
            }
            return 0;
        });
        Message.Ask ask = ask("RQST_READ", EVA, Map.of());
        deliver(ask);
        deliver(ask);
        work();
        List<ManualLoop.Out> reply = List.copyOf(loop.sent);
        assertEquals(2, reply.size());
        deliver(ask);
        work();
        assertEquals(reply, loop.sent.subList(2, 4));
        assertEquals(2, counters.of(Counters.Event.DUPLICATE));
        assertEquals(1, handled.size());
        for (int i = 0; i < ReplyCache.MAX_KEYS; i++) {
            answer("RQST_READ");
        }
        handled.clear();
        deliver(ask);
        work();
        assertEquals(1, handled.size(), "older than the last 256 it is new again");
    }

    @Test
    @Tag("R-CMD-06")
    void sendsLongAnswersInBoundedChunksInOrder() {
        settings = Limits.chunks(1024, 10);
        serve(READ, (request, rows) -> {
            for (int i = 0; i < 25; i++) {
                rows.row(i, i == 12 ? "x".repeat(5000) : "", null, null);
            }
            return 0;
        });
        Message.End end = answer("RQST_READ");
        List<Message.Rows> chunks = loop.all(Message.Rows.class);
        assertEquals(List.of(0, 1, 2, 3), chunks.stream().map(Message.Rows::chunk).toList());
        assertEquals(List.of(10, 2, 1, 10), chunks.stream().map(chunk -> chunk.rows().size()).toList());
        assertEquals(2, end.rows().size());
        assertEquals(4, end.chunk());
        assertEquals(25, end.rowCount());
    }

    @Test
    @Tag("R-CMD-06")
    void doesNotHoldRowsBackWhileTheHandlerTakesItsTime() {
        serve(READ, (request, rows) -> {
            rows.row(1, "", null, null);
            loop.time.run(Duration.ofMillis(200));
            rows.row(2, "", null, null);
            assertEquals(1, loop.all(Message.Rows.class).size());
            return 0;
        });
        assertEquals(1, answer("RQST_READ").chunk());
    }

    @Test
    @Tag("R-CMD-06")
    void endsAnAnswerThatIsTooLargeWhateverTheHandlerMakesOfIt() {
        settings = Limits.bytes(2000, 1 << 20, 1 << 20);
        serve(READ, (request, rows) -> {
            for (int i = 0; i < 1000; i++) {
                try {
                    rows.row(i, "x".repeat(50), null, null);
                } catch (DvsException e) {
                    assertEquals(ErrorCode.MSGSIZE, e.code());
                }
            }
            return 0;
        });
        Message.End end = answer("RQST_READ");
        assertFailed(ErrorCode.MSGSIZE, "more than maxReplyBytes 2000 after " + end.rowCount() + " rows", end);
        assertEquals(30, end.rowCount());
        assertEquals(30, end.rows().size());
    }

    @Test
    void answersAHandlersFailureWithItsCodeAndADefectWithOneSentence() throws Exception {
        Map<String, TestHandler.Body> bodies = Map.of(
                "too few", (request, rows) -> {
                    rows.row(1);
                    return 0;
                },
                "wrong type", (request, rows) -> {
                    rows.row("x", "", null, null);
                    return 0;
                },
                "not finite", (request, rows) -> {
                    rows.row(1, "", Double.NaN, null);
                    return 0;
                },
                "no texts", (request, rows) -> {
                    rows.row(1, "", null, List.of(1));
                    return 0;
                },
                "negative", (request, rows) -> -3,
                "exception", (request, rows) -> {
                    throw new IllegalStateException("secret");
                },
                "error", (request, rows) -> {
                    throw new NoClassDefFoundError("secret");
                });
        for (String name : bodies.keySet()) {
            TestHandler handler = new TestHandler(READ, bodies.get(name));
            catalogue.add(handler, 0, 1);
            AtomicReference<Message.End> end = new AtomicReference<>();
            String logged = Logged.during(() -> end.set(answer("RQST_READ")));
            assertFailed(ErrorCode.GENERIC, "the handler of RQST_READ has a defect; the log of this node has the details under node0-a",
                    end.get());
            assertFalse(end.get().detail().contains("secret"), name);
            assertTrue(logged.contains("ERROR") && logged.contains("the handler of RQST_READ"), logged);
            assertEquals(name.startsWith("e"), logged.contains(": secret\n\tat "), logged);
            catalogue.remove(handler);
        }
        assertEquals(bodies.size(), counters.of(Counters.Event.HANDLER_DEFECT));
        serve(READ, (request, rows) -> {
            throw new DvsException(ErrorCode.NOENT, "/etc/none is not there\u001b[31m");
        });
        assertFailed(ErrorCode.NOENT, "/etc/none is not there\\x1b[31m", answer("RQST_READ"));
    }

    @Test
    void refusesASecondRowOfARequestThatSaysOne() {
        serve(WRITE, (request, rows) -> {
            rows.row(1);
            rows.row(2);
            return 0;
        });
        Message.End end = answer("RQST_WRITE");
        assertFailed(ErrorCode.GENERIC, "defect", end);
        assertEquals(1, end.rows().size());
    }

    @Test
    @Tag("R-CMD-07")
    void answersAgainWhenItsQueueIsFull() {
        serve(READ, (request, rows) -> 0);
        serve(WRITE, (request, rows) -> 0);
        queries.maxQueued = 0;
        assertFailed(ErrorCode.AGAIN, "too many requests wait on this node", answer("RQST_READ"));
        assertEquals(0, answer("RQST_WRITE").rcode(), "changes have a queue of their own");
        assertEquals(1, counters.of(Counters.Event.REFUSED));
    }

    @Test
    void answersTimedOutAtTheDeadlineAndNeverStartsWhatHasNoTimeLeft() {
        serve(READ, (request, rows) -> 0);
        deliver(ask("RQST_READ", EVA, Map.of()));
        loop.time.run(Duration.ofSeconds(1));
        assertFailed(ErrorCode.TIMEDOUT, "RQST_READ was stopped at its deadline after 1000ms", last());
        assertEquals(0, queries.tasks.size(), "it does not take a place in the queue any more");
        deliver(new Message.Ask(new Key(0, 1, 1, "RQST_READ"), 0, List.of(1), EVA, "", Map.of()));
        assertFailed(ErrorCode.TIMEDOUT, "no time left", last());
        loop.time.run(Duration.ofMinutes(1));
        assertEquals(List.of(), handled);
        assertEquals(1, counters.of(Counters.Event.HANDLER_TIMEOUT));
        assertEquals(0, counters.of(Counters.Event.STUCK_WORKER));
        assertEquals(0, agent.pending());
    }

    @Test
    @Tag("R-CMD-02")
    void keepsTheReplyOfAHandlerThatReturnedWhileTheLoopTookNothing() {
        serve(READ, (request, rows) -> {
            loop.takesNothing = true;
            return 3;
        });
        Message.Ask ask = ask("RQST_READ", EVA, Map.of());
        deliver(ask);
        work();
        Message.End end = last();
        assertEquals(3, end.rcode());
        assertEquals(1, agent.pending());
        loop.takesNothing = false;
        loop.time.run(Duration.ofSeconds(1));
        assertEquals(0, agent.pending());
        assertEquals(0, agent.timers());
        assertEquals(0, counters.of(Counters.Event.HANDLER_TIMEOUT));
        assertEquals(1, loop.sent.size());
        deliver(ask);
        assertEquals(end, last());
        assertEquals(2, loop.sent.size(), "it came again, and its answer is known");
    }

    @Test
    void tellsAHandlerThatItWasCalledOff() {
        Message.Ask ask = ask("RQST_READ", EVA, Map.of());
        serve(READ, (request, rows) -> {
            deliver(new Message.Cancel(ask.key(), Message.Reason.DEADLINE));
            assertTrue(Thread.currentThread().isInterrupted());
            DvsException e = assertThrows(DvsException.class, () -> rows.row(1, "", null, null));
            assertEquals(ErrorCode.INTR, e.code());
            return 0;
        });
        deliver(ask);
        work();
        assertFalse(Thread.currentThread().isInterrupted(), "the interruption does not hit the next one");
        assertEquals(List.of(), loop.sent, "nobody is there to hear it");
        assertEquals(1, counters.of(Counters.Event.CALLED_OFF));
        assertEquals(0, agent.pending());
    }

    @Test
    @Tag("R-CMD-17")
    void doesNotStartAChangeThatWasCalledOffWhileItsStartWasWrittenDown() {
        serve(WRITE, (request, rows) -> 0);
        Message.Ask cancelled = ask("RQST_WRITE", EVA, Map.of());
        witnesses.whileWriting = () -> deliver(new Message.Cancel(cancelled.key(), Message.Reason.CANCELLED));
        deliver(cancelled);
        work();
        assertFalse(Thread.currentThread().isInterrupted());
        assertEquals(List.of(), loop.sent);
        int rcode = ErrorCode.INTR.rcode();
        assertEquals(List.of("ENDED eva RQST_WRITE node1 " + rcode, "STARTED eva RQST_WRITE node1 0",
                "ENDED eva RQST_WRITE node1 " + rcode), witnesses.lines(), "nothing looks as if it still ran");
        assertEquals("not started: cancelled", witnesses.entries().get(2).result());
        witnesses.whileWriting = () -> loop.time.run(Duration.ofSeconds(1));
        assertFailed(ErrorCode.TIMEDOUT, "RQST_WRITE was stopped at its deadline", answer("RQST_WRITE"));
        assertEquals(List.of(), handled, "whoever asked was told that it is not done");
        assertEquals(0, agent.pending());
    }

    @Test
    void remembersACancelThatOvertookItsRequest() {
        serve(READ, (request, rows) -> 0);
        Message.Ask ask = ask("RQST_READ", EVA, Map.of());
        deliver(new Message.Cancel(ask.key(), Message.Reason.CANCELLED));
        deliver(ask);
        work();
        assertFailed(ErrorCode.INTR, "cancelled before it started", last());
        assertEquals(List.of(), handled);
    }

    @Test
    @Tag("R-CMD-05")
    void callsOffTheRequestsOfANodeThatLeft() {
        serve(READ, (request, rows) -> 0);
        serve(WRITE, (request, rows) -> 0);
        deliver(ask("RQST_READ", EVA, Map.of()));
        deliver(ask("RQST_WRITE", EVA, Map.of()));
        view = new View(2, List.of(local), 1, true);
        protocol.view(view);
        assertEquals(0, agent.pending());
        work();
        assertEquals(List.of(), handled);
        assertEquals(List.of(), loop.sent);
        assertEquals(2, counters.of(Counters.Event.CALLED_OFF));
    }

    @Test
    void doesNotStartAHandlerThatHasGoneMeanwhile() {
        TestHandler handler = new TestHandler(READ, (request, rows) -> {
            throw new AssertionError("called");
        });
        catalogue.add(handler, 0, 1);
        deliver(ask("RQST_READ", EVA, Map.of()));
        catalogue.remove(handler);
        work();
        assertFailed(ErrorCode.NOSYS, "not offered here any more", last());
    }

    @Test
    void endsTheWorkOfARequesterThatCannotBeReached() {
        serve(READ, (request, rows) -> {
            for (int i = 0; i < 1000; i++) {
                rows.row(i, "", null, null);
            }
            return 0;
        });
        loop.failure = new DvsException(ErrorCode.DSTNOTRCH, "node0 is not in the view");
        deliver(ask("RQST_READ", EVA, Map.of()));
        work();
        assertEquals(1, counters.of(Counters.Event.SEND_FAILURE));
        assertEquals(0, agent.pending());
    }

    @Test
    void tellsRequestersThatItStops() {
        serve(READ, (request, rows) -> 0);
        deliver(ask("RQST_READ", EVA, Map.of()));
        agent.stop();
        assertFailed(ErrorCode.NOTCONN, "the dispatcher of this node stops", last());
        deliver(ask("RQST_READ", EVA, Map.of()));
        work();
        assertEquals(2, loop.sent.size(), "also those whose request was still on its way to it");
        assertFailed(ErrorCode.NOTCONN, "the dispatcher of this node stops", last());
        assertEquals(0, agent.pending());
    }
}
