package org.dvs.cluster.jgroups.internal.transport;

import java.time.Duration;

/**
 * Whether a node that finds no cluster may found one, alone. Two nodes that start together must not both found, because their two
 * clusters would have to merge afterwards, which takes seconds and looks like a mended network.
 *
 * <ul>
 * <li>No seeds: nobody to find, so at once.
 * <li>A node that may never found waits for ever: one that has yet to be admitted, or one that was refused.
 * <li>The first of the founders, as soon as each seed has said that it is in no cluster either, or does not listen; at the latest
 * after {@link #PATIENCE}.
 * <li>Each following founder one {@link #TURN} later than the one before it, should those be gone for good.
 * </ul>
 *
 * @param seeds  how many others there are to ask
 * @param rank   place among the founders, 0 first; -1 never founds
 */
public record FoundingRule(int seeds, int rank) {
    /** How long the first founder waits for seeds that listen and do not answer. */
    public static final Duration PATIENCE = Duration.ofMillis(1_500);
    /** How much later the next founder takes its turn. */
    public static final Duration TURN = Duration.ofSeconds(4);

    /**
     * @param waited    since the search began
     * @param outside   seeds that answered and are in no cluster
     * @param deaf      seeds where nobody listens
     * @param forbidden true if any of them refused the link to this node
     */
    public boolean mayFound(Duration waited, int outside, int deaf, boolean forbidden) {
        if (seeds == 0) {
            return true;
        }
        if (rank < 0 || forbidden) {
            return false;
        }
        Duration turn = TURN.multipliedBy(rank);
        boolean allKnown = outside + deaf >= seeds;
        return waited.compareTo(rank == 0 && allKnown ? Duration.ZERO : turn.plus(PATIENCE)) >= 0;
    }
}
