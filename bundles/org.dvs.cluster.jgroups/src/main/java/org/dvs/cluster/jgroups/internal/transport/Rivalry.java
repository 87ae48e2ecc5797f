package org.dvs.cluster.jgroups.internal.transport;

import java.util.Collection;

/** Decides between two nodes that have one id and meet because parts of the cluster do. Called on threads of JGroups. */
public interface Rivalry {

    /** True if the nodes of these names are a majority of the voters, as far as this node's log knows them. Must not block. */
    boolean majority(Collection<String> names);

    /** Another node with this node's id is in the better part: this one has to go, for good. Returns at once. */
    void lost();
}
