package org.dvs.cluster.jgroups.internal.agree;

import org.jgroups.Address;

/** What surrounds a replica: its term and vote, which are kept on disk, and the way to the others. One thread. */
interface Site {
    Address self();

    long term();

    /** Goes to a higher term, durably; nobody leads then. */
    void advanceTo(long term);

    /** Whom this node voted for in this term; null if for nobody. */
    Address voted();

    /** Votes, durably; at most once in a term. */
    void vote(Address candidate);

    /** @return null if unknown */
    Address leader();

    void follow(Address leader);

    /** Nobody leads, as far as this node knows. */
    void stepDown();

    /** A clock that never goes back; only differences mean anything. */
    long nanos();

    /** Sends, or not: what is lost is sent again. */
    void send(Address to, Frame frame);
}
