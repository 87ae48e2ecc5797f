package org.dvs.kernel.internal.gate;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.kernel.api.BindKind;
import org.dvs.kernel.api.Endpoint;
import org.dvs.kernel.api.EndpointNumbers;
import org.dvs.kernel.api.IpcException;
import org.dvs.kernel.api.ProcessFlags;
import org.dvs.kernel.api.gate.GateOp;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

/** What a program that misbehaves can make the kernel keep. Names finish the sentence "a program outside …". */
@Tag("R-PXY-08")
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class GateLimitsTest {
    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final int PROGRAM = 10;
    private static final long COPY_MS = 300;
    private static final long ADDRESS = 4096;

    @TempDir
    Path folder;
    private TestGate gate;

    private void gate(int maxPrograms, Map<String, Object> settings) throws Exception {
        gate = new TestGate(folder, maxPrograms, COPY_MS, settings);
    }

    private RawProgram bound() throws Exception {
        RawProgram program = new RawProgram(gate.socket);
        assertEquals(PROGRAM, program.bind(PROGRAM));
        return program;
    }

    @AfterEach
    void close() throws Exception {
        gate.close();
    }

    private void awaitFree() {
        await().atMost(LIMIT).until(() -> gate.kernel.process(0, PROGRAM).isFree());
    }

    private void awaitReceiving() {
        await().atMost(LIMIT).until(() -> (gate.kernel.process(0, PROGRAM).flags() & ProcessFlags.RECEIVING) != 0);
    }

    private Endpoint inside() throws DvsException {
        return gate.kernel.bind(0, 1, "inside", BindKind.SELF, EndpointNumbers.LOCALNODE);
    }

    private static ErrorCode code(Executable call) {
        return assertThrows(IpcException.class, call).code();
    }

    // ---- how many

    @Test
    void isToldThatThereAreTooManyAndComesInWhenOneHasGone() throws Exception {
        gate(2, Map.of());
        Endpoint first = gate.client().bind(0, 10, "first");
        Endpoint second = gate.client().bind(0, 11, "second");
        IpcException refused = assertThrows(IpcException.class, () -> gate.client().bind(0, 12, "third"));
        assertEquals(ErrorCode.RSCBUSY, refused.code());
        assertTrue(refused.getMessage().contains("maxPrograms"), refused.getMessage());
        assertTrue(gate.kernel.process(0, 12).isFree());
        first.close();
        await().atMost(LIMIT).ignoreExceptionsMatching(e -> e instanceof IpcException refusal && refusal.code() == ErrorCode.RSCBUSY)
                .until(() -> {
                    gate.client().bind(0, 12, "third").close();
                    return true;
                });
        second.close();
    }

    @Test
    void isToldOfThoseManyHoweverManyComeAtOnce() throws Exception {
        gate(2, Map.of());
        try (Endpoint first = gate.client().bind(0, 10, "first"); Endpoint second = gate.client().bind(0, 11, "second")) {
            CountDownLatch together = new CountDownLatch(1);
            List<Future<ErrorCode>> refused = new ArrayList<>();
            ExecutorService programs = Executors.newFixedThreadPool(200);
            try {
                for (int i = 0; i < 200; i++) {
                    refused.add(programs.submit(() -> {
                        together.await();
                        return assertThrows(IpcException.class, () -> gate.client().bind(0, 12, "another")).code();
                    }));
                }
                together.countDown();
                for (Future<ErrorCode> each : refused) {
                    assertEquals(ErrorCode.RSCBUSY, each.get(LIMIT.toSeconds(), TimeUnit.SECONDS));
                }
            } finally {
                programs.shutdownNow();
            }
        }
    }

    // ---- what it sends

    @Test
    void isCutOffWhenItSendsCallsWithoutAwaitingTheirEnds() throws Exception {
        gate(10, Map.of());
        try (RawProgram program = bound()) {
            try {
                for (int i = 0; i < 10_000; i++) {
                    program.receive();
                }
            } catch (IOException e) {
                // Cut off already.
            }
            program.awaitEnd();
        }
        awaitFree();
    }

    @Test
    void isHeardNoFurtherOnceItIsCutOffOrHasSaidThatItEnds() throws Exception {
        gate(10, Map.of());
        for (ByteBuffer first : List.of(RawProgram.call((byte) 77), RawProgram.call(GateOp.EXIT).putInt(3))) {
            try (RawProgram program = new RawProgram(gate.socket)) {
                program.send(first, RawProgram.bindCall(PROGRAM));
                program.awaitEnd();
            }
            assertTrue(gate.kernel.process(0, PROGRAM).isFree(), "bound by what came behind");
        }
    }

    @Test
    void isCutOffWhenACallIsLongerThanAnyIs() throws Exception {
        gate(10, Map.of());
        try (RawProgram program = bound()) {
            program.send(RawProgram.call(GateOp.RECEIVE).putInt(EndpointNumbers.ANY).putLong(0).put(new byte[GateOp.MAX_CALL_BYTES]));
            program.awaitEnd();
        }
        awaitFree();
        try (RawProgram program = bound()) {
            program.channel.write(ByteBuffer.allocate(4).putInt(0, GateOp.MAX_COPY_BYTES + GateOp.HEADER_BYTES + 1));
            program.awaitEnd();
        }
        awaitFree();
    }

    @Test
    void isCutOffWhenItDoesNotFinishAFrameInTimeHoweverSlowlyItGoesOn() throws Exception {
        gate(10, Map.of("readTimeoutMs", 300));
        try (RawProgram program = bound()) {
            program.channel.write(ByteBuffer.allocate(6).putInt(0, 17));
            program.awaitEnd();
        }
        awaitFree();
        try (RawProgram program = bound()) {
            program.channel.write(ByteBuffer.allocate(4).putInt(0, 100_000));
            await().atMost(LIMIT).pollInterval(20, TimeUnit.MILLISECONDS).until(() -> {
                try {
                    program.channel.write(ByteBuffer.allocate(1));
                    return false;
                } catch (IOException e) {
                    return true;
                }
            });
        }
        awaitFree();
    }

    @Test
    void isCutOffWhenItAnswersWhatItWasNotAsked() throws Exception {
        gate(10, Map.of());
        for (byte op : new byte[] {GateOp.COPY_DATA, GateOp.COPY_WRITTEN}) {
            try (RawProgram program = bound()) {
                program.send(RawProgram.call(op).putInt(1).putInt(0));
                program.awaitEnd();
            }
            awaitFree();
        }
    }

    @Test
    void isCutOffWhenItGivesAnotherNumberOfBytesThanItWasAskedFor() throws Exception {
        gate = new TestGate(folder);
        try (RawProgram program = bound(); Endpoint inside = inside()) {
            program.receive();
            awaitReceiving();
            Thread answering = new Thread(() -> {
                try {
                    ByteBuffer asked = program.next();
                    assertEquals(GateOp.COPY_READ, asked.get(0));
                    program.send(RawProgram.call(GateOp.COPY_DATA).putInt(asked.getInt(1)).putInt(0).put(new byte[7]));
                } catch (IOException e) {
                    // The copy fails then, and the test with it.
                }
            });
            answering.start();
            long to = inside.memory().expose(ByteBuffer.allocateDirect(100));
            IpcException failure = assertThrows(IpcException.class,
                    () -> inside.vcopy(PROGRAM, ADDRESS, EndpointNumbers.SELF, to, 100));
            assertEquals(ErrorCode.PACKSIZE, failure.code());
            assertTrue(failure.getMessage().endsWith(": bytes 0..99 of 100, in the source, " + PROGRAM + " from address " + ADDRESS
                    + " on, were answered for with another number of bytes"), failure.getMessage());
            answering.join();
            program.awaitEnd();
        }
        awaitFree();
    }

    // ---- what it does not take

    @Test
    void isToldOnceThatItIsToEnd() throws Exception {
        gate(10, Map.of());
        try (RawProgram program = bound()) {
            program.receive();
            awaitReceiving();
            for (int i = 0; i < 1000; i++) {
                assertEquals(ErrorCode.AGAIN, code(() -> gate.kernel.unbind(0, PROGRAM)));
            }
            List<Byte> heard = new ArrayList<>();
            for (int i = 0; i < 2; i++) {
                // Before it says that it ends: from then on nothing is told it any more.
                ByteBuffer frame = program.next();
                assertNotNull(frame, () -> "cut off after " + heard);
                heard.add(frame.get(0));
            }
            program.send(RawProgram.call(GateOp.EXIT).putInt(0));
            for (ByteBuffer frame = program.next(); frame != null; frame = program.next()) {
                heard.add(frame.get(0));
            }
            heard.sort(null);
            assertEquals(List.of(GateOp.RESULT, GateOp.TERMINATE), heard);
        }
        awaitFree();
    }

    @Test
    void keepsNobodyStillWhenItDoesNotAnswerForItsMemoryAndMayGoOn() throws Exception {
        gate(10, Map.of());
        try (RawProgram program = bound(); Endpoint inside = inside()) {
            program.receive();
            awaitReceiving();
            long to = inside.memory().expose(ByteBuffer.allocateDirect(100));
            assertEquals(ErrorCode.TIMEDOUT, code(() -> inside.vcopy(PROGRAM, ADDRESS, EndpointNumbers.SELF, to, 100)));
            assertEquals(0, gate.kernel.process(0, PROGRAM).flags() & ProcessFlags.ONCOPY);
            ByteBuffer asked = program.next();
            program.send(RawProgram.call(GateOp.COPY_DATA).putInt(asked.getInt(1)).putInt(0).put(new byte[100]));
            inside.notify(PROGRAM, 1_000);
            ByteBuffer result = program.next();
            assertNotNull(result);
            assertEquals(GateOp.RESULT, result.get(0));
            assertEquals(0, result.getInt(1));
        }
    }

    @Test
    void isCutOffWhenItTakesNothingAndMakesTheKernelKeepABoundedNumberOfBytes() throws Exception {
        gate = new TestGate(folder, 10, 20, Map.of("writeTimeoutMs", 5_000));
        try (RawProgram program = bound(); Endpoint inside = inside()) {
            program.receive();
            awaitReceiving();
            int bytes = GateOp.MAX_COPY_BYTES;
            long from = inside.memory().expose(ByteBuffer.allocateDirect(bytes));
            List<ErrorCode> codes = new ArrayList<>();
            await().atMost(LIMIT).until(() -> {
                codes.add(code(() -> inside.vcopy(EndpointNumbers.SELF, from, PROGRAM, ADDRESS, bytes)));
                return gate.kernel.process(0, PROGRAM).isFree();
            });
            assertTrue(codes.contains(ErrorCode.OUTOFBUFS), "refused before it was cut off: " + codes);
            program.awaitEnd();
        }
    }

    // ---- the gate goes

    @Test
    void endsWithTheGateThatItCameByThoughTheKernelStays() throws Exception {
        gate(10, Map.of());
        try (Endpoint self = gate.client().bind(0, PROGRAM, "program")) {
            gate.withdraw();
            awaitFree();
            assertEquals(ErrorCode.CONNRESET, code(() -> self.receive(EndpointNumbers.ANY, new org.dvs.kernel.api.Message(), 1_000)));
        }
    }
}
