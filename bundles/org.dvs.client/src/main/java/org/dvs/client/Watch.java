package org.dvs.client;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * Ends connections whose kernel does not answer. The kernel keeps the time of each call; this is for one that is frozen, so that
 * no call with a deadline waits for ever. One thread looks at all connections now and then, and ends with the last of them: a
 * timer of its own for each call would cost more than the call.
 */
final class Watch {
    /** How much later than the kernel. */
    static final long GRACE_MS = 5_000;
    private static final long LOOK_MS = 500;
    private static final Set<GateWire> WIRES = new HashSet<>();
    private static Thread looker;

    private Watch() {
    }

    static synchronized void begin(GateWire wire) {
        WIRES.add(wire);
        if (looker == null) {
            looker = new Thread(Watch::look, "dvs-client-deadline-1");
            looker.setDaemon(true);
            looker.start();
        }
    }

    /** A deadline comes sooner than it would look. */
    static synchronized void lookSoon() {
        Watch.class.notifyAll();
    }

    static synchronized void end(GateWire wire) {
        WIRES.remove(wire);
    }

    private static synchronized void look() {
        try {
            while (!WIRES.isEmpty()) {
                long soonest = TimeUnit.MILLISECONDS.toNanos(LOOK_MS);
                for (GateWire wire : List.copyOf(WIRES)) {
                    long left = wire.dueWithin();
                    if (left <= 0) {
                        wire.expire();
                    } else {
                        soonest = Math.min(soonest, left);
                    }
                }
                Watch.class.wait(TimeUnit.NANOSECONDS.toMillis(soonest) + 1);
            }
        } catch (InterruptedException e) {
            // Nobody's business to interrupt it: the next connection starts another one.
        }
        looker = null;
    }
}
