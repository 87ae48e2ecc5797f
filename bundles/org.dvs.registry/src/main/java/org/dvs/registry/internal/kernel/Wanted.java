package org.dvs.registry.internal.kernel;

import java.util.Collections;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

import org.dvs.api.DvsException;
import org.dvs.cluster.api.AgreedState;
import org.dvs.cluster.api.Member;
import org.dvs.cluster.api.View;
import org.dvs.kernel.api.DvsParameters;
import org.dvs.registry.internal.DvsSnapshot;
import org.dvs.registry.internal.dc.DcRecord;
import org.dvs.registry.internal.dc.DcRecords;

/**
 * What this node's kernel should hold.
 *
 * @param local      this node
 * @param parameters of the DVS; empty if it is not initialised here
 * @param ours       ids of the nodes that this is about: those of the cluster and of the DVS. A kernel may know others, which are
 *                   somebody else's, such as the balancer's virtual node
 * @param nodes      the other nodes on which it is initialised and which are there or only silent, id to name
 * @param dcs        those of which this node is a member, by id
 */
record Wanted(Member local, Optional<DvsParameters> parameters, Set<Integer> ours, SortedMap<Integer, String> nodes,
              SortedMap<Integer, DcRecord> dcs) {

    Wanted {
        ours = Set.copyOf(ours);
        nodes = Collections.unmodifiableSortedMap(nodes);
        dcs = Collections.unmodifiableSortedMap(dcs);
    }

    /**
     * @param registered ids of the cluster's nodes, in the view or not
     * @param silent     ids of those not in the view that may be heard again as they were
     * @throws DvsException {@code GENERIC} if something agreed cannot be read
     */
    static Wanted read(AgreedState state, Member local, View view, Set<Integer> registered, Set<Integer> silent)
            throws DvsException {
        DvsSnapshot dvs = DvsSnapshot.read(state);
        Set<Integer> ours = new HashSet<>(registered);
        ours.addAll(dvs.nodes().keySet());
        if (!dvs.on(local.id())) {
            return new Wanted(local, Optional.empty(), ours, new TreeMap<>(), new TreeMap<>());
        }
        Set<Integer> present = view.members().stream().map(Member::id).collect(Collectors.toSet());
        SortedMap<Integer, String> nodes = new TreeMap<>();
        dvs.nodes().forEach((id, node) -> {
            if (id != local.id() && (present.contains(id) || silent.contains(id))) {
                nodes.put(id, node.name());
            }
        });
        SortedMap<Integer, DcRecord> dcs = new DcRecords(state).all();
        dcs.values().removeIf(dc -> !dc.nodes().contains(local.id()));
        return new Wanted(local, dvs.parameters(), ours, nodes, dcs);
    }
}
