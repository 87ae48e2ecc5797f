package org.dvs.kernel.internal.gate;

import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicInteger;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.kernel.api.gate.GateOp;
import org.dvs.kernel.internal.ipc.KernelCore;
import org.dvs.transport.api.Connection;
import org.dvs.transport.api.Handler;
import org.dvs.transport.api.Limits;
import org.dvs.transport.api.Peer;
import org.dvs.transport.api.Protocol;

/**
 * Programs outside the container: each connection is one of them, and who it is the operating system says. What one of them can
 * make the kernel keep is bounded: one call, whose answer is one short frame; a few questions for its memory; and whatever it
 * does not take or does not finish in time ends its connection.
 */
final class GateProtocol implements Protocol {
    static final String NAME = "dvs-gate";
    /** Connections beyond the programs that are allowed: those are told why they are refused. */
    private static final int SPARE_CONNECTIONS = 64;
    static final String CROWDED = "as many programs are connected as the gate's setting maxPrograms allows";
    /** Within which a program must answer for its memory, as long as a remote chunk may take. */
    static final long COPY_MS = 30_000;
    /**
     * The chunks of a copy that are under way to a program that is slow to take them, and what is short beside; the transport
     * counts some hundred bytes more for each frame.
     */
    private static final int QUEUED_BYTES = 2 * GateOp.MAX_COPY_BYTES + 4_096;

    private final KernelCore kernel;
    private final int maxPrograms;
    private final long copyMs;
    private final AtomicInteger programs = new AtomicInteger();

    GateProtocol(KernelCore kernel, int maxPrograms, long copyMs) {
        this.kernel = kernel;
        this.maxPrograms = maxPrograms;
        this.copyMs = copyMs;
    }

    /** Connections open at once. */
    static int connections(int maxPrograms) {
        return maxPrograms + SPARE_CONNECTIONS;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Limits limits(Limits configured) {
        // A program may wait for a message for ever, and its end is always seen.
        return configured.frameBytes(GateOp.MAX_COPY_BYTES + GateOp.HEADER_BYTES)
                .queuedBytes(QUEUED_BYTES / 2, QUEUED_BYTES).idleMs(0);
    }

    @Override
    public Handler opened(Connection connection) throws DvsException {
        Peer.Process process = connection.peer().process().orElseThrow(() -> new DvsException(ErrorCode.PROTONOSUPPORT,
                "programs connect by a Unix-domain socket, not from " + connection.peer().address()));
        boolean crowded = programs.incrementAndGet() > maxPrograms;
        return new GateSession(kernel, connection, process, crowded, copyMs, programs::decrementAndGet);
    }

    @Override
    public Handler resumed(Connection connection, ByteBuffer state) throws DvsException {
        throw new DvsException(ErrorCode.SHUTDOWN, "a program does not outlive the kernel that it was bound in");
    }
}
