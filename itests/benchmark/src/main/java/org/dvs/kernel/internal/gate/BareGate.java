package org.dvs.kernel.internal.gate;

import java.nio.file.Path;

import org.dvs.api.DvsException;
import org.dvs.kernel.internal.ipc.KernelCore;
import org.dvs.transport.api.Address;
import org.dvs.transport.api.ListenOptions;
import org.dvs.transport.netty.internal.BareTransport;

/** A kernel's gate outside of any container; in this package because its protocol is. */
public final class BareGate {
    private BareGate() {
    }

    /** As a node opens it. */
    public static void open(BareTransport bare, KernelCore kernel, Path socket) throws DvsException {
        bare.offer(new GateProtocol(kernel, Integer.MAX_VALUE, GateProtocol.COPY_MS));
        bare.transport().listen("kernel-gate", GateProtocol.NAME, Address.unix(socket),
                ListenOptions.plain().loop(bare.transport().loops().get(0)));
    }
}
