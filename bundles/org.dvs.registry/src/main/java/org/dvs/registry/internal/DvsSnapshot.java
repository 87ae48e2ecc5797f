package org.dvs.registry.internal;

import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.cluster.api.AgreedState;
import org.dvs.cluster.api.AgreedState.Entry;
import org.dvs.cluster.api.Change;
import org.dvs.cluster.api.Member;
import org.dvs.kernel.api.DvsParameters;

/**
 * What the agreed state holds about the DVS at one moment.
 *
 * @param parameters those there are; in force only if there is a node
 * @param nodes      on which it is initialised, by id
 */
public record DvsSnapshot(Optional<DvsParameters> parameters, SortedMap<Integer, Node> nodes) {

    /** @param version of its entry */
    public record Node(String name, long version) {
    }

    /** Whoever reads this and then more of the state has conditions on what it read here hold until its change. */
    public static DvsSnapshot read(AgreedState state) throws DvsException {
        Optional<Entry> entry = state.get(DvsTable.PARAMETERS);
        Optional<DvsParameters> parameters = entry.isEmpty() ? Optional.empty()
                : Optional.of(DvsCodec.parameters(entry.get().value()));
        SortedMap<Integer, Node> nodes = new TreeMap<>();
        for (var node : state.list(DvsTable.NODES).entrySet()) {
            nodes.put(Integer.valueOf(node.getKey().substring(DvsTable.NODES.length())),
                    new Node(DvsCodec.node(node.getKey(), node.getValue().value()), node.getValue().version()));
        }
        return new DvsSnapshot(parameters, nodes);
    }

    public boolean on(int nodeId) {
        return nodes.containsKey(nodeId) && parameters.isPresent();
    }

    /** @throws DvsException {@code DVSINIT} if it is not initialised on that node */
    public DvsParameters parametersOn(Member node) throws DvsException {
        if (!on(node.id())) {
            List<String> names = nodes.values().stream().map(Node::name).toList();
            throw new DvsException(ErrorCode.DVSINIT, "the DVS is not initialised on " + node.name()
                    + (names.isEmpty() ? "" : "; it is on " + String.join(", ", names)));
        }
        return parameters.get();
    }

    /** The name of a node on which it is initialised; of another {@code node<id>}. */
    public String name(int nodeId) {
        return nodes.containsKey(nodeId) ? nodes.get(nodeId).name() : "node" + nodeId;
    }

    /**
     * Makes a change depend on a node staying initialised, and the end of the DVS on that node notice the change: its entry is
     * written anew, so that whoever ends the DVS there with an older reading has to read again.
     */
    public void touch(int nodeId, Change change) {
        Node node = nodes.get(nodeId);
        String key = DvsTable.NODES + nodeId;
        change.expect(key, node.version()).put(key, DvsCodec.encodeNode(node.name()));
    }
}
