package org.dvs.proxy.internal;

import java.time.Duration;
import java.util.Random;

import org.dvs.api.DvsException;
import org.dvs.kernel.api.DvsParameters;
import org.dvs.proxy.internal.frame.DigestKind;
import org.dvs.proxy.internal.frame.Options;
import org.dvs.testkit.SimulatedTime;

/** Two nodes, the network between them and what happens to it, in one thread and from one seed. */
final class SimulatedDvs {
    static final int DC = 0;
    static final DvsParameters PARAMETERS = DvsParameters.DEFAULT;
    private static final Duration LONG = Duration.ofMinutes(2);

    final Random random;
    final SimulatedTime time = new SimulatedTime();
    final SimulatedDvsNode[] nodes = new SimulatedDvsNode[2];
    /** What these nodes send gets lost, and nobody hears of it. */
    final boolean[] silent = new boolean[2];
    boolean reachable = true;
    private final long slowest;
    private Throwable failure;
    /** Frames until the connection that carries the last of them breaks. */
    private long framesLeft = Long.MAX_VALUE;
    private int replacedNext = -1;
    long frames;
    long cuts;
    long replacements;

    SimulatedDvs(long seed) throws DvsException {
        random = new Random(seed);
        slowest = 50_000L << random.nextInt(9);
        Options options = options();
        for (int id = 0; id < 2; id++) {
            nodes[id] = new SimulatedDvsNode(this, id, options);
        }
    }

    Options options() {
        int dice = random.nextInt(64);
        return new Options((dice & 1) == 0, (dice & 2) == 0, true, (dice & 4) == 0, (dice & 8) == 0, DigestKind.values()[dice >> 4]);
    }

    // ---- time

    long now() {
        return time.nanoTime();
    }

    long below(long bound) {
        return (long) (random.nextDouble() * bound);
    }

    long delay() {
        return 1 + below(slowest);
    }

    /** For code whose exceptions somebody would only log, too. */
    void at(long nanos, Runnable task) {
        time.after(nanos - now(), () -> {
            try {
                task.run();
            } catch (RuntimeException | AssertionError e) {
                failure = failure == null ? e : failure;
            }
        });
    }

    void soon(Runnable task) {
        at(now() + below(50_000), task);
    }

    /** The kernels' deadlines. */
    Runnable after(long milliseconds, Runnable task) {
        return time.after(milliseconds * 1_000_000, task)::cancel;
    }

    void run(Duration span) {
        time.run(span);
        check();
    }

    private void check() {
        if (failure != null) {
            throw new AssertionError(failure.getMessage(), failure);
        }
    }

    // ---- the network

    boolean isUp() {
        return nodes[0].proxies != null && nodes[1].proxies != null
                && nodes[0].link().link().isUp() && nodes[1].link().link().isUp();
    }

    /** Everything goes through again. @return whether the two are joined in time */
    boolean joins() {
        reachable = true;
        silent[0] = false;
        silent[1] = false;
        framesLeft = Long.MAX_VALUE;
        boolean joined = time.runUntil(() -> failure != null || isUp(), LONG);
        check();
        return joined;
    }

    void cut() {
        cuts++;
        for (SimulatedDvsNode node : nodes) {
            node.connections.removeIf(each -> !each.isOpen());
            node.connections.forEach(SimulatedConnection::cut);
        }
    }

    /** The connection breaks that carries the frame after so many. */
    void cutAfter(long more) {
        framesLeft = more;
    }

    /** The bundle of a node is replaced once so many frames have been sent. */
    void replaceAfter(long more, int node) {
        framesLeft = more;
        replacedNext = node;
    }

    void carried(SimulatedConnection over) {
        frames++;
        if (framesLeft-- == 0) {
            if (replacedNext >= 0) {
                at(now(), () -> replace(nodes[replacedNext]));
            } else {
                cuts++;
                over.cut();
            }
        }
    }

    /**
     * The bundle of a node goes, and its next version comes a little later, or much. What was left is handed over to that at once,
     * late, or too late; or it goes again before, as with {@code bundle:update --refresh}. Never so long that a call's time passes.
     */
    void replace(SimulatedDvsNode node) {
        boolean slow = random.nextInt(8) == 0;
        replace(node, below(slow ? 12_000_000_000L : 300_000_000),
                below(slow || random.nextInt(8) > 0 ? 500_000_000 : 15_000_000_000L));
    }

    private void replace(SimulatedDvsNode node, long absent, long handOver) {
        if (node.proxies == null) {
            return;
        }
        replacements++;
        node.park();
        at(now() + absent, () -> {
            try {
                node.resume(random.nextBoolean() ? 0 : handOver);
            } catch (DvsException e) {
                throw new AssertionError(e);
            }
            if (random.nextInt(3) == 0) {
                at(now() + below(400_000_000), () -> replace(node, below(300_000_000), below(500_000_000)));
            }
        });
    }

    /** Something happens. */
    void trouble() {
        SimulatedDvsNode node = nodes[random.nextInt(2)];
        switch (random.nextInt(12)) {
            case 0, 1 -> cut();
            case 2, 3, 4 -> cutAfter(below(12));
            case 5 -> silent[node.id] = !silent[node.id];
            case 6 -> reachable = !reachable;
            case 7 -> replace(node);
            case 8 -> operator(node, true);
            case 9 -> operator(node, false);
            default -> { }
        }
    }

    private void operator(SimulatedDvsNode node, boolean drains) {
        if (node.proxies == null) {
            return;
        }
        if (drains) {
            node.link().drain();
        } else {
            node.link().disconnect();
        }
        at(now() + below(2_000_000_000L), () -> connect(node));
    }

    private void connect(SimulatedDvsNode node) {
        if (node.proxies == null) {
            at(now() + 100_000_000, () -> connect(node));
        } else {
            node.link().connect();
        }
    }
}
