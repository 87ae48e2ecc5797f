package org.dvs.transport.netty.internal.loop;

/**
 * A loop's own milliseconds, that only go on. While the loop stands still, as its process or machine is paused, or its thread gets
 * no processor, it looks at no socket: what the peers did meanwhile it does not know yet. So of such a time no more than a second
 * counts, else all peers were taken for dead at its end. Not thread-safe.
 */
final class CoarseClock {
    static final long MOST_MS = 1_000;

    private long now;
    private long read;

    /** @param readMs of a clock that goes on in any case */
    CoarseClock(long readMs) {
        now = readMs;
        read = readMs;
    }

    /** As of the last {@link #read}. */
    long now() {
        return now;
    }

    /** To be called often. @param readMs of the clock from the constructor */
    long read(long readMs) {
        now += Math.min(Math.max(0, readMs - read), MOST_MS);
        read = readMs;
        return now;
    }
}
