package org.dvs.cluster.jgroups.internal.order;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.LongConsumer;

/**
 * Gives the multicasts of one epoch their places, on the coordinator of its view. Stops when too much is not with all members, so
 * a slow member slows the senders. Not thread-safe.
 */
final class Sequencer {
    private final Mark mark;
    private final TotalOrder.Limits limits;
    private final TotalOrder.Outbox outbox;
    private final Consumer<Entry.Message> deliver;
    private final LongConsumer stableAt;
    private final Map<Peer, Long> acked = new HashMap<>();
    /** Of each origin, the last number that went into the backlog. */
    private final Map<Peer, Long> queued = new HashMap<>();
    private final Deque<Ordered> backlog = new ArrayDeque<>();
    /** Bytes of each message that not all members have, in order. */
    private final Deque<Integer> unstable = new ArrayDeque<>();
    private long unstableBytes;
    private long index;
    private long stable = -1;
    private long stableTold = -1;
    private int ticks;
    private boolean pumping;
    private boolean ended;

    /**
     * @param deliver  delivers here, and {@linkplain #acknowledged acknowledges} if this peer keeps up; may call back
     * @param stableAt hears up to which index all members have everything
     */
    Sequencer(Mark mark, TotalOrder.Limits limits, TotalOrder.Outbox outbox, Consumer<Entry.Message> deliver,
            LongConsumer stableAt) {
        this.mark = mark;
        this.limits = limits;
        this.outbox = outbox;
        this.deliver = deliver;
        this.stableAt = stableAt;
        mark.seats().forEach(seat -> acked.put(seat.peer(), -1L));
    }

    /** Up to here all members have everything; -1 before all have the view. */
    long stable() {
        return stable;
    }

    /** No more places: another view comes. */
    void end() {
        ended = true;
    }

    /** A message wants a place. Out of turn it is dropped; its origin sends it again, together with what is before it. */
    void forwarded(Peer from, Frame.Forward f) {
        if (!mark.contains(from)) {
            return;
        }
        long expected = queued.getOrDefault(from, f.oldest() - 1) + 1;
        if (f.number() == expected) {
            queued.put(from, expected);
            backlog.add(new Ordered(from, f.number(), f.cut(), f.channel(), f.payload()));
            pump();
        }
    }

    private void pump() {
        if (pumping) {
            return;
        }
        pumping = true;
        try {
            while (!ended && !backlog.isEmpty() && hasRoomFor(backlog.peek().payload().length)) {
                sequence(backlog.poll());
            }
        } finally {
            pumping = false;
        }
    }

    private boolean hasRoomFor(int bytes) {
        return index - stable < limits.unstableCount()
                && (unstableBytes == 0 || unstableBytes + bytes <= limits.unstableBytes());
    }

    private void sequence(Ordered message) {
        Position at = new Position(mark.epoch(), ++index);
        int bytes = message.payload().length;
        unstable.add(bytes);
        unstableBytes += bytes;
        stableTold = stable;
        outbox.multicast(new Frame.Sequenced(at.epoch(), at.index(), stable, message));
        deliver.accept(new Entry.Message(at, message));
    }

    /** A member has everything up to an index. */
    void acknowledged(Peer from, long upTo) {
        Long before = acked.get(from);
        if (before == null || before >= upTo || upTo > index) {
            return;
        }
        acked.put(from, upTo);
        long least = acked.values().stream().mapToLong(Long::longValue).min().orElse(-1);
        if (least > stable) {
            // The view itself, at index 0, has no bytes.
            for (long i = Math.max(stable, 0); i < least; i++) {
                unstableBytes -= unstable.remove();
            }
            stable = least;
            stableAt.accept(stable);
            pump();
        }
    }

    /** Tells now and then what there was nothing to send with. */
    void tick() {
        if (++ticks % TotalOrder.LAZY == 0 && stable > stableTold) {
            stableTold = stable;
            outbox.multicast(new Frame.Stable(mark.epoch(), stable));
        }
    }
}
