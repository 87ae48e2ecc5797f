package org.dvs.kernel.internal.gate;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import org.dvs.api.ErrorCode;
import org.dvs.kernel.api.AsyncEndpoint;
import org.dvs.kernel.api.BindKind;
import org.dvs.kernel.api.DcSettings;
import org.dvs.kernel.api.DvsParameters;
import org.dvs.kernel.api.Endpoint;
import org.dvs.kernel.api.EndpointNumbers;
import org.dvs.kernel.api.IpcException;
import org.dvs.kernel.api.Message;
import org.dvs.kernel.api.ProcessFlags;
import org.dvs.kernel.api.WaitingProgram;
import org.dvs.kernel.api.gate.GateOp;
import org.dvs.testkit.Background;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

/** Programs at a real socket, with the client library. Names finish the sentence "a program outside …". */
@Timeout(60)
class GateTest {
    private static final long LIMIT_MS = 20_000;
    private static final int SERVER = 10;
    private static final int CLIENT = 11;

    @TempDir
    Path folder;
    private TestGate gate;

    @BeforeEach
    void open() throws Exception {
        gate = new TestGate(folder);
    }

    @AfterEach
    void shut() throws Exception {
        if (gate != null) {
            gate.close();
        }
    }

    private Endpoint bind(int endpoint) throws IpcException {
        return gate.client().bind(0, endpoint, "p" + endpoint);
    }

    private static ErrorCode code(Executable call) {
        return assertThrows(IpcException.class, call).code();
    }

    private void awaitFlag(int number, int flag) {
        await().atMost(Duration.ofMillis(LIMIT_MS)).until(() -> (gate.kernel.process(0, number).flags() & flag) != 0);
    }

    @Test
    @Tag("R-CMD-14")
    void asksAnotherOneAndIsAnswered() throws Exception {
        try (Endpoint server = bind(SERVER); Endpoint client = bind(CLIENT)) {
            CompletableFuture<Void> served = Background.run(() -> {
                Message request = new Message();
                for (int i = 0; i < 100; i++) {
                    server.receive(EndpointNumbers.ANY, request, LIMIT_MS);
                    assertEquals(CLIENT, request.source());
                    server.reply(CLIENT, request.putInt(Message.M1_I2, request.getInt(Message.M1_I1) + 1), LIMIT_MS);
                }
            });
            Message message = new Message(7);
            for (int i = 0; i < 100; i++) {
                client.sendrec(SERVER, message.putInt(Message.M1_I1, i), LIMIT_MS);
                assertEquals(i + 1, message.getInt(Message.M1_I2));
                assertEquals(SERVER, message.source());
            }
            served.get(LIMIT_MS, TimeUnit.MILLISECONDS);
        }
    }

    private static String message(Executable call) {
        return assertThrows(IpcException.class, call).getMessage();
    }

