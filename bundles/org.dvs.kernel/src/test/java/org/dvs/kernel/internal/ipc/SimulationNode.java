package org.dvs.kernel.internal.ipc;

import java.util.Map;
import java.util.TreeMap;

import org.dvs.api.DvsException;
import org.dvs.kernel.api.ProxyPair;

/** A kernel of the simulation, with the DC that everything happens in and a proxy pair to every other node. */
final class SimulationNode {
    static final int DC = 0;
    private static final int PROCESS = 1000;

    final int id;
    final KernelCore kernel;
    final Map<Integer, ProxyPair> pairs = new TreeMap<>();
    private final SimulationWorld world;

    SimulationNode(SimulationWorld world, int id) throws DvsException {
        this.world = world;
        this.id = id;
        kernel = new KernelCore(() -> world.now() / 1_000_000, world::after, task -> world.soon(task), PROCESS + id);
        kernel.dvsInit(id, "node" + id, world.parameters);
    }

    void attach(int other) throws DvsException {
        pairs.put(other, kernel.proxiesBind("pair" + other, other, world.pairBytes, 1));
        kernel.nodeUp("node" + other, other, other);
    }

    void beginDc() throws DvsException {
        kernel.dcInit(world.settings);
        for (int other : pairs.keySet()) {
            if (knows(other)) {
                kernel.addNode(DC, other);
            }
        }
    }

    boolean knows(int other) throws DvsException {
        return kernel.node(other).flags() != 0;
    }

    boolean isMember(int other) {
        Container dc = dc();
        return dc != null && dc.isMember(other);
    }

    /** Null while it does not run here. */
    Container dc() {
        try {
            return kernel.container(DC);
        } catch (DvsException e) {
            return null;
        }
    }

    /** Who is at a slot on this node, or null. */
    Proc at(int processNumber) {
        Container dc = dc();
        return dc == null ? null : dc.slots.at(processNumber);
    }

    @Override
    public String toString() {
        return "node" + id;
    }
}
