package org.dvs.kernel.internal.gate;

import static org.awaitility.Awaitility.await;
import static org.dvs.kernel.api.EndpointNumbers.ANY;
import static org.dvs.kernel.api.EndpointNumbers.LOCALNODE;
import static org.dvs.kernel.api.EndpointNumbers.SELF;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import org.dvs.kernel.api.AsyncEndpoint;
import org.dvs.kernel.api.BindKind;
import org.dvs.kernel.api.DcSettings;
import org.dvs.kernel.api.DvsParameters;
import org.dvs.kernel.api.Endpoint;
import org.dvs.kernel.api.Message;
import org.dvs.kernel.api.ProcessFlags;
import org.dvs.kernel.api.gate.GateOp;
import org.dvs.kernel.internal.ipc.KernelCore;
import org.dvs.testkit.KernelLoopback;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Copies with a program outside, in a DVS whose chunks are as large as they may be. */
@Tag("R-CMD-14")
@Tag("R-PXY-08")
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class GateCopyTest {
    private static final int DC = 0;
    private static final int PROGRAM = 10;
    private static final int COPIER = 11;
    private static final int BYTES = 5 << 20;
    private static final long LIMIT_S = 60;
    private static final DvsParameters LARGE =
            new DvsParameters("dvs", 32, 32, 221, 35, 64, DvsParameters.MAX_COPYBUF, BYTES, 0);

    @TempDir
    Path folder;
    private final ByteBuffer theirs = ByteBuffer.allocateDirect(BYTES);
    private final ByteBuffer mine = ByteBuffer.allocateDirect(BYTES);
    private final byte[] bytes = new byte[BYTES];
    private TestGate gate;

    @BeforeEach
    void start() throws Exception {
        gate = TestGate.patient(folder, LARGE);
        new Random(1).nextBytes(bytes);
    }

    @AfterEach
    void close() {
        gate.close();
    }

    private void awaitReceiving() {
        await().atMost(Duration.ofSeconds(LIMIT_S))
                .until(() -> (gate.kernel.process(DC, PROGRAM).flags() & ProcessFlags.RECEIVING) != 0);
    }

    private static int ended(CompletableFuture<Integer> copy) throws Exception {
        return copy.get(LIMIT_S, TimeUnit.SECONDS);
    }

    /** Copies all into the program, then out of it, and looks at both. */
    private void copiesBothWays(AsyncEndpoint copier) throws Exception {
        Endpoint program = gate.client().bind(DC, PROGRAM, "program");
        long there = program.memory().expose(theirs);
        CompletableFuture<Void> receives = CompletableFuture.runAsync(() -> {
            try {
                program.receive(ANY, new Message(), Endpoint.FOREVER);
            } catch (Exception e) {
                // It is closed when the copies are over.
            }
        });
        awaitReceiving();
        long here = copier.memory().expose(mine);
        mine.put(0, bytes);
        CompletableFuture<Integer> in = new CompletableFuture<>();
        copier.vcopy(SELF, here, PROGRAM, there, BYTES, in::complete);
        assertEquals(BYTES, ended(in));
        mine.put(0, new byte[BYTES]);
        CompletableFuture<Integer> out = new CompletableFuture<>();
        copier.vcopy(PROGRAM, there, SELF, here, BYTES, out::complete);
        assertEquals(BYTES, ended(out));
        byte[] arrived = new byte[BYTES];
        mine.get(0, arrived);
        assertArrayEquals(bytes, arrived);
        program.close();
        receives.get(LIMIT_S, TimeUnit.SECONDS);
    }

    @Test
    void goBothWaysOnItsNode() throws Exception {
        copiesBothWays(gate.kernel.bindAsync(DC, COPIER, "copier", BindKind.SELF, LOCALNODE));
    }

    @Test
    void goBothWaysFromAnotherNode() throws Exception {
        KernelCore other = gate.another();
        other.dvsInit(1, "node1", LARGE);
        other.dcInit(DcSettings.of(DC, "dc0", LARGE));
        try (KernelLoopback link = KernelLoopback.join(gate.kernel, other).start()) {
            KernelLoopback.members(DC, gate.kernel, other);
            other.rmtbind(DC, PROGRAM, "program", 0);
            AsyncEndpoint copier = other.bindAsync(DC, COPIER, "copier", BindKind.SELF, LOCALNODE);
            gate.kernel.rmtbind(DC, COPIER, "copier", 1);
            copiesBothWays(copier);
        }
    }

    @Test
    void waitForAProgramThatTakesNothingUntilAllThatMayBeUnderWayIs() throws Exception {
        AsyncEndpoint copier = gate.kernel.bindAsync(DC, COPIER, "copier", BindKind.SELF, LOCALNODE);
        long here = copier.memory().expose(mine);
        try (RawProgram program = new RawProgram(gate.socket)) {
            assertEquals(PROGRAM, program.bind(PROGRAM));
            program.receive();
            awaitReceiving();
            CompletableFuture<Integer> copied = new CompletableFuture<>();
            // What may be under way has been given to the gate's loop when this returns.
            copier.vcopy(SELF, here, PROGRAM, 0, BYTES, copied::complete);
            for (int left = BYTES; left > 0;) {
                ByteBuffer asked = program.next();
                assertEquals(GateOp.COPY_WRITE, asked.get());
                assertFalse(copied.isDone(), () -> "it has failed: " + copied.join());
                program.send(RawProgram.call(GateOp.COPY_WRITTEN).putInt(asked.getInt()).putInt(0));
                left -= asked.remaining() - Long.BYTES;
            }
            assertEquals(BYTES, ended(copied));
        }
    }
}
