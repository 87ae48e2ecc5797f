package org.dvs.kernel.internal.gate;

import static org.awaitility.Awaitility.await;
import static org.dvs.kernel.api.Endpoint.FOREVER;
import static org.dvs.kernel.api.Endpoint.NOWAIT;
import static org.dvs.kernel.api.EndpointNumbers.ANY;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

import org.dvs.api.ErrorCode;
import org.dvs.client.DvsClient;
import org.dvs.kernel.api.AsyncEndpoint;
import org.dvs.kernel.api.Completion;
import org.dvs.kernel.api.Endpoint;
import org.dvs.kernel.api.IpcException;
import org.dvs.kernel.api.Message;
import org.dvs.kernel.api.ProcessFlags;
import org.dvs.kernel.api.gate.GateOp;
import org.dvs.testkit.Background;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Programs outside whose calls are begun and told. Names finish the sentence "an endpoint with callbacks …". */
@Tag("R-CMD-14")
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class CallbackTest {
    private static final long LIMIT_MS = 20_000;
    private static final Duration LIMIT = Duration.ofMillis(LIMIT_MS);
    private static final int SELF = 10;
    private static final int PEER = 11;

    @TempDir
    Path folder;
    private TestGate gate;
    private final Logger logger = Logger.getLogger("org.dvs.client");
    private final Queue<LogRecord> logged = new ConcurrentLinkedQueue<>();
    private final BlockingQueue<Integer> ends = new ArrayBlockingQueue<>(1_000);

    @BeforeEach
    void open() throws Exception {
        gate = new TestGate(folder);
        logger.setFilter(entry -> !logged.add(entry));
    }

    @AfterEach
    void close() throws Exception {
        logger.setFilter(null);
        gate.close();
    }

    private Endpoint peer() throws IpcException {
        return gate.client().bind(0, PEER, "peer");
    }

    private AsyncEndpoint self() throws IpcException {
        return gate.client().bindAsync(0, SELF, "self");
    }

    private int end() throws InterruptedException {
        Integer end = ends.poll(LIMIT_MS, TimeUnit.MILLISECONDS);
        return end == null ? 1 : end;
    }

    private void awaitFree() {
        await().atMost(LIMIT).until(() -> gate.kernel.process(0, SELF).isFree());
    }

    private void awaitReceiving(int endpoint) {
        await().atMost(LIMIT).until(() -> (gate.kernel.process(0, endpoint).flags() & ProcessFlags.RECEIVING) != 0);
    }

    // ---- threads and order

    @Test
    void tellsEveryEndOnOneThreadOfItsOwn() throws Exception {
        AsyncEndpoint self = self();
        BlockingQueue<Thread> threads = new ArrayBlockingQueue<>(2);
        for (int i = 0; i < 2; i++) {
            self.receive(ANY, new Message(), NOWAIT, rcode -> {
                threads.add(Thread.currentThread());
                ends.add(rcode);
            });
            assertEquals(ErrorCode.AGAIN.rcode(), end());
        }
        Thread first = threads.take();
        assertSame(first, threads.take());
        assertNotSame(Thread.currentThread(), first);
        self.close();
    }

    @Test
    void beginsTheNextCallWithinTheEndOfTheOneBefore() throws Exception {
        AsyncEndpoint self = self();
        AtomicInteger left = new AtomicInteger(500);
        Completion again = new Completion() {
            @Override
            public void completed(int rcode) {
                if (left.getAndDecrement() > 0) {
                    self.receive(ANY, new Message(), NOWAIT, this);
                } else {
                    ends.add(rcode);
                }
            }
        };
        self.receive(ANY, new Message(), NOWAIT, again);
        assertEquals(ErrorCode.AGAIN.rcode(), end());
        self.close();
    }

    @Test
    void takesACallOfAnInterruptedThreadAndLeavesItInterrupted() throws Exception {
        AsyncEndpoint self = self();
        Thread.currentThread().interrupt();
        self.receive(ANY, new Message(), NOWAIT, ends::add);
        assertTrue(Thread.interrupted());
        assertEquals(ErrorCode.AGAIN.rcode(), end());
        self.close();
    }

    // ---- callbacks that fail

    @Test
    void goesOnAfterACallbackThatFailed() throws Exception {
        AsyncEndpoint self = self();
        self.receive(ANY, new Message(), NOWAIT, rcode -> {
            throw new IllegalStateException("as the test wants");
        });
        await().atMost(LIMIT).until(() -> {
            // Refused until the one before has ended.
            self.receive(ANY, new Message(), NOWAIT, ends::add);
            return end() == ErrorCode.AGAIN.rcode();
        });
        assertEquals("as the test wants", logged.remove().getThrown().getMessage());
        self.close();
    }

    @Test
    void goesOnAfterAHandlerThatFailedAndGivesItsAnswer() throws Exception {
        AsyncEndpoint self = gate.client().bindHandler(0, SELF, "self", (message, endpoint) -> {
            assertEquals(0, endpoint.reply(message.source(), message));
            throw new IllegalStateException("as the test wants");
        });
        try (Endpoint peer = peer()) {
            for (int i = 0; i < 10; i++) {
                Message message = new Message(1).putInt(Message.M1_I1, i);
                peer.sendrec(SELF, message, LIMIT_MS);
                assertEquals(i, message.getInt(Message.M1_I1));
            }
        }
        self.close();
        assertTrue(logged.size() >= 9, logged.size() + " failures logged");
    }

    // ---- the end

    @Test
    void tellsNotbindOnceWhenItIsClosedDuringACall() throws Exception {
        AsyncEndpoint self = self();
        self.receive(ANY, new Message(), FOREVER, ends::add);
        awaitReceiving(SELF);
        self.close();
        self.close();
        assertEquals(ErrorCode.NOTBIND.rcode(), end());
        self.receive(ANY, new Message(), FOREVER, ends::add);
        assertEquals(ErrorCode.NOTBIND.rcode(), end());
        awaitFree();
        assertNull(ends.poll());
    }

    @Test
    void isClosedByItsOwnCallback() throws Exception {
        AsyncEndpoint self = self();
        self.receive(ANY, new Message(), NOWAIT, rcode -> {
            self.close();
            self.receive(ANY, new Message(), FOREVER, ends::add);
        });
        assertEquals(ErrorCode.NOTBIND.rcode(), end());
        awaitFree();
    }

    @Test
    void tellsNotconnWhenTheKernelGoesDuringACall() throws Exception {
        AsyncEndpoint self = self();
        self.receive(ANY, new Message(), FOREVER, ends::add);
        awaitReceiving(SELF);
        gate.withdraw();
        assertEquals(ErrorCode.CONNRESET.rcode(), end());
        self.receive(ANY, new Message(), FOREVER, ends::add);
        assertEquals(ErrorCode.CONNRESET.rcode(), end());
    }

    @Test
    void tellsAHandlersCallToThatTheKernelIsGone() throws Exception {
        AtomicInteger handled = new AtomicInteger();
        gate.client().bindHandler(0, SELF, "self", (message, endpoint) -> {
            handled.incrementAndGet();
            endpoint.wait4bind(20, FOREVER, ends::add);
        });
        try (Endpoint peer = peer()) {
            peer.send(SELF, new Message(1), LIMIT_MS);
        }
        await().atMost(LIMIT).until(() -> (gate.kernel.process(0, SELF).flags() & ProcessFlags.RECEIVING) == 0);
        gate.withdraw();
        assertEquals(ErrorCode.CONNRESET.rcode(), end());
        assertEquals(1, handled.get());
    }

    @Test
    void tellsNotconnWhenTheKernelDoesNotAnswerLongAfterTheDeadline() throws Exception {
        Path socket = folder.resolve("frozen.sock");
        try (ServerSocketChannel frozen = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            frozen.bind(UnixDomainSocketAddress.of(socket));
            Thread binding = new Thread(() -> {
                for (int i = 0; i < 2; i++) {
                    try {
                        // Stays open and says nothing more.
                        SocketChannel program = frozen.accept();
                        program.write(ByteBuffer.allocate(9).putInt(5).put(GateOp.RESULT).putInt(SELF).flip());
                    } catch (java.io.IOException e) {
                        // The program's bind fails then, and the test with it.
                    }
                }
            });
            binding.start();
            AsyncEndpoint self = DvsClient.at(socket).bindAsync(0, SELF, "self");
            Endpoint blocking = DvsClient.at(socket).bind(0, SELF, "self");
            binding.join();
            self.receive(ANY, new Message(), 1, ends::add);
            assertEquals(ErrorCode.CONNRESET, assertThrows(IpcException.class, () -> blocking.receive(ANY, new Message(), 1)).code());
            assertEquals(ErrorCode.CONNRESET.rcode(), end());
        }
    }

    // ---- answers

    @Test
    void isNotDisturbedByAnAnswerThatComesTooLate() throws Exception {
        AsyncEndpoint self = self();
        try (Endpoint peer = peer()) {
            Message asked = new Message(1).putInt(Message.M1_I1, 1);
            Message request = new Message();
            // It waits already, so that it has the request at once: then the deadline may be as short as one likes.
            CompletableFuture<Void> taken = Background.run(() -> peer.rcvrqst(request, LIMIT_MS));
            awaitReceiving(PEER);
            self.sendrec(PEER, asked, 50, ends::add);
            assertEquals(ErrorCode.TIMEDOUT.rcode(), end());
            taken.get(LIMIT_MS, TimeUnit.MILLISECONDS);
            assertEquals(ErrorCode.PROCSTS, assertThrows(IpcException.class,
                    () -> peer.reply(SELF, request.putInt(Message.M1_I1, 2), LIMIT_MS)).code());
            assertEquals(1, asked.getInt(Message.M1_I1));
            self.sendrec(PEER, asked.type(1).putInt(Message.M1_I1, 3), LIMIT_MS, ends::add);
            peer.rcvrqst(request, LIMIT_MS);
            peer.reply(SELF, request.putInt(Message.M1_I1, 4), LIMIT_MS);
            assertEquals(0, end());
            assertEquals(4, asked.getInt(Message.M1_I1));
        }
        self.close();
    }

    @Test
    void doesMoreAfterItsHandlersAnswer() throws Exception {
        AsyncEndpoint self = gate.client().bindHandler(0, SELF, "self", (message, endpoint) -> {
            if (message.type() < Message.NOTIFY) {
                endpoint.reply(message.source(), message);
                endpoint.notify(message.source(), LIMIT_MS, ends::add);
            }
        });
        try (Endpoint peer = peer()) {
            for (int i = 0; i < 20; i++) {
                Message message = new Message(1).putInt(Message.M1_I1, i);
                peer.sendrec(SELF, message, LIMIT_MS);
                assertEquals(i, message.getInt(Message.M1_I1));
                assertEquals(0, end());
                peer.receive(SELF, message, LIMIT_MS);
                assertEquals(Message.NOTIFY, message.type() & Message.NOTIFY);
            }
        }
        self.close();
    }

    @Test
    void givesItsHandlersAnswerBeforeTheHandlerClosesIt() throws Exception {
        gate.client().bindHandler(0, SELF, "self", (message, endpoint) -> {
            endpoint.reply(message.source(), message.putInt(Message.M1_I1, 7));
            endpoint.close();
        });
        try (Endpoint peer = peer()) {
            Message message = new Message(1);
            peer.sendrec(SELF, message, LIMIT_MS);
            assertEquals(7, message.getInt(Message.M1_I1));
        }
        awaitFree();
    }

    @Test
    void refusesAnotherThreadsCallWhileItsHandlersAnswerIsUnderWay() throws Exception {
        BlockingQueue<Integer> refused = new ArrayBlockingQueue<>(1);
        AsyncEndpoint self = gate.client().bindHandler(0, SELF, "self", (message, endpoint) -> {
            endpoint.reply(message.source(), message);
            Thread other = new Thread(() -> endpoint.notify(PEER, LIMIT_MS, refused::add));
            other.start();
            try {
                other.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        try (Endpoint peer = peer()) {
            peer.sendrec(SELF, new Message(1), LIMIT_MS);
        }
        assertEquals(ErrorCode.PROCRUN.rcode(), refused.take());
        self.close();
    }
}
