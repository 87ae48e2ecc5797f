package org.dvs.api.dispatch;

/**
 * How many nodes at once, and when to give up.
 *
 * @param fanout  nodes asked at once at the most, 1 or more
 * @param batch   nodes per wave, {@code N} or {@code P%}; the next wave starts when the last has ended; empty for one wave
 * @param maxFail failed or silent nodes after which no further wave starts, {@code N} or {@code P%}; empty for no limit
 */
public record Pace(int fanout, String batch, String maxFail) {
    /** 64 at once, one wave, no limit of failures. */
    public static final Pace DEFAULT = new Pace(64, "", "");
}
