package org.dvs.cluster.api;

import org.osgi.annotation.versioning.ConsumerType;

/**
 * Hears a channel. All calls come one after another on one thread of the channel, in the order in which they happened; a
 * receiver hands work over and returns. What it throws is logged and counted, and nothing else.
 */
@ConsumerType
public interface Receiver {

    /** A multicast of any member, or this node's own. Same order on all nodes. */
    void multicast(Delivery delivery);

    /** A message sent to this node alone. */
    void direct(Delivery delivery);

    /**
     * A new view; before any message that was sent in it. Also the first view, when the channel opens or the node has joined, and
     * the same view once more when it gains or loses its majority without a change of members.
     */
    void view(View view);
}
