package org.dvs.kernel.internal.ipc;

import static org.dvs.kernel.api.Endpoint.FOREVER;
import static org.dvs.kernel.api.EndpointNumbers.ANY;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.kernel.api.AsyncEndpoint;
import org.dvs.kernel.api.DvsHandler;
import org.dvs.kernel.api.Message;
import org.dvs.kernel.api.ProcessFlags;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Programs without a thread of their own. */
@Tag("R-CMD-14")
class HandlerTest {
    private final Nodes nodes = new Nodes(2);
    private final KernelCore kernel = nodes.kernel(0);
    private final Program a = nodes.bind(0, 10);
    private final Program b = nodes.bind(0, 11);
    private final List<Integer> handled = new ArrayList<>();

    HandlerTest() throws DvsException {
    }

    private AsyncEndpoint handler(int endpoint, DvsHandler handler) throws DvsException {
        return kernel.bindHandler(Nodes.DC, endpoint, "h" + endpoint, handler);
    }

    private AsyncEndpoint recorder(int endpoint) throws DvsException {
        return handler(endpoint, (message, self) -> handled.add(message.getInt(Message.M1_I1)));
    }

    @Test
    void areCalledWithEachMessageInOrderAndReceiveAgain() throws DvsException {
        AsyncEndpoint h = recorder(20);
        for (int i = 0; i < 100; i++) {
            a.send(20, i).ok();
            assertEquals(i + 1, handled.size());
            assertEquals(i, handled.get(i));
        }
        assertEquals(ProcessFlags.RECEIVING, kernel.process(Nodes.DC, 20).flags());
        assertEquals(ANY, kernel.process(Nodes.DC, 20).getFrom());
        assertEquals(20, h.number());
        assertEquals("h20", h.name());
        assertEquals(Nodes.DC, h.dcid());
    }

    @Test
    void answerRequestsAtOnce() throws DvsException {
        handler(20, (message, self) -> self.reply(message.source(),
                message.putInt(Message.M1_I1, message.getInt(Message.M1_I1) * 2)));
        a.sendrec(20, 21).brings(20, 42);
    }

    @Test
    void mayPassARequestOnAndAnswerWhenItHasItsOwnAnswer() throws DvsException {
        handler(21, (message, self) -> self.reply(message.source(),
                message.putInt(Message.M1_I1, message.getInt(Message.M1_I1) + 1)));
        handler(20, (message, self) -> {
            int client = message.source();
            Message on = new Message().set(message);
            self.sendrec(21, on, FOREVER, rcode -> {
                assertEquals(0, rcode);
                self.reply(client, on);
            });
        });
        a.sendrec(20, 1).brings(20, 2);
    }

    @Test
    void areHandedNothingWhileACallOfTheirsIsUnderWay() throws DvsException {
        Heard[] asked = new Heard[1];
        handler(20, (message, self) -> {
            handled.add(message.getInt(Message.M1_I1));
            if (message.getInt(Message.M1_I1) == 1) {
                asked[0] = new Heard("sendrec", TestKernels.message(9));
                self.sendrec(11, asked[0].message, FOREVER, asked[0]);
                self.notify(11, FOREVER, rcode -> handled.add(rcode));
            }
        });
        a.send(20, 1).ok();
        Heard second = a.send(20, 2).waits();
        assertEquals(List.of(1, ErrorCode.PROCRUN.rcode()), handled);
        b.receive().brings(20, 9);
        second.waits();
        b.reply(20, 10).ok();
        asked[0].brings(11, 10);
        second.ok();
        assertEquals(List.of(1, ErrorCode.PROCRUN.rcode(), 2), handled);
    }

