package org.dvs.proxy.internal.link;

import java.time.Duration;
import java.util.Random;

import org.dvs.proxy.internal.frame.Fault;
import org.dvs.testkit.SimulatedTime;

/** Two links and the network between them, from a seed. */
final class SimulatedLinks {
    private static final long TICK = 100_000_000;

    final Random random;
    final SimulatedTime time = new SimulatedTime();
    final SimulatedEnd[] ends;
    private final long slowest;
    boolean reachable = true;
    /** Versions go as soon as they have connected, some of them. */
    boolean restless;
    int connections;

    SimulatedLinks(long seed) {
        random = new Random(seed);
        slowest = 100_000L << random.nextInt(12);
        ends = new SimulatedEnd[] {new SimulatedEnd(this, 0), new SimulatedEnd(this, 1)};
        for (SimulatedEnd end : ends) {
            time.after(random.nextInt(1_000_000), () -> tick(end));
        }
    }

    private void tick(SimulatedEnd end) {
        end.link.tick();
        if (end.link.isUp()) {
            end.up.frame(0, end.link.sequences().received());
        }
        time.after(TICK, () -> tick(end));
    }

    long delay() {
        return 1 + (long) (random.nextDouble() * slowest);
    }

    void at(long nanos, Runnable task) {
        time.after(nanos - time.nanoTime(), task);
    }

    void dial(SimulatedEnd from, long attempt) {
        Link link = from.link;
        if (!reachable) {
            time.after(delay(), () -> link.dialFailed(attempt, Fault.LOST));
            return;
        }
        connections++;
        SimulatedEnd to = ends[1 - from.id];
        SimulatedWire mine = new SimulatedWire(this, from);
        mine.join(new SimulatedWire(this, to));
        time.after(delay(), () -> link.dialed(attempt, mine));
    }

    boolean isJoined() {
        SimulatedWire a = ends[0].up;
        SimulatedWire b = ends[1].up;
        return a != null && b != null && a.isOtherEndOf(b) && !a.ended && !b.ended;
    }

    boolean joins() {
        return time.runUntil(this::isJoined, Duration.ofMinutes(2));
    }
}
