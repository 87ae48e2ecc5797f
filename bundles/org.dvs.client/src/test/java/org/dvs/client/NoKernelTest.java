package org.dvs.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import org.dvs.api.ErrorCode;
import org.dvs.kernel.api.Endpoint;
import org.dvs.kernel.api.EndpointNumbers;
import org.dvs.kernel.api.IpcException;
import org.dvs.kernel.api.Message;
import org.dvs.kernel.api.gate.GateOp;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A program whose kernel … is not there, is of another version, ends or does not answer; at a real socket. */
@Tag("R-PXY-08")
@Timeout(120)
class NoKernelTest {
    private static final long LIMIT_S = 60;
    /** Length and bytes of the frame that binds p. */
    private static final int BIND_BYTES = 4 + 20 + 1;
    /** Of the one that waits until p is bound. */
    private static final int ATTACH_BYTES = 4 + 7 + 1;

    @TempDir
    Path folder;
    private Path socket;
    private ServerSocketChannel gate;

    @BeforeEach
    void listen() throws IOException {
        socket = folder.resolve("kernel.sock");
        gate = ServerSocketChannel.open(StandardProtocolFamily.UNIX).bind(UnixDomainSocketAddress.of(socket));
    }

    @AfterEach
    void close() throws IOException {
        gate.close();
    }

    private static IpcException refused(ErrorCode code, Executable call) {
        IpcException refused = assertThrows(IpcException.class, call);
        assertEquals(code, refused.code(), refused.getMessage());
        return refused;
    }

    private CompletableFuture<Endpoint> binding() {
        return CompletableFuture.supplyAsync(() -> {
            try {
                return DvsClient.at(socket).bind(0, 10, "p");
            } catch (IpcException e) {
                throw new IllegalStateException(e);
            }
        });
    }

    private static void read(SocketChannel kernel, int bytes) throws IOException {
        ByteBuffer frame = ByteBuffer.allocate(bytes);
        while (frame.hasRemaining() && kernel.read(frame) >= 0) {
            continue;
        }
        assertEquals(0, frame.remaining());
    }

    private static void result(SocketChannel kernel, int rcode) throws IOException {
        ByteBuffer frame = ByteBuffer.allocate(9).putInt(5).put(GateOp.RESULT).putInt(rcode).flip();
        while (frame.hasRemaining()) {
            kernel.write(frame);
        }
    }

    @Test
    void isNotThere() throws IOException {
        Path missing = folder.resolve("none.sock");
        assertTrue(refused(ErrorCode.CONNREFUSED, () -> DvsClient.at(missing).bind(0, 10, "p")).getMessage()
                .startsWith("no kernel at " + missing));
        Path file = Files.writeString(folder.resolve("file"), "no socket");
        refused(ErrorCode.CONNREFUSED, () -> DvsClient.at(file).bind(0, 10, "p"));
        // Its socket is still there.
        gate.close();
        refused(ErrorCode.CONNREFUSED, () -> DvsClient.at(socket).bind(0, 10, "p"));
        refused(ErrorCode.CONNREFUSED, () -> DvsClient.at(socket).wait4bind("p", 1_000));
        refused(ErrorCode.CONNREFUSED, () -> DvsClient.at(socket).bindAsync(0, 10, "p"));
        Path deep = folder.resolve("a".repeat(200));
        refused(ErrorCode.CONNREFUSED, () -> DvsClient.at(deep).bind(0, 10, "p"));
    }

    @Test
    void isNotEvenAskedForWhatNobodyCouldBind() {
        DvsClient dvs = DvsClient.at(socket);
        refused(ErrorCode.INVAL, () -> dvs.bind(0, 10, null));
        refused(ErrorCode.INVAL, () -> dvs.wait4bind(null, 1_000));
        refused(ErrorCode.INVAL, () -> dvs.bindAsync(0, 10, null));
        refused(ErrorCode.INVAL, () -> dvs.bindHandler(0, 10, "p", null));
        refused(ErrorCode.INVAL, () -> dvs.bindHandler(0, 10, null, (message, self) -> { }));
        refused(ErrorCode.BINDTYPE, () -> dvs.bind(0, 10, "p", null, EndpointNumbers.LOCALNODE));
        refused(ErrorCode.NAMESIZE, () -> dvs.bind(0, 10, "x".repeat(1_000)));
        refused(ErrorCode.BADVALUE, () -> dvs.bindAsync(0, 10, "two words"));
        assertTrue(assertThrows(IllegalArgumentException.class, () -> DvsClient.at(null)).getMessage()
                .startsWith("socket: null"));
    }

    @Test
    void isOfAnotherVersion() throws Exception {
        CompletableFuture<IpcException> refused = CompletableFuture.supplyAsync(() ->
                refused(ErrorCode.PROTONOSUPPORT, () -> DvsClient.at(socket).bind(0, 10, "p")));
        try (SocketChannel kernel = gate.accept()) {
            read(kernel, BIND_BYTES);
            result(kernel, GateOp.OTHER_VERSION);
            assertEquals("the kernel at " + socket + " speaks another version of the gate than 2",
                    refused.get(LIMIT_S, TimeUnit.SECONDS).getMessage());
            assertEquals(-1, kernel.read(ByteBuffer.allocate(1)), "and the connection is closed");
        }
    }

    @Test
    void endsBeforeItHasBound() throws Exception {
        CompletableFuture<IpcException> refused = CompletableFuture.supplyAsync(() ->
                refused(ErrorCode.CONNRESET, () -> DvsClient.at(socket).bind(0, 10, "p")));
        try (SocketChannel kernel = gate.accept()) {
            read(kernel, BIND_BYTES);
            gate.close();
        }
        assertEquals("the kernel at " + socket + " is gone", refused.get(LIMIT_S, TimeUnit.SECONDS).getMessage());
    }

