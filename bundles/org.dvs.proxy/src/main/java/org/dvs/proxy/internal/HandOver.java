package org.dvs.proxy.internal;

import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

import org.dvs.kernel.api.ProxyPair;

/**
 * The wait for a connection of the version before that has not been handed over: until then the kernel takes the pair for
 * connected, and nothing is dialed. Once this has ended without it, whoever waited here has been told of a break, and whatever the
 * peer's programs wanted here is forgotten; so that connection must break indeed, for the peer's programs to be told too. For one
 * thread.
 */
final class HandOver {
    /** Until the transport has handed over the connection. A peer takes longer silence for death. */
    private static final long LONGEST_MS = 10_000;

    private final ProxyPair pair;
    private final BooleanSupplier parked;
    private final LongSupplier nanos;
    private final long by;
    private boolean awaited;

    /**
     * @param pair    as the kernel knows it
     * @param awaited whether the version before had connected it
     * @param parked  whether a connection that may be the one can still be handed over
     * @param nanos   monotonic
     */
    HandOver(ProxyPair pair, boolean awaited, BooleanSupplier parked, LongSupplier nanos) {
        this.pair = pair;
        this.awaited = awaited;
        this.parked = parked;
        this.nanos = nanos;
        by = nanos.getAsLong() + TimeUnit.MILLISECONDS.toNanos(LONGEST_MS);
    }

    boolean isAwaited() {
        return awaited;
    }

    /** To be called until it has ended: it does so by itself when the connection cannot come any more, or is late. */
    void look() {
        if (awaited && (nanos.getAsLong() - by >= 0 || !parked.getAsBoolean())) {
            giveUp();
        }
    }

    /** The connection is there. @return false if it is not waited for any more: then it is to break */
    boolean take() {
        boolean inTime = awaited;
        awaited = false;
        return inTime;
    }

    /** What was under way over that connection is lost with it. */
    void giveUp() {
        if (take()) {
            pair.disconnectSender();
            pair.disconnectReceiver();
        }
    }
}
