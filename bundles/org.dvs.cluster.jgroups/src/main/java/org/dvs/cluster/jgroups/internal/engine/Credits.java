package org.dvs.cluster.jgroups.internal.engine;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;

import org.dvs.cluster.jgroups.internal.order.Peer;

/**
 * How much may be under way to each peer in direct messages. Called under the engine's lock.
 *
 * <p>A receiver gives back what its channel has taken. Should that be lost with a link, a sender that found no room within its
 * deadline {@linkplain #forgive forgives} the rest, so nothing stays blocked for ever.
 */
final class Credits {
    private final long window;
    private final Map<Peer, Long> out = new HashMap<>();
    private final Map<Peer, Integer> owed = new HashMap<>();

    /** @param window bytes under way to one peer; a single message may be larger */
    Credits(long window) {
        this.window = window;
    }

    /** @return false if there is no room now; nothing was taken then */
    boolean take(Peer to, int bytes) {
        long before = out.getOrDefault(to, 0L);
        if (before > 0 && before + bytes > window) {
            return false;
        }
        out.put(to, before + bytes);
        return true;
    }

    void giveBack(Peer from, int bytes) {
        out.computeIfPresent(from, (peer, before) -> Math.max(0, before - bytes));
    }

    void forgive(Peer to) {
        out.remove(to);
    }

    /**
     * Notes that this node took bytes of a peer. What is too little to tell stays owed: with less than an eighth of the window
     * owed, there is room for a message of half the window, and no message is larger.
     *
     * @return what to give back now; 0 while it is too little to tell
     */
    int owe(Peer to, int bytes) {
        int sum = owed.merge(to, bytes, Integer::sum);
        if (sum < window / 8) {
            return 0;
        }
        owed.remove(to);
        return sum;
    }

    void retain(Set<Peer> members) {
        out.keySet().retainAll(members);
        owed.keySet().retainAll(members);
    }
}
