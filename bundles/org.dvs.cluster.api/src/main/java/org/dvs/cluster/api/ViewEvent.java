package org.dvs.cluster.api;

import java.util.List;

/**
 * One event that a new view stands for. A view that is both a partition and a merge gives two events, in this order.
 *
 * @param kind    what happened
 * @param before  the view before; at this node's own start: itself alone
 * @param after   the view after
 * @param changed who came or went, by id; for a MERGE those who came
 */
public record ViewEvent(Kind kind, View before, View after, List<Member> changed) {

    /** Source: seed 000, treatment of group messages; dvsd reference 11. */
    public enum Kind {
        /** A node came without a network event. */
        JOIN,
        /** A node left, or its process ended. */
        DISCONNECT,
        /** Nodes went because the network to them failed. */
        PARTITION,
        /** Nodes came back after a partition. */
        MERGE
    }
}