    @Test
    @Tag("R-CMD-14")
    void isToldWhatAnErrorsNumberLeavesOut() throws Exception {
        long pid = ProcessHandle.current().pid();
        String p10 = "p10 of process " + pid + " here, endpoint 10";
        try (Endpoint server = bind(SERVER); Endpoint client = bind(CLIENT)) {
            Message message = new Message();
            assertEquals("bind of 10 in dc0: it is bound to " + p10, message(() -> bind(SERVER)));
            assertEquals("dc5 on node 0", message(() -> gate.client().bind(5, 1, "p")));
            assertEquals("send to 35580 by p11 (11 of dc0): 35580 is process 10 in generation 1; generation 0 lives there: "
                    + p10, message(() -> client.send(35_580, message, LIMIT_MS)));
            assertEquals("sendrec to 12 by p11 (11 of dc0): nobody is bound there",
                    message(() -> client.sendrec(12, message, LIMIT_MS)));
            assertEquals("receive from 11 by p11 (11 of dc0): that is the caller itself",
                    message(() -> client.receive(CLIENT, message, LIMIT_MS)));
            assertEquals("reply to 10 by p11 (11 of dc0): it is in no call",
                    message(() -> client.reply(SERVER, message, LIMIT_MS)));
            assertEquals("vcopy of 5 bytes from 10 to SELF by p11 (11 of dc0): it is in no call",
                    message(() -> client.vcopy(SERVER, 1, EndpointNumbers.SELF, 1, 5)));
            assertEquals("vcopy of 1048577 bytes from 10 to SELF by p11 (11 of dc0): 0 to 1048576 bytes can be copied at once",
                    message(() -> client.vcopy(SERVER, 1, EndpointNumbers.SELF, 1, 1_048_577)));
            assertEquals("notify with value 32 of 10 by p11 (11 of dc0): values are 0..31",
                    message(() -> client.notifyValue(SERVER, 32, LIMIT_MS)));
            assertEquals("send to 10 by p11 (11 of dc0): time-out -2 ms", message(() -> client.send(SERVER, message, -2)));
            assertEquals("receive from 10 by p11 (11 of dc0)", message(() -> client.receive(SERVER, message, Endpoint.NOWAIT)));
            assertEquals("receive from anybody by p11 (11 of dc0)",
                    message(() -> client.receive(EndpointNumbers.ANY, message, Endpoint.NOWAIT)));
            gate.kernel.dcEnd(0);
            assertEquals("send to 10 by p11 (11 of dc0): its DC has ended",
                    message(() -> client.send(SERVER, message, LIMIT_MS)));
        }
    }

    @Test
    @Tag("R-CMD-14")
    void mayHaveANumberThatLooksLikeAnError() throws Exception {
        // 34 is RANGE, and 31438 would be out of it.
        try (Endpoint task = bind(-34)) {
            assertEquals(-34, task.number());
            assertEquals(-34, task.getep((int) ProcessHandle.current().pid()));
        }
    }

    @Test
    @Tag("R-PXY-08")
    void answersAndTakesTheNextRequestInOneCall() throws Exception {
        try (Endpoint server = bind(SERVER); Endpoint client = bind(CLIENT)) {
            CompletableFuture<Void> served = Background.run(() -> {
                Message request = new Message();
                server.rcvrqst(request, LIMIT_MS);
                for (int i = 1; i < 100; i++) {
                    server.replyRcvrqst(CLIENT, request.putInt(Message.M1_I2, 2 * request.getInt(Message.M1_I1)), LIMIT_MS);
                    assertEquals(i, request.getInt(Message.M1_I1));
                    assertEquals(CLIENT, request.source());
                }
                // The last answer arrives though no request follows.
                assertEquals(ErrorCode.TIMEDOUT, code(() -> server.replyRcvrqst(CLIENT,
                        request.putInt(Message.M1_I2, 2 * request.getInt(Message.M1_I1)), 50)));
            });
            Message message = new Message(7);
            for (int i = 0; i < 100; i++) {
                client.sendrec(SERVER, message.type(7).putInt(Message.M1_I1, i), LIMIT_MS);
                assertEquals(2 * i, message.getInt(Message.M1_I2));
            }
            served.get(LIMIT_MS, TimeUnit.MILLISECONDS);
            client.notify(SERVER, LIMIT_MS);
            assertEquals(ErrorCode.PROCSTS, code(() -> server.replyRcvrqst(CLIENT, message, Endpoint.NOWAIT)));
            server.receive(EndpointNumbers.ANY, message, Endpoint.NOWAIT);
            assertEquals(CLIENT, message.source());
        }
    }

    @Test
    @Tag("R-PXY-08")
    void isKnownByItsTrueProcessId() throws Exception {
        try (Endpoint self = bind(SERVER)) {
            assertEquals((int) ProcessHandle.current().pid(), gate.kernel.process(0, SERVER).lpid());
            assertEquals(SERVER, self.getep((int) ProcessHandle.current().pid()));
            assertEquals(ErrorCode.BADRANGE, code(() -> self.getep(0)));
        }
    }

