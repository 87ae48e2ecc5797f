package org.dvs.proxy.internal.pair;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayDeque;
import java.util.Deque;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("R-PXY-07")
class PayoffTest {
    private static final int BYTES = 65_536;
    private static final int FRAMES = 20_000;
    private static final int UNDER_WAY = 4;

    private final Payoff payoff = new Payoff();
    private long sequence;
    private long now;

    /** @return how many of the frames were compressed, each of which takes that long, as the others do */
    private int packed(int frames, long packedNanos, long plainNanos) {
        int packed = 0;
        for (int i = 0; i < frames; i++) {
            packed += frame(packedNanos, plainNanos) ? 1 : 0;
            payoff.acknowledged(sequence, now);
        }
        return packed;
    }

    private boolean frame(long packedNanos, long plainNanos) {
        boolean compress = payoff.compress(BYTES);
        payoff.sent(++sequence, BYTES, compress, compress, now);
        now += compress ? packedNanos : plainNanos;
        return compress;
    }

    @Test
    void compressesWhereTheNetworkIsTheBottleneck() {
        assertTrue(packed(FRAMES, 100_000, 500_000) > FRAMES * 0.99);
    }

    @Test
    void doesNotWhereTheProcessorIsAndTriesMoreAndMoreSeldom() {
        int first = packed(FRAMES, 90_000, 50_000);
        int second = packed(FRAMES, 90_000, 50_000);
        assertTrue(first < 30 && second <= 10, first + ", " + second);
    }

    @Test
    void costsTheProcessorNothingWhereItHardlySavesTime() {
        assertTrue(packed(FRAMES, 90_000, 100_000) < 50);
    }

    @Test
    void noticesThatTheNetworkHasBecomeAnother() {
        packed(FRAMES, 90_000, 50_000);
        // The next try is 4,096 frames away at the most.
        packed(4_100, 100_000, 500_000);
        assertTrue(packed(1_000, 100_000, 500_000) > 900);
        packed(4_100, 90_000, 50_000);
        assertTrue(packed(1_000, 90_000, 50_000) < 100);
    }

    @Test
    void isNotMisledByAFirstTryOnAColdMachine() {
        packed(1, 50_000_000, 500_000);
        packed(200, 100_000, 500_000);
        assertTrue(packed(1_000, 100_000, 500_000) > 900);
    }

    @Test
    void timesWhatItTriesThoughManyFramesAreUnderWay() {
        int packed = 0;
        for (int i = 0; i < FRAMES; i++) {
            packed += frame(100_000, 500_000) ? 1 : 0;
            payoff.acknowledged(sequence - UNDER_WAY, now);
        }
        assertTrue(packed > FRAMES * 0.95, packed + " of " + FRAMES);
    }

    /** A frame waits for those before it, of whichever kind they are: on a queue like that a single try is as slow as the rest. */
    @Test
    void findsOutBehindAQueueThatIsAlwaysFull() {
        assertTrue(packedInAQueue(100_000, 500_000) > FRAMES * 0.95);
    }

    @Test
    void findsOutBehindSuchAQueueThatItDoesNotPay() {
        assertTrue(packedInAQueue(500_000, 400_000) < FRAMES * 0.02);
    }

    private int packedInAQueue(long packedNanos, long plainNanos) {
        Deque<Long> arrivals = new ArrayDeque<>();
        long free = now;
        int packed = 0;
        for (int i = 0; i < FRAMES; i++) {
            if (arrivals.size() == UNDER_WAY) {
                now = arrivals.remove();
                payoff.acknowledged(sequence - arrivals.size(), now);
            }
            boolean compress = payoff.compress(BYTES);
            payoff.sent(++sequence, BYTES, compress, compress, now);
            packed += compress ? 1 : 0;
            free = Math.max(free, now) + (compress ? packedNanos : plainNanos);
            arrivals.add(free);
        }
        return packed;
    }

    @Test
    void isNotMisledByWhatIsUnusual() {
        int packed = 0;
        for (int i = 0; i < FRAMES; i++) {
            // Each seventh frame meets a machine that has something else to do.
            long late = i % 7 == 0 ? 1_000_000 : 0;
            packed += frame(90_000 + late, 50_000 + late) ? 1 : 0;
            payoff.acknowledged(sequence, now);
        }
        assertTrue(packed < FRAMES * 0.02, packed + " of " + FRAMES);
    }

    @Test
    void triesSeldomWhatDoesNotGetShorter() {
        int tried = 0;
        for (int i = 0; i < FRAMES; i++) {
            boolean compress = payoff.compress(BYTES);
            payoff.sent(++sequence, BYTES, compress, false, now);
            tried += compress ? 1 : 0;
        }
        assertTrue(tried < FRAMES / 50, tried + " of " + FRAMES);
        assertFalse(payoff.compress(Payoff.LEAST_BYTES - 1));
    }
}
