package org.dvs.proxy.internal.pair;

import java.util.SortedMap;
import java.util.TreeMap;

import org.dvs.proxy.internal.frame.Fault;

/** What a pair has carried since it was made. Written and read on its loop. */
public final class Counters {
    public long framesOut;
    public long commandsOut;
    /** Bytes of frames as they went out, lengths not included. */
    public long bytesOut;
    /** What they would have been uncompressed. */
    public long rawOut;
    public long packedOut;
    public long framesIn;
    public long commandsIn;
    public long bytesIn;
    public long rawIn;
    public long autobound;
    /** Commands that the kernel refused; their origins were told. */
    public long refused;
    /** Times that the link came up. */
    public long sessions;
    /** Of the newest ALIVE and its answer, smoothed; 0 before the first. */
    public long roundTripNanos;
    private final long[] faults = new long[Fault.values().length];

    public void fault(Fault why) {
        faults[why.ordinal()]++;
    }

    public long faults(Fault why) {
        return faults[why.ordinal()];
    }

    /** Frames and connections that were refused, and connections that broke; not those that two ends began at the same time. */
    public long faults() {
        long sum = 0;
        for (long each : faults) {
            sum += each;
        }
        return sum - faults(Fault.STALE) - faults(Fault.BUSY);
    }

    /** Those that happened, by {@link Fault#word}. */
    public SortedMap<String, Long> faultCounts() {
        SortedMap<String, Long> counts = new TreeMap<>();
        for (Fault fault : Fault.values()) {
            if (faults(fault) > 0) {
                counts.put(fault.word(), faults(fault));
            }
        }
        return counts;
    }

    public void roundTripped(long nanos) {
        roundTripNanos = roundTripNanos == 0 ? nanos : roundTripNanos + (nanos - roundTripNanos) / 4;
    }
}
