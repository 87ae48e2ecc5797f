package org.dvs.agent.dc.internal;

import java.util.BitSet;

import org.dvs.api.NodeSet;
import org.dvs.registry.api.NodeIds;

/** A bitmap of nodes for people: {@code node[0-2]}. */
final class Names {
    private Names() {
    }

    static String of(BitSet nodes, NodeIds ids) {
        return NodeSet.fold(nodes.stream().mapToObj(ids::name).toList());
    }
}
