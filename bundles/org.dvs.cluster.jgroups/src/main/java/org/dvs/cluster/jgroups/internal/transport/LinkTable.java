package org.dvs.cluster.jgroups.internal.transport;

import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Set;

/**
 * The links that stand to each node. Two nodes that call each other at the same time have two for a moment, until one is given
 * up: its end says nothing of the node. Only when the last link to a node breaks, its process has ended. Thread-safe.
 */
final class LinkTable {
    private final LinkListener listener;
    private final Map<Integer, Set<Object>> standing = new HashMap<>();

    /** @param listener called under a lock, so that it hears of one node's links in the order in which they came and went */
    LinkTable(LinkListener listener) {
        this.listener = listener;
    }

    synchronized void stands(NodeIdentity node, Object link) {
        standing.computeIfAbsent(node.id(), id -> Collections.newSetFromMap(new IdentityHashMap<>())).add(link);
        listener.up(node);
    }

    /**
     * A link has ended; one that does not stand is of no account.
     *
     * @param broken true if the other side ended it, and without a farewell
     * @return true if that was the end of the node's process
     */
    synchronized boolean ended(NodeIdentity node, Object link, boolean broken) {
        Set<Object> links = standing.getOrDefault(node.id(), Set.of());
        if (!links.contains(link)) {
            return false;
        }
        links.remove(link);
        if (!links.isEmpty()) {
            return false;
        }
        standing.remove(node.id());
        if (broken) {
            listener.broken(node);
        }
        return broken;
    }
}
