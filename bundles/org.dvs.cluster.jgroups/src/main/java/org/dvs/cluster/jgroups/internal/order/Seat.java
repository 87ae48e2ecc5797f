package org.dvs.cluster.jgroups.internal.order;

/** A peer's place in a view, with the name from its certificate. */
public record Seat(Peer peer, String name) {
}
