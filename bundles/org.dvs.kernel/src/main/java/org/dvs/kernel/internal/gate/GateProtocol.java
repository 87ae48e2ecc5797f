package org.dvs.kernel.internal.gate;

import java.nio.ByteBuffer;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.kernel.api.gate.GateOp;
import org.dvs.kernel.internal.ipc.KernelCore;
import org.dvs.transport.api.Connection;
import org.dvs.transport.api.Handler;
import org.dvs.transport.api.Limits;
import org.dvs.transport.api.Peer;
import org.dvs.transport.api.Protocol;

/** Programs outside the container: each connection is one of them, and who it is the operating system says. */
final class GateProtocol implements Protocol {
    static final String NAME = "dvs-gate";

    private final KernelCore kernel;

    GateProtocol(KernelCore kernel) {
        this.kernel = kernel;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Limits limits(Limits configured) {
        // A program may wait for a message for ever, and its end is always seen.
        return configured.frameBytes(GateOp.MAX_COPY_BYTES + GateOp.HEADER_BYTES).idleMs(0);
    }

    @Override
    public Handler opened(Connection connection) throws DvsException {
        Peer.Process process = connection.peer().process().orElseThrow(() -> new DvsException(ErrorCode.PROTONOSUPPORT,
                "programs connect by a Unix-domain socket, not from " + connection.peer().address()));
        return new GateSession(kernel, connection, process);
    }

    @Override
    public Handler resumed(Connection connection, ByteBuffer state) throws DvsException {
        throw new DvsException(ErrorCode.SHUTDOWN, "a program does not outlive the kernel that it was bound in");
    }
}
