package org.dvs.benchmark.ipc;

import static org.dvs.kernel.api.EndpointNumbers.LOCALNODE;

import java.lang.ref.Reference;

import org.dvs.api.DvsException;
import org.dvs.kernel.api.BindKind;
import org.dvs.kernel.api.DcSettings;
import org.dvs.kernel.api.DvsParameters;
import org.dvs.kernel.internal.ipc.KernelCore;

/** Heap of an endpoint that is bound, its DC's empty slots included. */
final class EndpointMemory {
    private static final int BOUND = 10_000;
    private static final int TIMES = 3;
    private static final DvsParameters MANY = new DvsParameters("dvs", 1, 2, BOUND + 1, 35, BOUND + 35, 65_536, 1_048_576, 0);

    private EndpointMemory() {
    }

    private interface Binding {
        Object bind(KernelCore kernel, int endpoint) throws DvsException;
    }

    static void print() throws DvsException {
        System.out.printf("  heap of each of %,d bound endpoints: remote %d, threads %d, asynchronous %d, handlers %d bytes; "
                        + "goal <= 1,024%n",
                BOUND, bytes((kernel, endpoint) -> kernel.rmtbind(OneNode.DC, endpoint, "p" + endpoint, 1)),
                bytes((kernel, endpoint) -> kernel.bind(OneNode.DC, endpoint, "p" + endpoint, BindKind.SELF, LOCALNODE)),
                bytes((kernel, endpoint) -> kernel.bindAsync(OneNode.DC, endpoint, "p" + endpoint, BindKind.SELF, LOCALNODE)),
                bytes((kernel, endpoint) -> kernel.bindHandler(OneNode.DC, endpoint, "p" + endpoint, (message, self) -> { })));
    }

    /** The most of a few, as a round may begin before the memory of the one before is free. */
    private static long bytes(Binding binding) throws DvsException {
        long most = 0;
        for (int i = 0; i < TIMES; i++) {
            most = Math.max(most, once(binding));
        }
        return most;
    }

    private static long once(Binding binding) throws DvsException {
        try (OneNode node = new OneNode(MANY)) {
            KernelCore kernel = node.kernel();
            kernel.proxiesBind("pair1", 1, 65_536, 1);
            kernel.nodeUp("node1", 1, 1);
            long before = used();
            kernel.dcInit(DcSettings.of(OneNode.DC, "dc0", MANY));
            kernel.addNode(OneNode.DC, 1);
            Object[] bound = new Object[BOUND];
            for (int endpoint = 0; endpoint < BOUND; endpoint++) {
                bound[endpoint] = binding.bind(kernel, endpoint);
            }
            long after = used();
            Reference.reachabilityFence(bound);
            return (after - before) / BOUND;
        }
    }

    private static long used() {
        for (int i = 0; i < 3; i++) {
            System.gc();
        }
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }
}
