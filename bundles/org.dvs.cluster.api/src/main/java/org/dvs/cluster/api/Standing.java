package org.dvs.cluster.api;

/**
 * A registered node as the cluster sees it.
 *
 * @param member   who
 * @param role     in agreement
 * @param present  in the view of the node that was asked
 * @param leader   leads the agreed log
 * @param address  where its cluster port listens, as text; empty if not known
 */
public record Standing(Member member, Role role, boolean present, boolean leader, String address) {

    /** A node's part in agreement. */
    public enum Role {
        /** Counts for the majority. */
        VOTER,
        /** Receives what is agreed and does not count: new, or catching up. */
        LEARNER
    }
}
