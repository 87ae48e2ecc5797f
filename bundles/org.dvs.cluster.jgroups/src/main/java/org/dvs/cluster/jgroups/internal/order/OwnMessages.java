package org.dvs.cluster.jgroups.internal.order;

import java.util.List;
import java.util.TreeMap;

/** The multicasts of this peer that it has not yet seen delivered. Not thread-safe. */
final class OwnMessages {
    /** Ticks without any progress after which they are sent to the sequencer again. */
    private static final int PATIENCE = 100;

    private final Peer self;
    private final TotalOrder.Limits limits;
    private final TreeMap<Long, Ordered> pending = new TreeMap<>();
    private long bytes;
    private long lastNumber;
    private long oldestSeen;
    private int ticks;

    OwnMessages(Peer self, TotalOrder.Limits limits) {
        this.self = self;
        this.limits = limits;
    }

    boolean isEmpty() {
        return pending.isEmpty();
    }

    /** A single message may be larger than what may be under way. */
    boolean hasRoomFor(int size) {
        return pending.isEmpty() || pending.size() < limits.pendingCount() && bytes + size <= limits.pendingBytes();
    }

    Ordered add(long cut, String channel, byte[] payload) {
        Ordered message = new Ordered(self, ++lastNumber, cut, channel, payload);
        pending.put(message.number(), message);
        bytes += payload.length;
        return message;
    }

    /** One of them, or one of an earlier time, has its place in the order. */
    void delivered(long number) {
        Ordered message = pending.remove(number);
        bytes -= message == null ? 0 : message.payload().length;
    }

    Frame.Forward forward(Ordered message, Epoch epoch) {
        return new Frame.Forward(epoch, pending.firstKey(), message.number(), message.cut(), message.channel(),
                message.payload());
    }

    List<Ordered> all() {
        return List.copyOf(pending.values());
    }

    boolean waits(Ordered message) {
        return pending.containsKey(message.number());
    }

    /** @return true if the oldest has waited for so long that all should be sent again */
    boolean tick() {
        if (pending.isEmpty() || pending.firstKey() != oldestSeen) {
            oldestSeen = pending.isEmpty() ? 0 : pending.firstKey();
            ticks = 0;
            return false;
        }
        return ++ticks % PATIENCE == 0;
    }
}
