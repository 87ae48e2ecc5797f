package org.dvs.registry.api;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

import org.dvs.kernel.api.DcSettings;

/**
 * A DC as all nodes agree on it.
 *
 * @param nodes     its members: id to name
 * @param createdMs when it was made, milliseconds since the epoch, by the clock of the node that made it
 * @param ageMs     0 if this is what was agreed when it was asked; else how old it may be, because there is no majority to ask
 */
public record AgreedDc(DcSettings settings, SortedMap<Integer, String> nodes, long createdMs, long ageMs) {

    public AgreedDc {
        nodes = Collections.unmodifiableSortedMap(new TreeMap<>(nodes));
    }
}
