package org.dvs.testkit;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.Set;

/** Direct messages from one node to another: in order, held up while the network is cut, lost when a view parts the two. */
final class Link {
    private record Message(Epoch sentIn, String channel, byte[] payload) {
    }

    private final SimulatedCluster cluster;
    private final SimulatedNode from;
    private final SimulatedNode to;
    private final Queue<Message> held = new ArrayDeque<>();
    private long lastArrival;

    Link(SimulatedCluster cluster, SimulatedNode from, SimulatedNode to) {
        this.cluster = cluster;
        this.from = from;
        this.to = to;
    }

    void send(Epoch sentIn, String channel, byte[] payload) {
        long now = cluster.time().nanoTime();
        lastArrival = Math.max(lastArrival, now + cluster.hop());
        Message message = new Message(sentIn, channel, payload);
        cluster.time().after(lastArrival - now, () -> arrive(message));
    }

    private void arrive(Message message) {
        if (cluster.time().nanoTime() > from.silentFrom()) {
            return;
        }
        if (!held.isEmpty() || !cluster.sameSide(from, to)) {
            held.add(message);
        } else {
            to.run(() -> to.directArrives(from, message.sentIn(), message.channel(), message.payload()));
        }
    }

    /** Called before the members go over to a new view: what two parted nodes still had between them is gone. */
    void viewChanges(Set<SimulatedNode> members) {
        boolean concerned = members.contains(from) || members.contains(to);
        boolean together = members.contains(from) && members.contains(to)
                && from.last() != null && to.last() != null && from.last().epoch == to.last().epoch;
        if (concerned && !together) {
            held.clear();
        }
    }

    /** Lets go what was held up, if the network is whole between the two. */
    void release() {
        while (!held.isEmpty() && cluster.sameSide(from, to)) {
            Message message = held.poll();
            to.run(() -> to.directArrives(from, message.sentIn(), message.channel(), message.payload()));
        }
    }
}