    @Test
    void hearsNotAllAtOnceAndIsAskedAgain() throws Exception {
        CompletableFuture<Endpoint> binding = binding();
        for (int i = 0; i < 3; i++) {
            gate.accept().close();
        }
        try (SocketChannel kernel = gate.accept()) {
            read(kernel, BIND_BYTES);
            result(kernel, 10);
            assertEquals(10, binding.get(LIMIT_S, TimeUnit.SECONDS).number());
        }
    }

    @Test
    void hearsNobodyForLong() throws Exception {
        CompletableFuture<IpcException> refused = CompletableFuture.supplyAsync(() ->
                refused(ErrorCode.RSCBUSY, () -> DvsClient.at(socket).bind(0, 10, "p")));
        CompletableFuture<Void> closing = CompletableFuture.runAsync(() -> {
            try {
                while (gate.isOpen()) {
                    gate.accept().close();
                }
            } catch (IOException e) {
                // The test is over.
            }
        });
        String told = refused.get(LIMIT_S, TimeUnit.SECONDS).getMessage();
        assertTrue(told.contains("maxPrograms"), told);
        gate.close();
        closing.get(LIMIT_S, TimeUnit.SECONDS);
    }

    @Test
    void endsInACallAndIsGoneForAllLaterOnes() throws Exception {
        CompletableFuture<Endpoint> binding = binding();
        try (SocketChannel kernel = gate.accept()) {
            read(kernel, BIND_BYTES);
            result(kernel, 10);
            Endpoint self = binding.get(LIMIT_S, TimeUnit.SECONDS);
            CompletableFuture<IpcException> ended = CompletableFuture.supplyAsync(() ->
                    refused(ErrorCode.CONNRESET, () -> self.receive(EndpointNumbers.ANY, new Message(), Endpoint.FOREVER)));
            read(kernel, 17);
            kernel.close();
            assertTrue(ended.get(LIMIT_S, TimeUnit.SECONDS).getMessage().startsWith("the kernel at " + socket + " is gone"));
            refused(ErrorCode.CONNRESET, () -> self.send(11, new Message(), 1_000));
            refused(ErrorCode.CONNRESET, () -> self.receive(EndpointNumbers.ANY, new Message(), Endpoint.NOWAIT));
            self.close();
        }
    }

    @Test
    void doesNotBindInTimeWhoWaitsForIt() throws Exception {
        refused(ErrorCode.TIMEDOUT, () -> DvsClient.at(socket).wait4bind("p", 20));
        refused(ErrorCode.INVAL, () -> DvsClient.at(socket).wait4bind("p", 0));
        refused(ErrorCode.INVAL, () -> DvsClient.at(socket).wait4bind("p", -2));
    }

    @Test
    void isNotWaitedForUnderABadName() {
        refused(ErrorCode.NAMESIZE, () -> DvsClient.at(socket).wait4bind("p".repeat(16), 60_000));
        refused(ErrorCode.BADVALUE, () -> DvsClient.at(socket).wait4bind("", 60_000));
    }

    @Test
    void isNotLookedForByAnInterruptedThread() {
        Thread.currentThread().interrupt();
        refused(ErrorCode.INTR, () -> DvsClient.at(socket).bind(0, 10, "p"));
        assertTrue(Thread.interrupted());
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void isNotWaitedForByAThreadThatIsInterruptedAndCanTellAfterwards(boolean bind) throws Exception {
        CompletableFuture<Boolean> flagged = new CompletableFuture<>();
        Thread program = new Thread(() -> {
            try {
                DvsClient dvs = DvsClient.at(socket);
                refused(ErrorCode.INTR, () -> {
                    if (bind) {
                        dvs.bind(0, 10, "p");
                    } else {
                        dvs.wait4bind("p", Endpoint.FOREVER);
                    }
                });
                flagged.complete(Thread.currentThread().isInterrupted());
            } catch (Throwable e) {
                flagged.completeExceptionally(e);
            }
        }, "dvs-test-interrupted");
        program.setDaemon(true);
        program.start();
        try (SocketChannel kernel = gate.accept()) {
            read(kernel, bind ? BIND_BYTES : ATTACH_BYTES);
            program.interrupt();
            assertTrue(flagged.get(LIMIT_S, TimeUnit.SECONDS));
        }
    }

    @Test
    void isNotToBlameForWhatTheProgramClosedItself() throws Exception {
        CompletableFuture<Endpoint> binding = binding();
        try (SocketChannel kernel = gate.accept()) {
            read(kernel, BIND_BYTES);
            result(kernel, 10);
            Endpoint self = binding.get(LIMIT_S, TimeUnit.SECONDS);
            CompletableFuture<IpcException> ended = CompletableFuture.supplyAsync(() ->
                    refused(ErrorCode.NOTBIND, () -> self.receive(EndpointNumbers.ANY, new Message(), Endpoint.FOREVER)));
            read(kernel, 17);
            self.close();
            ended.get(LIMIT_S, TimeUnit.SECONDS);
            refused(ErrorCode.NOTBIND, () -> self.send(11, new Message(), 1_000));
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {Endpoint.NOWAIT, 1})
    void isFrozenLongerThanTheCallMayTake(long timeoutMs) throws Exception {
        CompletableFuture<Endpoint> binding = binding();
        try (SocketChannel kernel = gate.accept()) {
            read(kernel, BIND_BYTES);
            result(kernel, 10);
            Endpoint self = binding.get(LIMIT_S, TimeUnit.SECONDS);
            refused(ErrorCode.CONNRESET, () -> self.send(11, new Message(), timeoutMs));
        }
    }
}
