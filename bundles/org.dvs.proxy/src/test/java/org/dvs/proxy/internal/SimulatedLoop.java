package org.dvs.proxy.internal;

import java.util.concurrent.TimeUnit;

import org.dvs.transport.api.Loop;

/** The loop of a node whose time is simulated: tasks in their order, each a little later than it was given. */
final class SimulatedLoop implements Loop {
    private static final long LATE = 20_000;

    private final SimulatedDvs world;
    private long last;

    SimulatedLoop(SimulatedDvs world) {
        this.world = world;
    }

    @Override
    public boolean here() {
        return true;
    }

    @Override
    public boolean execute(Runnable task) {
        last = Math.max(last, world.now() + world.below(LATE));
        world.at(last, task);
        return true;
    }

    @Override
    public Timer schedule(Runnable task, long delay, TimeUnit unit) {
        boolean[] gone = new boolean[1];
        world.at(world.now() + unit.toNanos(delay), () -> {
            if (!gone[0]) {
                gone[0] = true;
                task.run();
            }
        });
        return () -> {
            boolean waits = !gone[0];
            gone[0] = true;
            return waits;
        };
    }
}
