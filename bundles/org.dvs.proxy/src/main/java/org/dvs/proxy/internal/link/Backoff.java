package org.dvs.proxy.internal.link;

import java.util.Random;

/** Ever longer waits, each somewhere between half of it and the whole, so that two ends do not keep meeting half-way. */
final class Backoff {
    private final long least;
    private final long most;
    private final Random random;
    private long next;

    /** @param least nanoseconds, 1 or more */
    Backoff(long least, long most, Random random) {
        this.least = least;
        this.most = Math.max(least, most);
        this.random = random;
        next = least;
    }

    /** @return nanoseconds */
    long next() {
        long wait = next;
        next = Math.min(most, next * 2);
        return wait / 2 + (long) (random.nextDouble() * (wait - wait / 2));
    }

    /** As {@link #next} of one that has failed very often. */
    long longest() {
        next = most;
        return next();
    }

    void reset() {
        next = least;
    }
}
