package org.dvs.dispatcher.internal;

import java.util.function.Consumer;

import org.dvs.api.DvsException;
import org.dvs.cluster.api.Channel;
import org.dvs.testkit.SimulatedNode;
import org.dvs.testkit.SimulatedTime;

/** The loop and the way out of a simulated node. */
final class SimulatedLoop implements Loop, Outbox {
    private final SimulatedNode node;
    private final SimulatedTime time;
    private Channel channel;

    SimulatedLoop(SimulatedNode node, SimulatedTime time) {
        this.node = node;
        this.time = time;
    }

    void sendThrough(Channel open) {
        channel = open;
    }

    @Override
    public boolean execute(Runnable task) {
        node.after(0, task);
        return true;
    }

    @Override
    public long nanoTime() {
        return time.nanoTime();
    }

    @Override
    public Timer after(long delayNanos, Runnable task) {
        return node.after(delayNanos, task)::cancel;
    }

    @Override
    public void multicast(byte[] message, Consumer<DvsException> failed) {
        try {
            channel.multicast(message);
        } catch (DvsException e) {
            failed.accept(e);
        }
    }

    @Override
    public void send(int nodeId, byte[] message, Consumer<DvsException> failed) {
        try {
            channel.send(nodeId, message);
        } catch (DvsException e) {
            failed.accept(e);
        }
    }

    void sendNow(int nodeId, byte[] message) throws DvsException {
        channel.send(nodeId, message);
    }
}
