package org.dvs.api.metrics;

import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/** Counts durations by the steps 1, 2.5, 5 from 1 ms to 10 s. Thread-safe, without a lock. Source: conventions 7. */
public final class Histogram {
    /** Upper ends of the buckets in seconds; a last bucket without an end follows. */
    public static final List<Double> BOUNDS =
            List.of(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0);

    private static final long[] NANOS = BOUNDS.stream().mapToLong(seconds -> Math.round(seconds * 1e9)).toArray();

    private final LongAdder[] counts = new LongAdder[NANOS.length + 1];
    private final LongAdder sumNanos = new LongAdder();

    public Histogram() {
        Arrays.setAll(counts, i -> new LongAdder());
    }

    /** @param duration below 0 counts as 0 */
    public void record(long duration, TimeUnit unit) {
        long nanos = Math.max(0, unit.toNanos(duration));
        int at = Arrays.binarySearch(NANOS, nanos);
        counts[at >= 0 ? at : -at - 1].increment();
        sumNanos.add(nanos);
    }

    /** What was recorded by now. */
    public Snapshot snapshot() {
        long[] upTo = new long[counts.length];
        long sum = 0;
        for (int i = 0; i < upTo.length; i++) {
            sum += counts[i].sum();
            upTo[i] = sum;
        }
        return new Snapshot(Arrays.stream(upTo).boxed().toList(), sumNanos.sum() / 1e9);
    }

    /**
     * @param counts     at most as long as each of {@link #BOUNDS}, ascending; the last one is that of all
     * @param sumSeconds of all durations
     */
    public record Snapshot(List<Long> counts, double sumSeconds) {
        public Snapshot {
            counts = List.copyOf(counts);
            if (counts.size() != BOUNDS.size() + 1) {
                throw new IllegalArgumentException(counts.size() + " buckets");
            }
        }

        public long count() {
            return counts.get(counts.size() - 1);
        }
    }
}
