package org.dvs.cluster.api;

/**
 * A message that arrived.
 *
 * @param source   id of the node that sent it, as its certificate says
 * @param cut      the sender's cut number when it sent this, unsigned; 0 before the first cut
 * @param view     of this node at the message's place in the order
 * @param payload  the receiver's to keep
 * @param waitedMs milliseconds that it lay on this node until its channel was opened; 0 if that was open
 */
public record Delivery(int source, long cut, View view, byte[] payload, long waitedMs) {

    /** For a channel that is open. */
    public Delivery(int source, long cut, View view, byte[] payload) {
        this(source, cut, view, payload, 0);
    }
}
