package org.dvs.client;

import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Ends a connection whose kernel does not answer. The kernel keeps the time of each call; this is for one that is frozen, so that
 * no call with a deadline waits for ever.
 */
final class Watch implements AutoCloseable {
    /** How much later than the kernel. */
    private static final long GRACE_MS = 5_000;
    private static final Watch NONE = new Watch();

    private Future<?> due;
    private volatile boolean expired;

    private Watch() {
    }

    /** Made with the first call that has a deadline. */
    private static final class Clock {
        private static final ScheduledThreadPoolExecutor EXECUTOR = new ScheduledThreadPoolExecutor(1, task -> {
            Thread thread = new Thread(task, "dvs-client-deadline-1");
            thread.setDaemon(true);
            return thread;
        });

        static {
            EXECUTOR.setRemoveOnCancelPolicy(true);
        }
    }

    /** @param timeoutMs of the call; without a limit, or without a wait, nothing is watched */
    static Watch over(GateWire wire, long timeoutMs) {
        return within(wire, timeoutMs <= 0 ? timeoutMs : timeoutMs + GRACE_MS);
    }

    /** For what the kernel keeps no time of. */
    static Watch within(GateWire wire, long timeoutMs) {
        if (timeoutMs <= 0) {
            return NONE;
        }
        Watch watch = new Watch();
        watch.due = Clock.EXECUTOR.schedule(() -> {
            watch.expired = true;
            wire.close();
        }, timeoutMs, TimeUnit.MILLISECONDS);
        return watch;
    }

    /** Whether it has ended the connection. */
    boolean expired() {
        return expired;
    }

    @Override
    public void close() {
        if (due != null) {
            due.cancel(false);
        }
    }
}