    @Test
    void areNotEnteredAgainByWhatTheyCause() throws DvsException {
        AtomicInteger depth = new AtomicInteger();
        AtomicInteger deepest = new AtomicInteger();
        for (int i = 0; i < 2; i++) {
            int next = 20 + 1 - i;
            handler(20 + i, (message, self) -> {
                deepest.accumulateAndGet(depth.incrementAndGet(), Math::max);
                int left = message.getInt(Message.M1_I1);
                if (left > 0) {
                    self.send(next, TestKernels.message(left - 1), FOREVER, rcode -> handled.add(rcode));
                }
                depth.decrementAndGet();
            });
        }
        a.send(20, 10_000);
        while (handled.size() < 10_000) {
            List<Runnable> handed = nodes.takeHanded();
            assertFalse(handed.isEmpty(), "stuck after " + handled.size());
            handed.forEach(Runnable::run);
        }
        assertEquals(1, deepest.get());
        assertTrue(handled.stream().allMatch(rcode -> rcode == 0));
    }

    @Test
    void leaveABackLogToAThreadOfTheKernel() throws DvsException {
        AsyncEndpoint[] self = new AsyncEndpoint[1];
        AtomicInteger calls = new AtomicInteger();
        self[0] = handler(20, (message, me) -> {
            handled.add(message.getInt(Message.M1_I1));
            if (message.getInt(Message.M1_I1) == -1) {
                me.sendrec(11, TestKernels.message(0), FOREVER, rcode -> calls.incrementAndGet());
            }
        });
        a.send(20, -1).ok();
        List<Heard> sent = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            sent.add(nodes.bind(0, 30 + i).sendrec(20, i));
        }
        b.receive();
        b.reply(20, 1).ok();
        assertEquals(1, calls.get());
        assertEquals(1 + 8, handled.size(), "the thread that woke it is kept no longer");
        List<Runnable> handed = nodes.takeHanded();
        assertEquals(1, handed.size());
        handed.get(0).run();
        assertEquals(31, handled.size());
        for (int i = 0; i < 30; i++) {
            assertEquals(i, handled.get(i + 1));
        }
    }

    @Test
    void thatFailGoOnWithTheNextMessage() throws DvsException {
        handler(20, (message, self) -> {
            int number = message.getInt(Message.M1_I1);
            handled.add(number);
            if (number == 1) {
                throw new IllegalStateException("planted: a defect in a handler");
            }
            if (number == 2) {
                throw new NoClassDefFoundError("planted: a class that went with its bundle");
            }
            if (number == 3) {
                self.sendrec(10, null, FOREVER, rcode -> { });
            }
        });
        for (int i = 1; i <= 4; i++) {
            a.send(20, i).ok();
        }
        assertEquals(List.of(1, 2, 3, 4), handled);
    }

    @Test
    void whoseCompletionFailsGoOnWithTheNextMessage() throws DvsException {
        handler(20, (message, self) -> {
            handled.add(message.getInt(Message.M1_I1));
            self.notify(11, FOREVER, rcode -> {
                throw new IllegalStateException("planted: a defect in a completion");
            });
        });
        handler(21, (message, self) -> {
            handled.add(message.getInt(Message.M1_I1));
            self.sendrec(10, TestKernels.message(5), FOREVER, rcode -> {
                throw new NoClassDefFoundError("planted: a class that went with its bundle");
            });
        });
        a.send(20, 1).ok();
        a.send(20, 2).ok();
        a.send(21, 3).ok();
        a.receive().brings(21, 5);
        a.reply(21, 6).ok();
        a.send(21, 4).ok();
        assertEquals(List.of(1, 2, 3, 4), handled);
    }

    @Test
    void doNotReceiveForThemselves() throws DvsException {
        handler(20, (message, self) -> {
            self.receive(ANY, new Message(), FOREVER, rcode -> handled.add(rcode));
            self.rcvrqst(new Message(), FOREVER, rcode -> handled.add(rcode));
        });
        a.send(20, 1).ok();
        assertEquals(List.of(ErrorCode.PROCRUN.rcode(), ErrorCode.PROCRUN.rcode()), handled);
    }

    @Test
    void thatAreUsedFromOutsideWhileTheyWaitRefuseAndGoOn() throws DvsException {
        AsyncEndpoint h = recorder(20);
        Heard outside = new Heard("notify", null);
        h.notify(11, FOREVER, outside);
        outside.fails(ErrorCode.PROCRUN);
        a.send(20, 1).ok();
        assertEquals(List.of(1), handled);
        assertEquals(ProcessFlags.RECEIVING, kernel.process(Nodes.DC, 20).flags());
    }

    @Test
    void thatAreUsedFromOutsideAtTheWrongMomentGoOn() throws DvsException {
        AsyncEndpoint[] h = new AsyncEndpoint[1];
        Heard outside = new Heard("sendrec", TestKernels.message(9));
        h[0] = handler(20, (message, self) -> {
            handled.add(message.getInt(Message.M1_I1));
            if (message.getInt(Message.M1_I1) == 1) {
                Thread other = new Thread(() -> h[0].sendrec(11, outside.message, FOREVER, outside));
                other.start();
                try {
                    other.join(TestKernels.LIMIT_MS);
                } catch (InterruptedException e) {
                    throw new AssertionError(e);
                }
            }
        });
        a.send(20, 1).ok();
        Heard second = a.send(20, 2).waits();
        b.receive().brings(20, 9);
        b.reply(20, 10).ok();
        outside.brings(11, 10);
        second.ok();
        a.send(20, 3).ok();
        assertEquals(List.of(1, 2, 3), handled);
    }

    @Test
    void takeNotificationsAndLeaveWakeupsOut() throws DvsException {
        handler(20, (message, self) -> handled.add(message.type()));
        a.tell(20).ok();
        kernel.wakeup(Nodes.DC, 20);
        b.tell(20).ok();
        assertEquals(List.of(Message.NOTIFY | 10, Message.NOTIFY | 11), handled);
    }

    @Test
    void areCalledForMessagesFromAfarAndAnswerThere() throws DvsException {
        nodes.kernel(1).bindHandler(Nodes.DC, 20, "h20", (message, self) -> {
            int client = message.source();
            Message answer = new Message().set(message).putInt(Message.M1_I1, message.getInt(Message.M1_I1) + 1);
            if (self.reply(client, answer) == ErrorCode.RMTPROC.rcode()) {
                self.reply(client, answer, FOREVER, rcode -> handled.add(rcode));
            }
        });
        kernel.rmtbind(Nodes.DC, 20, "h20", 1);
        for (int i = 0; i < 10; i++) {
            Heard asked = a.sendrec(20, i);
            nodes.settle();
            asked.brings(20, i + 1);
        }
        assertEquals(10, handled.size());
        assertTrue(handled.stream().allMatch(rcode -> rcode == 0));
    }

    @Test
    void endWhenTheyAreAskedTo() throws DvsException {
        recorder(20);
        Heard unbound = a.unbind(20, 1_000);
        unbound.ok();
        assertEquals(ProcessFlags.SLOT_FREE, kernel.process(Nodes.DC, 20).flags());
        AsyncEndpoint h = recorder(21);
        Heard sent = nodes.bind(0, 40).sendrec(21, 1);
        h.close();
        sent.fails(ErrorCode.SRCDIED);
        h.close();
        a.send(21, 1).fails(ErrorCode.DSTDIED);
    }

    @Test
    void endWithTheirDc() throws DvsException {
        AsyncEndpoint h = recorder(20);
        kernel.dcEnd(Nodes.DC);
        Heard sent = new Heard("send", new Message());
        h.send(10, sent.message, FOREVER, sent);
        sent.fails(ErrorCode.DCNOTRUN);
        assertTrue(nodes.takeHanded().isEmpty());
    }

    @Test
    void mayUnbindThemselvesWhileTheyHandle() throws DvsException {
        handler(20, (message, self) -> self.close());
        Heard asked = a.sendrec(20, 1);
        asked.fails(ErrorCode.SRCDIED);
        assertEquals(ProcessFlags.SLOT_FREE, kernel.process(Nodes.DC, 20).flags());
    }
}
