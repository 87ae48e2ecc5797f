package org.dvs.agent.proxy.internal;

import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

import org.dvs.proxy.api.ProxyLink;

/** Faults of a pair, by name. */
final class Faults {
    /** The one that is of what goes out. */
    private static final String UNSENT = "unsent";

    private Faults() {
    }

    static SortedMap<String, Long> ofSender(ProxyLink link) {
        SortedMap<String, Long> counts = new TreeMap<>(link.faultCounts());
        counts.keySet().retainAll(Set.of(UNSENT));
        return counts;
    }

    static SortedMap<String, Long> ofReceiver(ProxyLink link) {
        SortedMap<String, Long> counts = new TreeMap<>(link.faultCounts());
        counts.remove(UNSENT);
        return counts;
    }

    /** {@code gap 2, silent 1}; empty for none. */
    static String text(SortedMap<String, Long> counts) {
        return counts.entrySet().stream().map(each -> each.getKey() + " " + each.getValue()).collect(Collectors.joining(", "));
    }
}
