package org.dvs.cluster.jgroups.internal.order;

/**
 * A peer's place in a view.
 *
 * @param name  from its certificate
 * @param group members with the same number come from the same past; {@link #NEW} for one without any
 */
public record Seat(Peer peer, String name, int group) {
    /** The group of a peer that has not been in a view before. */
    public static final int NEW = -1;

    /** A seat in a view whose members have not yet told where they come from. */
    public Seat(Peer peer, String name) {
        this(peer, name, NEW);
    }
}
