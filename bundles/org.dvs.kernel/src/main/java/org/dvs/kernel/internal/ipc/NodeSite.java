package org.dvs.kernel.internal.ipc;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.LongSupplier;

import org.dvs.kernel.api.DvsParameters;

/** The tables of an initialised DVS on this node. Entries are written under the kernel's lock and read by anybody. */
final class NodeSite implements Site {
    private final int localNode;
    private final DvsParameters dvs;
    private final LongSupplier clock;
    private final Deadlines deadlines;
    private final Executor handlers;
    private final AtomicReferenceArray<NodeState> nodes;
    private final AtomicReferenceArray<PairState> pairs;
    private final AtomicReferenceArray<Container> containers;
    final Membership membership = new Membership(this);
    final Pairing pairing = new Pairing(this);

    NodeSite(int localNode, String name, DvsParameters dvs, LongSupplier clock, Deadlines deadlines, Executor handlers) {
        this.localNode = localNode;
        this.dvs = dvs;
        this.clock = clock;
        this.deadlines = deadlines;
        this.handlers = handlers;
        nodes = new AtomicReferenceArray<>(dvs.nrNodes());
        pairs = new AtomicReferenceArray<>(dvs.nrNodes());
        containers = new AtomicReferenceArray<>(dvs.nrDcs());
        nodes.set(localNode, new NodeState(localNode, name, null));
    }

    @Override
    public int localNode() {
        return localNode;
    }

    @Override
    public DvsParameters dvs() {
        return dvs;
    }

    @Override
    public NodeState node(int nodeId) {
        return isNode(nodeId) ? nodes.get(nodeId) : null;
    }

    @Override
    public long now() {
        return clock.getAsLong();
    }

    @Override
    public Runnable after(long milliseconds, Runnable task) {
        return deadlines.after(milliseconds, task);
    }

    @Override
    public void execute(Runnable task) {
        handlers.execute(task);
    }

    boolean isNode(int nodeId) {
        return nodeId >= 0 && nodeId < nodes.length();
    }

    void node(int nodeId, NodeState state) {
        nodes.set(nodeId, state);
    }

    /** @return null for an id out of range or a free pair */
    PairState pair(int id) {
        return id < 0 || id >= pairs.length() ? null : pairs.get(id);
    }

    boolean isPair(int id) {
        return id >= 0 && id < pairs.length();
    }

    void pair(int id, PairState state) {
        pairs.set(id, state);
    }

    boolean isDc(int dcid) {
        return dcid >= 0 && dcid < containers.length();
    }

    /** @return null for an id out of range or a free DC */
    Container dc(int dcid) {
        return isDc(dcid) ? containers.get(dcid) : null;
    }

    void dc(int dcid, Container container) {
        containers.set(dcid, container);
    }

    /** Ends a DC with all its processes. Under the kernel's lock. */
    void end(Container dc) {
        dc(dc.settings.dcid(), null);
        dc.enter();
        try {
            dc.stop();
            for (Proc proc : dc.slots.all()) {
                if (proc.host != null) {
                    proc.host.terminate();
                }
                dc.exits.gone(proc);
            }
        } finally {
            dc.leave();
        }
    }

    List<Container> dcs() {
        return present(containers);
    }

    List<PairState> pairs() {
        return present(pairs);
    }

    List<NodeState> nodes() {
        return present(nodes);
    }

    BitSet dcsOf(int nodeId) {
        BitSet dcs = new BitSet();
        for (Container container : dcs()) {
            container.enter();
            try {
                dcs.set(container.settings.dcid(), container.isMember(nodeId));
            } finally {
                container.leave();
            }
        }
        return dcs;
    }

    private static <T> List<T> present(AtomicReferenceArray<T> table) {
        List<T> present = new ArrayList<>();
        for (int i = 0; i < table.length(); i++) {
            T entry = table.get(i);
            if (entry != null) {
                present.add(entry);
            }
        }
        return present;
    }
}