    @Test
    void isUnboundTheMomentItsSocketCloses() throws Exception {
        Endpoint server = bind(SERVER);
        try (Endpoint client = bind(CLIENT)) {
            CompletableFuture<Void> asked = Background.run(() ->
                    assertEquals(ErrorCode.SRCDIED, code(() -> client.sendrec(SERVER, new Message(1), LIMIT_MS))));
            server.receive(EndpointNumbers.ANY, new Message(), LIMIT_MS);
            server.close();
            asked.get(LIMIT_MS, TimeUnit.MILLISECONDS);
            await().atMost(Duration.ofMillis(LIMIT_MS)).until(() -> gate.kernel.process(0, SERVER).isFree());
        }
    }

    @Test
    void copiesABlockOutOfAndIntoDirectBuffersOfAnotherOne() throws Exception {
        byte[] bytes = new byte[1_000_000];
        new Random(3).nextBytes(bytes);
        ByteBuffer block = ByteBuffer.allocateDirect(bytes.length).put(bytes).flip();
        ByteBuffer copy = ByteBuffer.allocateDirect(bytes.length);
        ByteBuffer back = ByteBuffer.allocateDirect(bytes.length);
        try (Endpoint holder = bind(SERVER); Endpoint copier = bind(CLIENT)) {
            long address = holder.memory().expose(block);
            CompletableFuture<Void> held = Background.run(() -> holder.receive(CLIENT, new Message(), LIMIT_MS));
            awaitFlag(SERVER, ProcessFlags.RECEIVING);
            long to = copier.memory().expose(copy);
            // In one process both ends have one pid, which a copy is refused for, as in the original.
            assertEquals(ErrorCode.PERM, code(() -> copier.vcopy(SERVER, address, EndpointNumbers.SELF, to, bytes.length)));
            try (Endpoint inside = gate.kernel.bind(0, 1, "inside", BindKind.SELF, EndpointNumbers.LOCALNODE)) {
                long own = inside.memory().expose(back);
                assertEquals(bytes.length, inside.vcopy(SERVER, address, EndpointNumbers.SELF, own, bytes.length));
                assertEquals(block, back.duplicate().clear());
                assertEquals(ErrorCode.FAULT,
                        code(() -> inside.vcopy(SERVER, address + 1, EndpointNumbers.SELF, own, bytes.length)));
                back.put(0, (byte) (bytes[0] + 1));
                assertEquals(bytes.length, inside.vcopy(EndpointNumbers.SELF, own, SERVER, address, bytes.length));
                assertEquals((byte) (bytes[0] + 1), block.get(0));
                copier.send(SERVER, new Message(1), LIMIT_MS);
            }
            held.get(LIMIT_MS, TimeUnit.MILLISECONDS);
        }
    }

    @Test
    void isRefusedWhatEveryProgramIsRefused() throws Exception {
        try (Endpoint self = bind(SERVER)) {
            assertEquals(ErrorCode.SLOTUSED, code(() -> bind(SERVER)));
            assertEquals(ErrorCode.BADDCID, code(() -> gate.client().bind(99, 1, "x")));
            assertEquals(ErrorCode.DCNOTRUN, code(() -> gate.client().bind(1, 1, "x")));
            assertEquals(ErrorCode.NAMESIZE, code(() -> gate.client().bind(0, 1, "a name that is too long")));
            assertEquals(ErrorCode.DSTDIED, code(() -> self.send(CLIENT, new Message(), LIMIT_MS)));
            assertEquals(ErrorCode.BADDEST, code(() -> self.send(SERVER, new Message(), LIMIT_MS)));
            assertEquals(ErrorCode.AGAIN, code(() -> self.receive(EndpointNumbers.ANY, new Message(), Endpoint.NOWAIT)));
            assertEquals(ErrorCode.TIMEDOUT, code(() -> self.receive(EndpointNumbers.ANY, new Message(), 20)));
            assertEquals(ErrorCode.INVAL, code(() -> self.receive(EndpointNumbers.ANY, new Message(), -2)));
        }
    }

