package org.dvs.cluster.jgroups.internal.engine;

import java.util.LinkedHashSet;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.function.Predicate;

import org.dvs.cluster.jgroups.internal.order.Peer;

/**
 * The peers that this run of the node has been. Each try to join is another one, since the others' JGroups takes a second
 * connection of the same peer for an old repetition. A slow coordinator may let in one that was given up: by this it is known
 * for what it is. Thread-safe.
 */
final class Lives implements Predicate<Peer> {
    private static final int REMEMBERED = 256;

    private final int id;
    private final LongSupplier random;
    private final Set<Peer> former = new LinkedHashSet<>();
    private Peer current;

    /** @param random of incarnations, which must not be 0 */
    Lives(int id, LongSupplier random) {
        this.id = id;
        this.random = random;
    }

    /** From now on this node is another peer, which is returned. */
    synchronized Peer next() {
        if (current != null) {
            former.add(current);
            if (former.size() > REMEMBERED) {
                former.remove(former.iterator().next());
            }
        }
        current = new Peer(id, random.getAsLong() | 1);
        return current;
    }

    /** The peers of the tries to join that were given up, oldest first; at most 256. */
    synchronized Set<Peer> former() {
        return new LinkedHashSet<>(former);
    }

    /** True if it is this node in a try to join that was given up. */
    @Override
    public synchronized boolean test(Peer peer) {
        return former.contains(peer);
    }
}
