package org.dvs.proxy.internal.link;

import java.util.ArrayList;
import java.util.List;

import org.dvs.proxy.internal.frame.Hello;
import org.dvs.proxy.internal.frame.Options;

/**
 * What two ends have found out about each other and settled.
 *
 * @param peer        what the other end said
 * @param told        what this end said; null over a connection that was taken over from a bundle that has not left it
 * @param options     that count on this side
 * @param version     of the frames that go either way, unless they have data
 * @param differences between the two ends' settings, for people; empty if there are none
 * @param restarted   whether the peer is not the one that was known before: what it knew is gone
 */
public record Agreement(Hello peer, Told told, Options options, int version, List<String> differences, boolean restarted) {
    public Agreement {
        differences = List.copyOf(differences);
    }

    static Agreement of(Hello own, Hello peer, boolean restarted) {
        List<String> differences = new ArrayList<>(own.options().differences(peer.options()));
        if (own.maxData() != peer.maxData()) {
            differences.add("max data " + own.maxData() + " here, " + peer.maxData() + " there");
        }
        if (own.heartbeatMs() != peer.heartbeatMs()) {
            differences.add("heartbeat " + own.heartbeatMs() + " ms here, " + peer.heartbeatMs() + " ms there");
        }
        return new Agreement(peer, Told.of(own), own.options().with(peer.options()), Math.min(own.version(), peer.version()),
                differences, restarted);
    }

    /**
     * The same over a connection that was kept while this node's settings may have changed. Frames stay of the version that they
     * are of: the peer knows of no newer one.
     */
    Agreement again(Hello own) {
        Agreement now = of(own, peer, false);
        return new Agreement(peer, told, now.options, version, now.differences, false);
    }

    /**
     * Whether the two ends go by the same if this end wants that now, of which the peer has not been told: nothing less is worth
     * a break.
     */
    boolean holdsFor(Hello own) {
        return own.options().with(peer.options()).differences(options).isEmpty()
                && (told == null || periodMs(told.heartbeatMs()) == periodMs(own.heartbeatMs()));
    }

    /** @return milliseconds between two signs of life, either way */
    private int periodMs(int ownHeartbeatMs) {
        return Math.min(ownHeartbeatMs, peer.heartbeatMs());
    }
}
