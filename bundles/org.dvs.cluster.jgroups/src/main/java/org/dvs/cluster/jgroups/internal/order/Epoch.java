package org.dvs.cluster.jgroups.internal.order;

/**
 * Names a view for ever: two sides of a partition may count to the same number, but not under the same founder.
 *
 * @param number  grows with every view of a peer
 * @param founder who made the view
 */
public record Epoch(long number, Peer founder) {
}
