package org.dvs.cluster.jgroups.internal.engine;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;

import org.dvs.cluster.api.Delivery;
import org.dvs.cluster.api.View;

/** The channels that are open on this node, and what waits for others. Called under the engine's lock. */
final class Ports {
    private final Map<String, ChannelPort> open = new HashMap<>();
    private final Unopened unopened;
    private final LongSupplier nanoTime;

    /**
     * @param maxMessages that may wait for channels that are not open, together
     * @param maxBytes    of them
     */
    Ports(int maxMessages, long maxBytes, LongSupplier nanoTime) {
        unopened = new Unopened(maxMessages, maxBytes);
        this.nanoTime = nanoTime;
    }

    /** @return false if one with its name is open; nothing was done then */
    boolean add(ChannelPort port) {
        return open.putIfAbsent(port.name(), port) == null;
    }

    /** The port hears what has waited for it, each message after the view that it came in, and the view now. */
    void begin(ChannelPort port, View now) {
        View told = null;
        for (ChannelPort.Item.Message message : unopened.take(port.name(), nanoTime.getAsLong())) {
            View then = message.delivery().view();
            if (!then.equals(told)) {
                port.put(new ChannelPort.Item.Change(then));
                told = then;
            }
            port.put(message);
        }
        if (!now.equals(told)) {
            port.put(new ChannelPort.Item.Change(now));
        }
    }

    /** From now on the port's messages wait for the next one, after those that it has not delivered. */
    void end(ChannelPort port) {
        if (open.remove(port.name(), port)) {
            for (ChannelPort.Item.Message message : port.end()) {
                unopened.add(port.name(), message.delivery(), message.direct(), nanoTime.getAsLong());
                message.taken().run();
            }
        }
    }

    /** Ends them all for good. */
    List<ChannelPort> endAll() {
        List<ChannelPort> all = List.copyOf(open.values());
        all.forEach(this::end);
        unopened.clear();
        return all;
    }

    /** @return true if the receiver is behind and may be waited for */
    boolean multicast(String channel, Delivery delivery) {
        ChannelPort port = open.get(channel);
        if (port == null) {
            unopened.add(channel, delivery, false, nanoTime.getAsLong());
            return false;
        }
        port.put(new ChannelPort.Item.Message(delivery, false, () -> { }));
        return port.holds();
    }

    /** @param taken run when the receiver has it; at once if it waits, as that is bounded by dropping and holds up nobody */
    void direct(String channel, Delivery delivery, Runnable taken) {
        ChannelPort port = open.get(channel);
        if (port == null) {
            unopened.add(channel, delivery, true, nanoTime.getAsLong());
            taken.run();
        } else {
            port.put(new ChannelPort.Item.Message(delivery, true, taken));
        }
    }

    void view(View view) {
        open.values().forEach(port -> port.put(new ChannelPort.Item.Change(view)));
    }

    /** True while one is full and may still be waited for. */
    boolean hold() {
        return open.values().stream().anyMatch(ChannelPort::holds);
    }

    /** Drops what has waited for too long. */
    void expire() {
        unopened.expire(nanoTime.getAsLong());
    }

    /** What waits is waited for no more. */
    void forget() {
        unopened.clear();
    }

    /** Messages that waited in vain. Any thread. */
    long dropped() {
        return unopened.dropped();
    }
}
