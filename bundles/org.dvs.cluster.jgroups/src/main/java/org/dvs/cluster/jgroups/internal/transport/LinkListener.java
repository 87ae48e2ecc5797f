package org.dvs.cluster.jgroups.internal.transport;

import org.dvs.api.DvsException;
import org.dvs.cluster.jgroups.internal.order.Peer;

/** Hears what happens to the links between nodes. Called on threads of the transport; must return at once. */
public interface LinkListener {

    /** A link to this node stands. */
    void up(NodeIdentity node);

    /** The node's side ended the last link to it without taking leave, as the kernel does for a process that ends. */
    void broken(NodeIdentity node);

    /** The node told the coordinator, which is this node, that it leaves. */
    void leaving(Peer peer);

    /**
     * A link was refused, by this node or the other.
     *
     * @param calling true if this node had called; false if a stranger did
     * @param why     {@code BADCERT} or {@code NODEBUSY}, naming the other end
     */
    void refused(boolean calling, DvsException why);
}
