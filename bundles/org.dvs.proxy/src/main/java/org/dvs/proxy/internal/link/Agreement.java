package org.dvs.proxy.internal.link;

import java.util.ArrayList;
import java.util.List;

import org.dvs.proxy.internal.frame.Hello;
import org.dvs.proxy.internal.frame.Options;

/**
 * What two ends have found out about each other and settled.
 *
 * @param peer        what the other end said
 * @param options     that count on this side
 * @param version     of the frames that go either way, unless they have data
 * @param maxData     most bytes of a copy in one frame, either way
 * @param differences between the two ends' settings, for people; empty if there are none
 * @param restarted   whether the peer is not the one that was known before: what it knew is gone
 */
public record Agreement(Hello peer, Options options, int version, int maxData, List<String> differences, boolean restarted) {
    public Agreement {
        differences = List.copyOf(differences);
    }

    static Agreement of(Hello own, Hello peer, boolean restarted) {
        List<String> differences = new ArrayList<>(own.options().differences(peer.options()));
        if (own.maxData() != peer.maxData()) {
            differences.add("max data " + own.maxData() + " here, " + peer.maxData() + " there");
        }
        return new Agreement(peer, own.options().with(peer.options()), Math.min(own.version(), peer.version()),
                Math.min(own.maxData(), peer.maxData()), differences, restarted);
    }
}
