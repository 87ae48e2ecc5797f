package org.dvs.benchmark;

import java.util.Arrays;

/**
 * Takes the times of round trips one after another; those of a first round do not count. Prints of each round the median round
 * trip and the round's time divided by its trips, in nanoseconds.
 */
final class Meter {
    /** Rounds of messages one way that do not count, until the compilers are done with what they run. */
    static final int WARM_UP = 40;

    private final int rounds;
    private final long[] times;
    private int warm;
    private int at;
    private int round;
    private long sentAt;
    private long roundFrom;

    Meter(int rounds, int trips) {
        this.rounds = rounds;
        times = new long[trips];
        warm = trips;
    }

    void sent() {
        sentAt = System.nanoTime();
    }

    /** @return false if it was the last one */
    boolean received() {
        long now = System.nanoTime();
        if (warm > 0) {
            warm--;
            roundFrom = now;
            return true;
        }
        times[at++] = now - sentAt;
        if (at == times.length) {
            Arrays.sort(times);
            System.out.println(times[at / 2] + " " + (now - roundFrom) / at);
            at = 0;
            roundFrom = System.nanoTime();
            round++;
        }
        return round < rounds;
    }
}
