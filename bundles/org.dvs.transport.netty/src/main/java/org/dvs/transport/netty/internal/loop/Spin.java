package org.dvs.transport.netty.internal.loop;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

import io.netty.channel.SelectStrategy;
import io.netty.util.IntSupplier;

/**
 * Lets a loop that has just worked look for more instead of sleeping: the answer to what it sent is often there within
 * microseconds, and going to sleep and being woken costs more. Bounded, so that an idle loop uses nothing.
 *
 * <p>Where all processors are busy spinning does harm: it keeps the very process from running whose answer is awaited
 * (measured: a round trip of 81 us instead of 18). So it has to succeed: four times out of five, or it rests for a while, then
 * tries once.
 */
final class Spin implements SelectStrategy {
    private static final int BEST = 40;
    private static final int FAILURE = 4;
    private static final long SHORTEST_REST_NS = TimeUnit.MILLISECONDS.toNanos(5);
    private static final long LONGEST_REST_NS = TimeUnit.MILLISECONDS.toNanos(160);

    private final LongSupplier nanoClock;
    private volatile long spinNs;
    private long workedAt;
    private boolean spinning;
    private int score = BEST;
    private long restNs = SHORTEST_REST_NS;
    private long restedAt;

    Spin(long micros, LongSupplier nanoClock) {
        this.nanoClock = nanoClock;
        spin(micros);
        restedAt = nanoClock.getAsLong();
        workedAt = restedAt - TimeUnit.SECONDS.toNanos(1);
    }

    /** @param micros 0 never spins. Any thread */
    void spin(long micros) {
        spinNs = TimeUnit.MICROSECONDS.toNanos(micros);
    }

    /** The loop has served a socket. */
    void worked() {
        if (spinNs > 0) {
            workedAt = nanoClock.getAsLong();
        }
    }

    @Override
    public int calculateStrategy(IntSupplier lookNow, boolean hasTasks) throws Exception {
        if (hasTasks) {
            return lookNow.get();
        }
        long most = spinNs;
        if (most == 0) {
            return SelectStrategy.SELECT;
        }
        long now = nanoClock.getAsLong();
        if (now - workedAt >= most || now - restedAt < 0) {
            if (spinning) {
                failed(now);
            }
            return SelectStrategy.SELECT;
        }
        spinning = true;
        int ready = lookNow.get();
        if (ready > 0) {
            spinning = false;
            restNs = SHORTEST_REST_NS;
            score = Math.min(BEST, score + 1);
        }
        return ready;
    }

    private void failed(long now) {
        spinning = false;
        score -= FAILURE;
        if (score <= 0) {
            restedAt = now + restNs;
            restNs = Math.min(2 * restNs, LONGEST_REST_NS);
            score = FAILURE;
        }
    }
}
