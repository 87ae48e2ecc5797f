package org.dvs.apps.latency;

import java.util.Arrays;
import java.util.Locale;

/**
 * Round trips in figures.
 *
 * @param loops    counted round trips
 * @param minNs    shortest, nanoseconds
 * @param medianNs of all
 * @param p99Ns    that 99 of 100 do not exceed
 * @param maxNs    longest
 * @param totalNs  of all together
 */
public record Figures(int loops, long minNs, long medianNs, long p99Ns, long maxNs, long totalNs) {
    private static final double MICRO = 1_000.0;
    private static final double SECOND = 1_000_000_000.0;
    private static final int PERCENT = 100;

    /** @param samples nanoseconds of each round trip, at least one; sorted afterwards */
    static Figures of(long[] samples, long totalNs) {
        Arrays.sort(samples);
        return new Figures(samples.length, samples[0], samples[samples.length / 2],
                samples[(int) (samples.length * 99L / PERCENT)], samples[samples.length - 1], totalNs);
    }

    /** Round trips in a second. */
    public double perSecond() {
        return loops * SECOND / totalNs;
    }

    /** One line for people; a round trip is two messages, as the original counts. */
    @Override
    public String toString() {
        return String.format(Locale.ROOT, "%d round trips: min %.1f us, median %.1f us, p99 %.1f us, max %.1f us, "
                + "%.0f round trips/s, %.0f messages/s", loops, minNs / MICRO, medianNs / MICRO, p99Ns / MICRO,
                maxNs / MICRO, perSecond(), 2 * perSecond());
    }
}
