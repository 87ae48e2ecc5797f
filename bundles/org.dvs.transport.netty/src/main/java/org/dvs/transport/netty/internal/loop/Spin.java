package org.dvs.transport.netty.internal.loop;

import java.util.concurrent.TimeUnit;

import io.netty.channel.SelectStrategy;
import io.netty.util.IntSupplier;

/**
 * Lets a loop that has just worked look for more instead of sleeping: the answer to what it sent is often there within
 * microseconds, and going to sleep and being woken costs more. Bounded, so that an idle loop uses nothing.
 */
final class Spin implements SelectStrategy {
    private volatile long spinNs;
    private long workedAt = System.nanoTime() - TimeUnit.SECONDS.toNanos(1);

    Spin(long micros) {
        spin(micros);
    }

    /** @param micros 0 never spins */
    void spin(long micros) {
        spinNs = TimeUnit.MICROSECONDS.toNanos(micros);
    }

    /** The loop has served a socket. */
    void worked() {
        if (spinNs > 0) {
            workedAt = System.nanoTime();
        }
    }

    @Override
    public int calculateStrategy(IntSupplier lookNow, boolean hasTasks) throws Exception {
        return hasTasks || System.nanoTime() - workedAt < spinNs ? lookNow.get() : SelectStrategy.SELECT;
    }
}
