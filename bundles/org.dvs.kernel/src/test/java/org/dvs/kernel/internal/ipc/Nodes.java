package org.dvs.kernel.internal.ipc;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;

import org.dvs.api.DvsException;
import org.dvs.kernel.api.BindKind;
import org.dvs.kernel.api.DcSettings;
import org.dvs.kernel.api.DvsParameters;
import org.dvs.kernel.api.EndpointNumbers;
import org.dvs.testkit.KernelLoopback;
import org.dvs.testkit.SimulatedTime;

/**
 * Nodes 0, 1, ... with one DC of which all are members, each joined with each, in simulated time and on the test's one thread.
 * Nothing moves between them but by {@link #settle}.
 */
final class Nodes {
    static final int DC = 0;
    /** At [b][a] the link of a and b, where a < b. */
    private final List<List<KernelLoopback>> links = new ArrayList<>();
    private final List<KernelCore> kernels = new ArrayList<>();
    private final List<Runnable> handed = new ArrayList<>();
    final SimulatedTime time = new SimulatedTime();

    Nodes(int count) throws DvsException {
        this(count, DvsParameters.DEFAULT, UnaryOperator.identity());
    }

    Nodes(int count, DvsParameters dvs, UnaryOperator<DcSettings> settings) throws DvsException {
        for (int id = 0; id < count; id++) {
            KernelCore kernel = bare();
            kernel.dvsInit(id, "node" + id, dvs);
            kernel.dcInit(settings.apply(DcSettings.of(DC, "dc0", dvs)));
            kernels.add(kernel);
            List<KernelLoopback> toEarlier = new ArrayList<>();
            for (int other = 0; other < id; other++) {
                toEarlier.add(KernelLoopback.join(kernels.get(other), kernel));
                KernelLoopback.members(DC, kernels.get(other), kernel);
            }
            links.add(toEarlier);
        }
    }

    /** A kernel without a DVS, in the time of these nodes. */
    KernelCore bare() {
        return new KernelCore(() -> TimeUnit.NANOSECONDS.toMillis(time.nanoTime()),
                (ms, task) -> time.after(TimeUnit.MILLISECONDS.toNanos(ms), task)::cancel, handed::add, 100);
    }

    KernelCore kernel(int node) {
        return kernels.get(node);
    }

    KernelLoopback link(int a, int b) {
        return links.get(Math.max(a, b)).get(Math.min(a, b));
    }

    /** Carries commands until none are left that may move. */
    void settle() {
        int moved;
        do {
            moved = links.stream().flatMap(List::stream).mapToInt(KernelLoopback::deliver).sum();
        } while (moved > 0);
    }

    void pass(long milliseconds) {
        time.run(Duration.ofMillis(milliseconds));
    }

    /** A program of a node, which all others know to be there. */
    Program bind(int node, int endpoint) throws DvsException {
        Program program = bindHere(node, endpoint, BindKind.SELF, EndpointNumbers.LOCALNODE);
        for (KernelCore kernel : kernels) {
            if (kernel != kernels.get(node)) {
                kernel.rmtbind(DC, program.number(), "p" + endpoint, node);
            }
        }
        return program;
    }

    /** A program of a node, of which no other node hears. */
    Program bindHere(int node, int endpoint, BindKind kind, int primary) throws DvsException {
        return Program.bind(kernels.get(node), DC, endpoint, kind, primary);
    }

    /** Tasks that handlers gave to the kernel's own threads; they are run by who takes them. */
    List<Runnable> takeHanded() {
        List<Runnable> taken = List.copyOf(handed);
        handed.clear();
        return taken;
    }
}
