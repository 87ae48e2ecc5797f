package org.dvs.cluster.jgroups.internal.transport;

import org.dvs.api.DvsException;

/** Hears what happens to the links between nodes. Called on threads of the transport; must return at once. */
public interface LinkListener {

    /** A link to this node stands. */
    void up(NodeIdentity node);

    /** The node's side ended a link without taking leave, as the kernel does for a process that ends. */
    void broken(NodeIdentity node);

    /**
     * A link was refused, by this node or the other.
     *
     * @param where the other end
     * @param why   {@code BADCERT} or {@code NODEBUSY}
     */
    void refused(String where, DvsException why);
}
