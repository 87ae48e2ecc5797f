package org.dvs.proxy.internal.pair;

/**
 * Whether compressing pays on this link now: compares how long data took to be acknowledged, per byte before compression, with
 * and without, and tries what it does not use now and then. Where the network is the bottleneck compressed data arrive sooner; on
 * a fast one the time of the processor counts. Data that do not get shorter cost their try only now and then, too. One frame is
 * timed at a time. Not thread-safe.
 */
final class Payoff {
    /** Frames until the other way is tried again: at first, and when it was found worse time and again. */
    private static final int RETRY = 64;
    private static final int MAX_RETRY = 4096;
    /** Frames shorter than that say more about the machine than about the network. */
    static final int LEAST_BYTES = 512;
    private static final double SMOOTHING = 0.25;
    /** What it must save at the least, as it costs both ends processor time, which programs need. */
    private static final double PAYS = 0.8;

    private double packedCost;
    private double plainCost;
    private int sincePacked;
    private int sincePlain;
    private int retry = RETRY;
    private boolean exploring;
    private int skip;
    private int nextSkip = 1;
    private long timed;
    private long begun;
    private int bytes;
    private boolean timedPacked;
    private boolean timedTry;

    /** Whether the next data should be compressed. */
    boolean compress(int length) {
        if (length < LEAST_BYTES) {
            return false;
        }
        if (skip > 0) {
            skip--;
            return false;
        }
        boolean better = better();
        exploring = better ? packedCost != 0 && sincePlain >= retry : sincePacked >= retry;
        return better != exploring;
    }

    private boolean better() {
        return packedCost == 0 || plainCost != 0 && packedCost <= PAYS * plainCost;
    }

    /**
     * Data went out.
     *
     * @param raw    bytes before compression
     * @param tried  whether compression was tried
     * @param packed whether it made them shorter
     * @param nanos  when they were taken, before they were compressed
     */
    void sent(long sequence, int raw, boolean tried, boolean packed, long nanos) {
        if (raw < LEAST_BYTES) {
            return;
        }
        if (tried && !packed) {
            skip = nextSkip;
            nextSkip = Math.min(RETRY, nextSkip * 2);
            return;
        }
        if (packed) {
            nextSkip = 1;
            sincePacked = 0;
            sincePlain++;
        } else {
            sincePlain = 0;
            sincePacked++;
        }
        if (timed == 0 || exploring) {
            // What is tried is rare: it is timed even if another frame is just now.
            timedTry = exploring;
            exploring = false;
            timed = sequence;
            begun = nanos;
            bytes = raw;
            timedPacked = packed;
        }
    }

    /** Frames up to this have arrived. */
    void acknowledged(long sequence, long nanos) {
        if (timed == 0 || sequence < timed) {
            return;
        }
        boolean before = better();
        double cost = (double) Math.max(1, nanos - begun) / bytes;
        if (timedPacked) {
            packedCost = newCost(packedCost, cost);
        } else {
            plainCost = newCost(plainCost, cost);
        }
        timed = 0;
        if (better() != before) {
            retry = RETRY;
        } else if (timedTry) {
            retry = Math.min(MAX_RETRY, retry * 2);
        }
    }

    /** What was found long ago, perhaps on a cold machine, says nothing against what was tried now. */
    private double newCost(double before, double cost) {
        return before == 0 || timedTry ? cost : before + SMOOTHING * (cost - before);
    }

    /** The connection is another one. */
    void reset() {
        timed = 0;
    }
}