    @Test
    void findsNoKernelWhereThereIsNone() {
        assertEquals(ErrorCode.CONNREFUSED,
                code(() -> org.dvs.client.DvsClient.at(folder.resolve("none.sock")).bind(0, 1, "x")));
    }

    @Test
    void handlesMessagesOnAThreadOfItsEndpoint() throws Exception {
        AsyncEndpoint server = gate.client().bindHandler(0, SERVER, "server", (message, self) ->
                self.reply(message.source(), message.putInt(Message.M1_I2, 2 * message.getInt(Message.M1_I1))));
        try (Endpoint client = bind(CLIENT)) {
            Message message = new Message(1);
            for (int i = 0; i < 50; i++) {
                client.sendrec(SERVER, message.putInt(Message.M1_I1, i), LIMIT_MS);
                assertEquals(2 * i, message.getInt(Message.M1_I2));
            }
        } finally {
            server.close();
        }
        await().atMost(Duration.ofMillis(LIMIT_MS)).until(() -> gate.kernel.process(0, SERVER).isFree());
    }

    @Test
    void beginsCallsAndIsToldTheirEnds() throws Exception {
        AsyncEndpoint self = gate.client().bindAsync(0, CLIENT, "async");
        BlockingQueue<Integer> ends = new ArrayBlockingQueue<>(2);
        try (Endpoint server = bind(SERVER)) {
            Message message = new Message(1).putInt(Message.M1_I1, 5);
            self.sendrec(SERVER, message, LIMIT_MS, ends::add);
            Message request = new Message();
            server.rcvrqst(request, LIMIT_MS);
            int second = 0;
            BlockingQueue<Integer> refused = new ArrayBlockingQueue<>(1);
            self.receive(EndpointNumbers.ANY, new Message(), second, refused::add);
            assertEquals(ErrorCode.PROCRUN.rcode(), refused.poll(LIMIT_MS, TimeUnit.MILLISECONDS));
            server.reply(CLIENT, request.putInt(Message.M1_I1, 6), LIMIT_MS);
            assertEquals(0, ends.poll(LIMIT_MS, TimeUnit.MILLISECONDS));
            assertEquals(6, message.getInt(Message.M1_I1));
        } finally {
            self.close();
        }
    }

    @Test
    void waitsToBeBoundByAnotherOne() throws Exception {
        int pid = (int) ProcessHandle.current().pid();
        gate.kernel.dcInit(DcSettings.of(3, "other", DvsParameters.DEFAULT));
        CompletableFuture<Void> waited = Background.run(() -> {
            try (Endpoint self = gate.client().wait4bind("waiting", LIMIT_MS)) {
                assertEquals(20, self.number());
                assertEquals(3, self.dcid());
                assertEquals(ErrorCode.AGAIN, code(() -> self.receive(EndpointNumbers.ANY, new Message(), Endpoint.NOWAIT)));
            }
        });
        await().atMost(Duration.ofMillis(LIMIT_MS)).until(() -> !gate.kernel.waiting().isEmpty());
        assertEquals(List.of(new WaitingProgram(pid, "waiting")), gate.kernel.waiting());
        String other = message(() -> gate.kernel.lclbind(3, 1, 20, BindKind.LOCAL, EndpointNumbers.LOCALNODE));
        assertEquals("no program of process 1 waits to be bound; those that wait: waiting of process " + pid, other);
        assertEquals(ErrorCode.DCNOTRUN, code(() -> gate.kernel.lclbind(5, pid, 20, BindKind.LOCAL, EndpointNumbers.LOCALNODE)));
        assertEquals(20, gate.kernel.lclbind(3, pid, 20, BindKind.LOCAL, EndpointNumbers.LOCALNODE));
        waited.get(LIMIT_MS, TimeUnit.MILLISECONDS);
        assertEquals(List.of(), gate.kernel.waiting());
    }

