package org.dvs.proxy.internal.pair;

import java.util.Arrays;

/**
 * Whether compressing pays on this link now: compares how long data took to be acknowledged, per byte before compression, with
 * and without, and tries what it does not use now and then. Where the network is the bottleneck compressed data arrive sooner; on
 * a fast one the time of the processor counts. Data that do not get shorter cost their try only now and then, too.
 *
 * <p>A try is a row of frames: what is under way before a frame is what the frame waits for, so one that is tried alone takes as
 * long as the others. It is timed once the first of the row has arrived, and several times. One frame is timed at a time. Not
 * thread-safe.
 */
final class Payoff {
    /** Frames until the other way is tried again: at first, and when it was found worse time and again. */
    private static final int RETRY = 64;
    private static final int MAX_RETRY = 4096;
    /** Frames shorter than that say more about the machine than about the network. */
    static final int LEAST_BYTES = 512;
    /** What it must save at the least, as it costs both ends processor time, which programs need. */
    private static final double PAYS = 0.8;
    /** A try of which one frame cost that much more than usual is given up at once. */
    private static final double HOPELESS = 1.5;
    /** What costs less than that beside the try before is still warming up: it is tried again soon. */
    private static final double IMPROVED = 0.8;

    private final Costs packedCosts = new Costs();
    private final Costs plainCosts = new Costs();
    /** The way that is used, and how many frames it has been since the other one was tried. */
    private boolean packing = true;
    private int since;
    private int retry = RETRY;
    private double lastTry = Double.MAX_VALUE;
    /** Of a try under way: its first frame, 0 before that, and whether that has arrived. */
    private boolean trying;
    private long first;
    private boolean settled;
    private int skip;
    private int nextSkip = 1;
    private long timed;
    private long begun;
    private int bytes;

    /** The last few costs of one way, in nanoseconds a byte; what is unusual in them does not count. */
    private static final class Costs {
        /** As many as a judgement needs. */
        private static final int ENOUGH = 3;

        private final double[] last = new double[ENOUGH];
        private int count;

        void add(double cost) {
            last[count++ % ENOUGH] = cost;
        }

        void clear() {
            count = 0;
        }

        boolean none() {
            return count == 0;
        }

        boolean enough() {
            return count >= ENOUGH;
        }

        /** Of at least one. */
        double usual() {
            double[] sorted = Arrays.copyOf(last, Math.min(count, ENOUGH));
            Arrays.sort(sorted);
            return sorted[sorted.length / 2];
        }
    }

    /** Whether the next data should be compressed. */
    boolean compress(int length) {
        if (length < LEAST_BYTES) {
            return false;
        }
        if (skip > 0) {
            skip--;
            return false;
        }
        if (!trying && used().enough() && (since >= retry || other().none())) {
            trying = true;
            other().clear();
            reset();
        }
        return wanted();
    }

    /** Whether frames are to be compressed now, used or tried. */
    private boolean wanted() {
        return packing != trying;
    }

    private Costs used() {
        return packing ? packedCosts : plainCosts;
    }

    private Costs other() {
        return packing ? plainCosts : packedCosts;
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
        }
        since++;
        if (packed != wanted()) {
            // It went out plain only because what came before did not get shorter.
            return;
        }
        if (trying && first == 0) {
            first = sequence;
        } else if (timed == 0 && (settled || !trying)) {
            timed = sequence;
            begun = nanos;
            bytes = raw;
        }
    }

    /** Frames up to this have arrived. */
    void acknowledged(long sequence, long nanos) {
        if (first != 0 && sequence >= first) {
            settled = true;
        }
        if (timed == 0 || sequence < timed) {
            return;
        }
        double cost = (double) Math.max(1, nanos - begun) / bytes;
        timed = 0;
        if (!trying) {
            used().add(cost);
            return;
        }
        other().add(cost);
        if (other().enough() || cost > HOPELESS * used().usual()) {
            judge();
        }
    }

    private void judge() {
        boolean pays = packedCosts.usual() <= PAYS * plainCosts.usual();
        double tried = other().usual();
        boolean soon = pays != packing || tried < IMPROVED * lastTry;
        retry = soon ? RETRY : Math.min(MAX_RETRY, retry * 2);
        lastTry = pays == packing ? tried : Double.MAX_VALUE;
        packing = pays;
        trying = false;
        since = 0;
        reset();
    }

    /** The connection is another one, or the way is: what is under way says nothing. */
    void reset() {
        timed = 0;
        first = 0;
        settled = false;
    }
}
