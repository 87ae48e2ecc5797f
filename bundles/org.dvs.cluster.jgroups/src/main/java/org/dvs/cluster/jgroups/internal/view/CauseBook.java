package org.dvs.cluster.jgroups.internal.view;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

import org.dvs.cluster.jgroups.internal.order.Cause;
import org.dvs.cluster.jgroups.internal.order.Peer;

/** What this node has noticed about others, to say why they went. Thread-safe. */
public final class CauseBook {
    private static final int MOST = 1_024;

    private final Set<Integer> ended = new LinkedHashSet<>();
    private final Set<Peer> left = new LinkedHashSet<>();

    /** A link to the node stands (again), so its process runs. */
    public synchronized void up(int nodeId) {
        ended.remove(nodeId);
    }

    /** The node's side broke a link without a farewell. */
    public synchronized void broken(int nodeId) {
        add(ended, nodeId);
    }

    /** The peer said that it leaves. */
    public synchronized void leaving(Peer peer) {
        add(left, peer);
    }

    /** What is known of peers that went. */
    public synchronized Map<Peer, Cause> causes(Collection<Peer> gone) {
        Map<Peer, Cause> causes = new LinkedHashMap<>();
        for (Peer peer : gone) {
            causes.put(peer, left.contains(peer) ? Cause.LEFT : ended.contains(peer.id()) ? Cause.ENDED : Cause.SILENT);
        }
        return causes;
    }

    private static <T> void add(Set<T> set, T element) {
        set.add(element);
        if (set.size() > MOST) {
            set.remove(set.iterator().next());
        }
    }
}
