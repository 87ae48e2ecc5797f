package org.dvs.cluster.jgroups.internal.engine;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

import org.dvs.cluster.api.Delivery;

/**
 * Messages for channels that nobody has open on this node: it is in the view as soon as it has joined, and whoever is to hear
 * them may start a moment later, or be replaced just now. They wait in their order for {@link #KEPT_FOR}, so that a request
 * with the usual deadline is answered or has ended by then. The oldest make room when there are too many. Called under the
 * engine's lock, but for {@link #dropped}.
 */
final class Unopened {
    /** Nanoseconds. */
    static final long KEPT_FOR = TimeUnit.SECONDS.toNanos(30);

    private record Waiting(String channel, Delivery delivery, boolean direct, long since) {
    }

    private final int maxMessages;
    private final long maxBytes;
    private final Deque<Waiting> waiting = new ArrayDeque<>();
    private final LongAdder dropped = new LongAdder();
    private long bytes;

    Unopened(int maxMessages, long maxBytes) {
        this.maxMessages = maxMessages;
        this.maxBytes = maxBytes;
    }

    /** @param now nanoseconds; what has waited before says so itself */
    void add(String channel, Delivery delivery, boolean direct, long now) {
        waiting.add(new Waiting(channel, delivery, direct, now - TimeUnit.MILLISECONDS.toNanos(delivery.waitedMs())));
        bytes += delivery.payload().length;
        while (waiting.size() > maxMessages || bytes > maxBytes) {
            dropFirst();
        }
    }

    /** Takes out what waits for a channel, oldest first. Nobody is owed anything for it. */
    List<ChannelPort.Item.Message> take(String channel, long now) {
        expire(now);
        List<ChannelPort.Item.Message> taken = new ArrayList<>();
        for (Iterator<Waiting> all = waiting.iterator(); all.hasNext();) {
            Waiting each = all.next();
            if (each.channel().equals(channel)) {
                all.remove();
                Delivery as = each.delivery();
                bytes -= as.payload().length;
                Delivery late = new Delivery(as.source(), as.cut(), as.view(), as.payload(),
                        TimeUnit.NANOSECONDS.toMillis(now - each.since()));
                taken.add(new ChannelPort.Item.Message(late, each.direct(), () -> { }));
            }
        }
        return taken;
    }

    /** Drops what has waited for too long. */
    void expire(long now) {
        while (!waiting.isEmpty() && now - waiting.peek().since() > KEPT_FOR) {
            dropFirst();
        }
    }

    private void dropFirst() {
        bytes -= waiting.remove().delivery().payload().length;
        dropped.increment();
    }

    void clear() {
        waiting.clear();
        bytes = 0;
    }

    /** Messages that waited in vain. Any thread. */
    long dropped() {
        return dropped.sum();
    }
}
