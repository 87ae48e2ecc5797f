package org.dvs.cluster.api;

/**
 * A message that arrived.
 *
 * @param source  id of the node that sent it, as its certificate says
 * @param cut     the sender's cut number when it sent this, unsigned; 0 before the first cut
 * @param view    of this node at the moment of delivery
 * @param payload the receiver's to keep
 */
public record Delivery(int source, long cut, View view, byte[] payload) {
}
