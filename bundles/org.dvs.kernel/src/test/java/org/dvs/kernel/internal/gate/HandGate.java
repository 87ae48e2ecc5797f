package org.dvs.kernel.internal.gate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import org.dvs.api.DvsException;
import org.dvs.kernel.api.AsyncEndpoint;
import org.dvs.kernel.api.BindKind;
import org.dvs.kernel.api.DcSettings;
import org.dvs.kernel.api.DvsParameters;
import org.dvs.kernel.api.Endpoint;
import org.dvs.kernel.api.EndpointNumbers;
import org.dvs.kernel.api.Message;
import org.dvs.kernel.api.ProcessFlags;
import org.dvs.kernel.api.ProcessInfo;
import org.dvs.kernel.api.gate.GateOp;
import org.dvs.kernel.internal.ipc.KernelCore;
import org.dvs.testkit.SimulatedTime;

/** A kernel with a gate for programs that say what they like, and what must hold of it whatever they said. */
final class HandGate {
    static final String NAME = "hand";
    static final int ECHO = 2;
    static final int LISTENER = 3;
    static final int HAND = 10;

    private final SimulatedTime time = new SimulatedTime();
    final KernelCore kernel = new KernelCore(() -> 0, (ms, task) -> time.after(nanos(ms), task)::cancel, Runnable::run, 4_711);
    final GateProtocol gate = new GateProtocol(kernel, 4, 100);
    final List<HandConnection> programs = new ArrayList<>();

    HandGate() throws DvsException {
        kernel.dvsInit(0, "node0", DvsParameters.DEFAULT);
        kernel.dcInit(DcSettings.of(0, "dc0", DvsParameters.DEFAULT));
        kernel.bindHandler(0, ECHO, "echo", (message, self) -> self.reply(message.source(), message));
        AsyncEndpoint listener = kernel.bindAsync(0, LISTENER, "listener", BindKind.SELF, EndpointNumbers.LOCALNODE);
        listener.receive(HAND, new Message(), Endpoint.FOREVER, rcode -> { });
    }

    private static long nanos(long milliseconds) {
        return Math.min(milliseconds, 1_000_000_000L) * 1_000_000L;
    }

    void pass(long milliseconds) {
        time.run(Duration.ofMillis(milliseconds));
    }

    HandConnection program() throws DvsException {
        HandConnection program = new HandConnection(gate);
        programs.add(program);
        return program;
    }

    HandConnection bound(int endpoint) throws DvsException {
        HandConnection program = program();
        program.frame(bind(endpoint));
        assertEquals(endpoint, program.sent.get(0).getInt(1));
        return program;
    }

    static byte[] bind(int endpoint) {
        return ByteBuffer.allocate(20 + NAME.length()).put(GateOp.BIND).putInt(GateOp.MAGIC).putShort(GateOp.VERSION)
                .put((byte) BindKind.SELF.ordinal()).putInt(0).putInt(endpoint).putInt(EndpointNumbers.LOCALNODE)
                .put(NAME.getBytes(StandardCharsets.UTF_8)).array();
    }

    /** All go; nothing of theirs may be left, and the others must be served as ever. */
    void end() throws DvsException {
        for (HandConnection program : programs) {
            program.sent.forEach(HandGate::check);
            program.close();
        }
        for (HandConnection program : programs) {
            program.run();
            program.late();
        }
        for (ProcessInfo process : kernel.processes(0)) {
            assertTrue(!process.name().equals(NAME), () -> "left behind: " + process);
            assertEquals(0, process.flags() & ProcessFlags.ONCOPY, () -> "kept still: " + process);
        }
        assertEquals(List.of(), kernel.waiting());
        // As many as are allowed come in again.
        for (int i = 0; i < 4; i++) {
            bound(100 + i).close();
        }
    }

    /** What the gate says is one of its words, of the length that the word has. */
    private static void check(ByteBuffer frame) {
        int behind = frame.limit() - 1;
        switch (frame.get(0)) {
            case GateOp.RESULT -> assertTrue(behind == 4 || behind == 8 || behind == 4 + Message.BYTES
                    || frame.getInt(1) < 0 && behind <= 4 + GateOp.MAX_WHY_BYTES, () -> "a result of " + behind + " bytes");
            case GateOp.COPY_READ -> assertEquals(16, behind);
            case GateOp.COPY_WRITE -> assertTrue(behind >= 12 && behind <= 12 + GateOp.MAX_COPY_BYTES);
            case GateOp.TERMINATE -> assertEquals(0, behind);
            default -> throw new AssertionError("it said " + frame.get(0));
        }
    }
}