    @Test
    void waitsForNobodyWithANameThatCannotBeOrWhenItIsGone() throws Exception {
        try (RawProgram raw = new RawProgram(gate.socket)) {
            assertEquals(ErrorCode.NAMESIZE.rcode(), raw.attach("x".repeat(16)));
            assertEquals(List.of(), gate.kernel.waiting());
        }
        try (RawProgram raw = new RawProgram(gate.socket)) {
            raw.beginAttach("raw");
            await().atMost(Duration.ofMillis(LIMIT_MS)).until(() -> !gate.kernel.waiting().isEmpty());
        }
        await().atMost(Duration.ofMillis(LIMIT_MS)).until(() -> gate.kernel.waiting().isEmpty());
    }

    @Test
    void endsWhenItIsToldTo() throws Exception {
        try (Endpoint self = bind(SERVER)) {
            CompletableFuture<Void> told = Background.run(() ->
                    assertEquals(ErrorCode.SHUTDOWN, code(() -> self.receive(EndpointNumbers.ANY, new Message(), LIMIT_MS))));
            awaitFlag(SERVER, ProcessFlags.RECEIVING);
            assertEquals(ErrorCode.AGAIN, code(() -> gate.kernel.unbind(0, SERVER)));
            told.get(LIMIT_MS, TimeUnit.MILLISECONDS);
            assertEquals(ErrorCode.SHUTDOWN, code(() -> self.receive(EndpointNumbers.ANY, new Message(), LIMIT_MS)));
        }
    }

    @Test
    void isCutOffWhenItSpeaksNonsense() throws Exception {
        Random random = new Random(11);
        byte[] noise = new byte[40];
        random.nextBytes(noise);
        List<ByteBuffer> nonsense = List.of(
                frame(new byte[] {GateOp.SEND}), frame(new byte[] {GateOp.BIND, 1, 2, 3, 4}), frame(new byte[] {99}),
                frame(new byte[] {GateOp.BIND}), frame(noise),
                ByteBuffer.allocate(4).putInt(0, -1), ByteBuffer.allocate(4).putInt(0, 0),
                ByteBuffer.allocate(4).putInt(0, Integer.MAX_VALUE));
        for (ByteBuffer bytes : nonsense) {
            try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
                channel.connect(UnixDomainSocketAddress.of(gate.socket));
                channel.write(bytes);
                assertTrue(ended(channel), "still open");
            }
        }
        bind(SERVER).close();
    }

    @Test
    void ofAnotherVersionIsToldSo() throws Exception {
        ByteBuffer bind = ByteBuffer.allocate(24).putInt(20).put(GateOp.BIND).putInt(GateOp.MAGIC)
                .putShort((short) (GateOp.VERSION + 1)).put((byte) 0).putInt(0).putInt(SERVER).putInt(EndpointNumbers.LOCALNODE);
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            channel.connect(UnixDomainSocketAddress.of(gate.socket));
            channel.write(bind.flip());
            ByteBuffer result = ByteBuffer.allocate(9);
            while (result.hasRemaining() && channel.read(result) >= 0) {
                continue;
            }
            assertEquals(ByteBuffer.allocate(9).putInt(5).put(GateOp.RESULT).putInt(GateOp.OTHER_VERSION).flip(), result.flip());
            assertTrue(gate.kernel.process(0, SERVER).isFree());
        }
    }

    private static ByteBuffer frame(byte[] bytes) {
        return ByteBuffer.allocate(4 + bytes.length).putInt(bytes.length).put(bytes).flip();
    }

    private static boolean ended(SocketChannel channel) throws IOException {
        try {
            return channel.read(ByteBuffer.allocate(64)) < 0;
        } catch (IOException e) {
            return true;
        }
    }
}
