package org.dvs.cluster.jgroups.internal.order;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * One order of all multicasts and views, for all members: a sequencer (the coordinator of the view), and a flush at each change
 * of view. Not thread-safe, without clock and network: the engine calls it under its lock.
 *
 * <p><b>Why not JGroups' SEQUENCER.</b> It forwards and re-broadcasts, but when the sequencer dies, one survivor may have
 * delivered what another never gets, and views do not stand at one place of the order. Here a view is an entry of the order like
 * a message, and before it is delivered all its members bring each other to the same place.
 *
 * <p><b>Normal.</b> An origin sends {@code Forward} to the sequencer, which gives it the next index of the epoch and sends
 * {@code Sequenced} to all. Members deliver by index and acknowledge. What all have acknowledged is stable and forgotten; the
 * rest is kept as history. The sequencer stops when too much is not stable, so a slow member slows the senders.
 *
 * <p><b>New view.</b> Each member stops, and sends the new coordinator {@code Flush}: its place and its history. When all have,
 * the coordinator finds for each member the longest history that continues from that member's place, and sends it
 * {@code Sync}: what it lacks, then the view. Members that were in separate groups have no common history and lack nothing of
 * each other. Then each origin forwards again what it has not yet seen delivered. If the coordinator dies meanwhile, the next
 * view starts over; who had got a {@code Sync} already is simply further ahead than the others.
 *
 * <p><b>What holds.</b> Members that go through the same views deliver the same messages in the same order between them; each
 * message once; the messages of one origin in the order in which it sent them; a message of a member that stays is delivered.
 * A message that only the dead sequencer had delivered may come later or, if its origin died too, never.
 */
public final class TotalOrder {
    private static final int MAX_EARLY = 16;
    private static final int MAX_DEPARTED = 512;

    /**
     * @param pendingCount   most multicasts of this peer that are not delivered yet
     * @param pendingBytes   most bytes of them
     * @param unstableCount  most multicasts that not all members have
     * @param unstableBytes  most bytes of them
     * @param ackCount       acknowledge at the latest after so many
     * @param ackBytes       and after so many bytes
     */
    public record Limits(int pendingCount, long pendingBytes, int unstableCount, long unstableBytes, int ackCount,
            long ackBytes) {
        public static final Limits DEFAULT = new Limits(512, 2L << 20, 4_096, 4L << 20, 64, 256L << 10);
    }

    /** Sends; reliable and in order from one peer to one other while both are in a view. Must not block for long. */
    public interface Outbox {
        void send(Peer to, Frame frame);

        /** To all members of the newest view but this peer. */
        void multicast(Frame frame);
    }

    /** Takes what is in order. */
    public interface Sink {
        void message(Ordered message);

        void view(Mark mark);
    }

    private final Peer self;
    private final Limits limits;
    private final Outbox outbox;
    private final Sink sink;

    /** Everybody has what is up to here. */
    private Optional<Position> base = Optional.empty();
    private final Deque<Entry> history = new ArrayDeque<>();
    private Mark current;
    private long index;
    private final Map<Peer, Long> delivered = new LinkedHashMap<>();

    private long lastNumber;
    private final TreeMap<Long, Ordered> pending = new TreeMap<>();
    private long pendingBytes;
    private long oldestSeen;
    private int ticksPending;

    private Mark target;
    private int ticksFlushing;
    private final Map<Peer, Frame.Flush> gathered = new HashMap<>();
    private final Map<Epoch, Map<Peer, Frame.Flush>> early = new LinkedHashMap<>();
    private final Map<Peer, Frame.Sync> synced = new HashMap<>();
    private final Map<Long, Frame.Sequenced> ahead = new TreeMap<>();
    private Epoch aheadEpoch;
    private int ticksMissing;

    private boolean sequencing;
    private boolean pumping;
    private long stable;
    private long stableTold;
    private long unstableBytes;
    private final Map<Peer, Long> acked = new HashMap<>();
    /** Of each origin, the last number that went into the backlog in this epoch. */
    private final Map<Peer, Long> queued = new HashMap<>();
    private final Deque<Ordered> backlog = new ArrayDeque<>();

    private boolean holding;
    private long ackTold = -1;
    private long bytesSinceAck;

    public TotalOrder(Peer self, Limits limits, Outbox outbox, Sink sink) {
        this.self = self;
        this.limits = limits;
        this.outbox = outbox;
        this.sink = sink;
    }

    /** The view that was delivered last; empty before the first. */
    public Optional<Mark> current() {
        return Optional.ofNullable(current);
    }

    /** True from a new view until it is delivered. */
    public boolean flushing() {
        return target != null;
    }

    /** @return false if this peer has too much under way already; nothing was done then */
    public boolean submit(String channel, long cut, byte[] payload) {
        if (!pending.isEmpty()
                && (pending.size() >= limits.pendingCount() || pendingBytes + payload.length > limits.pendingBytes())) {
            return false;
        }
        Ordered message = new Ordered(self, ++lastNumber, cut, channel, payload);
        pending.put(message.number(), message);
        pendingBytes += payload.length;
        if (current != null && target == null) {
            forward(message);
        }
        return true;
    }

    /** While true, nothing is acknowledged: what was delivered here cannot be kept up with. */
    public void hold(boolean hold) {
        holding = hold;
        if (!hold) {
            acknowledge();
        }
    }

    /**
     * A new view.
     *
     * @param causes what this peer knows of those who went
     */
    public void view(Epoch epoch, List<Seat> seats, Map<Peer, Cause> causes) {
        target = new Mark(epoch, seats, causes);
        ticksFlushing = 0;
        sequencing = false;
        backlog.clear();
        gathered.clear();
        synced.clear();
        if (aheadEpoch != null && aheadEpoch.number() < epoch.number()) {
            ahead.clear();
            aheadEpoch = null;
        }
        Map<Peer, Frame.Flush> came = early.remove(epoch);
        early.keySet().removeIf(other -> other.number() <= epoch.number());
        if (came != null) {
            gathered.putAll(came);
        }
        flush();
    }

    /** What a peer sent. */
    public void receive(Peer from, Frame frame) {
        if (frame instanceof Frame.Forward f) {
            forwarded(from, f);
        } else if (frame instanceof Frame.Sequenced f) {
            sequenced(from, f);
        } else if (frame instanceof Frame.Ack f) {
            acknowledged(from, f);
        } else if (frame instanceof Frame.Stable f) {
            if (normal(f.epoch()) && from.equals(current.coordinator())) {
                forget(f.index());
            }
        } else if (frame instanceof Frame.Missing f) {
            repeat(from, f);
        } else if (frame instanceof Frame.Flush f) {
            flushed(from, f);
        } else if (frame instanceof Frame.Sync f) {
            sync(from, f);
        }
    }

    /** Call each 10 ms or so: sends what was worth waiting for, and repeats what seems lost. */
    public void tick() {
        if (target != null && ++ticksFlushing % 50 == 0) {
            flush();
        }
        if (current == null || target != null) {
            return;
        }
        if (!ahead.isEmpty() && ++ticksMissing % 10 == 0) {
            outbox.send(current.coordinator(), new Frame.Missing(current.epoch(), index + 1));
        }
        if (!pending.isEmpty() && pending.firstKey() == oldestSeen) {
            if (++ticksPending % 100 == 0) {
                forwardAll();
            }
        } else {
            oldestSeen = pending.isEmpty() ? 0 : pending.firstKey();
            ticksPending = 0;
        }
        acknowledge();
        if (sequencing && stable > stableTold) {
            stableTold = stable;
            outbox.multicast(new Frame.Stable(current.epoch(), stable));
        }
    }

    private boolean normal(Epoch epoch) {
        return target == null && current != null && current.epoch().equals(epoch);
    }

    // ---- normal operation

    private void forward(Ordered message) {
        Peer sequencer = current.coordinator();
        Frame.Forward frame = new Frame.Forward(current.epoch(), pending.firstKey(), message.number(), message.cut(),
                message.channel(), message.payload());
        if (sequencer.equals(self)) {
            forwarded(self, frame);
        } else {
            outbox.send(sequencer, frame);
        }
    }

    /** What is forwarded may be delivered at once, and is pending no longer then. */
    private void forwardAll() {
        List.copyOf(pending.values()).stream().filter(message -> pending.containsKey(message.number())).forEach(this::forward);
    }

    private void forwarded(Peer from, Frame.Forward f) {
        if (!sequencing || !normal(f.epoch()) || !current.contains(from)) {
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
            sequenceBacklog();
        } finally {
            pumping = false;
        }
    }

    private void sequenceBacklog() {
        while (sequencing && !backlog.isEmpty() && index - stable < limits.unstableCount()
                && (unstableBytes == 0 || unstableBytes + backlog.peek().payload().length <= limits.unstableBytes())) {
            Ordered message = backlog.poll();
            Position at = new Position(current.epoch(), index + 1);
            stableTold = stable;
            outbox.multicast(new Frame.Sequenced(at.epoch(), at.index(), stable, message));
            unstableBytes += message.payload().length;
            apply(new Entry.Message(at, message));
            if (!holding) {
                acknowledged(self, new Frame.Ack(at.epoch(), at.index()));
            }
        }
    }

    private void sequenced(Peer from, Frame.Sequenced f) {
        boolean now = normal(f.epoch());
        if (!now) {
            boolean future = target != null ? f.epoch().number() >= target.epoch().number()
                    : current == null || f.epoch().number() > current.epoch().number();
            if (!future) {
                return;
            }
            if (!f.epoch().equals(aheadEpoch)) {
                if (aheadEpoch != null && aheadEpoch.number() > f.epoch().number()) {
                    return;
                }
                ahead.clear();
                aheadEpoch = f.epoch();
            }
        } else if (!from.equals(current.coordinator()) || f.index() <= index) {
            return;
        } else if (!f.epoch().equals(aheadEpoch)) {
            ahead.clear();
            aheadEpoch = f.epoch();
        }
        if (now && f.index() == index + 1) {
            deliver(f);
            drain();
        } else if (ahead.size() <= limits.unstableCount()) {
            ahead.put(f.index(), f);
        }
    }

    private void drain() {
        if (current == null || !current.epoch().equals(aheadEpoch)) {
            return;
        }
        Iterator<Frame.Sequenced> next = ahead.values().iterator();
        while (next.hasNext()) {
            Frame.Sequenced f = next.next();
            if (f.index() > index + 1) {
                break;
            }
            next.remove();
            if (f.index() == index + 1) {
                deliver(f);
            }
        }
        ticksMissing = 0;
    }

    private void deliver(Frame.Sequenced f) {
        apply(new Entry.Message(new Position(f.epoch(), f.index()), f.message()));
        forget(Math.min(f.stable(), index));
        bytesSinceAck += f.message().payload().length;
        if (index - ackTold >= limits.ackCount() || bytesSinceAck >= limits.ackBytes()) {
            acknowledge();
        }
    }

    private void acknowledge() {
        if (holding || current == null || target != null || ackTold == index) {
            return;
        }
        ackTold = index;
        bytesSinceAck = 0;
        Frame.Ack ack = new Frame.Ack(current.epoch(), index);
        if (current.coordinator().equals(self)) {
            acknowledged(self, ack);
        } else {
            outbox.send(current.coordinator(), ack);
        }
    }

    private void acknowledged(Peer from, Frame.Ack f) {
        if (!sequencing || !normal(f.epoch()) || f.index() > index) {
            return;
        }
        Long before = acked.get(from);
        if (before == null || before >= f.index()) {
            return;
        }
        acked.put(from, f.index());
        long least = acked.values().stream().mapToLong(Long::longValue).min().orElse(-1);
        if (least > stable) {
            stable = least;
            synced.clear();
            forget(stable);
            pump();
        }
    }

    private void repeat(Peer from, Frame.Missing f) {
        if (!sequencing || !normal(f.epoch())) {
            return;
        }
        for (Entry entry : history) {
            if (entry instanceof Entry.Message m && m.at().epoch().equals(f.epoch()) && m.at().index() >= f.index()) {
                outbox.send(from, new Frame.Sequenced(f.epoch(), m.at().index(), stable, m.message()));
            }
        }
    }

    /** @param upTo index in the current epoch that all members have; -1 keeps everything */
    private void forget(long upTo) {
        while (upTo >= 0 && !history.isEmpty()) {
            Position first = history.peek().at();
            if (first.epoch().equals(current.epoch()) && first.index() > upTo) {
                return;
            }
            drop();
        }
    }

    private void drop() {
        Entry gone = history.poll();
        base = Optional.of(gone.at());
        if (sequencing && gone instanceof Entry.Message m && m.at().epoch().equals(current.epoch())) {
            unstableBytes -= m.message().payload().length;
        }
    }

    private void apply(Entry entry) {
        history.add(entry);
        index = entry.at().index();
        if (entry instanceof Entry.View view) {
            current = view.mark();
            forgetDeparted();
            sink.view(current);
            return;
        }
        Ordered message = ((Entry.Message) entry).message();
        if (message.origin().equals(self)) {
            Ordered mine = pending.remove(message.number());
            pendingBytes -= mine == null ? 0 : mine.payload().length;
        }
        Long last = delivered.get(message.origin());
        if (last == null || last < message.number()) {
            delivered.put(message.origin(), message.number());
            sink.message(message);
        }
    }

    private void forgetDeparted() {
        Iterator<Peer> oldest = delivered.keySet().iterator();
        while (delivered.size() > MAX_DEPARTED && oldest.hasNext()) {
            if (!current.contains(oldest.next())) {
                oldest.remove();
            }
        }
    }

    // ---- change of view

    private void flush() {
        while (history.size() > FrameCodec.MAX_ENTRIES) {
            drop();
        }
        Optional<Position> at = current == null ? Optional.empty() : Optional.of(new Position(current.epoch(), index));
        Frame.Flush flush = new Frame.Flush(target.epoch(), at, base, List.copyOf(history), target.causes());
        if (target.coordinator().equals(self)) {
            flushed(self, flush);
        } else {
            outbox.send(target.coordinator(), flush);
        }
    }

    private void flushed(Peer from, Frame.Flush f) {
        if (target != null && target.epoch().equals(f.target())) {
            if (target.coordinator().equals(self) && target.contains(from)) {
                gathered.put(from, f);
                resolve();
            }
            return;
        }
        if (target == null && current != null && current.epoch().equals(f.target())) {
            Frame.Sync again = synced.get(from);
            if (again != null) {
                outbox.send(from, again);
            }
            return;
        }
        long known = target != null ? target.epoch().number() : current != null ? current.epoch().number() : -1;
        if (f.target().number() > known || current == null && target == null) {
            early.computeIfAbsent(f.target(), epoch -> new HashMap<>()).put(from, f);
            while (early.size() > MAX_EARLY) {
                early.remove(early.keySet().iterator().next());
            }
        }
    }

    private void resolve() {
        if (!target.seats().stream().allMatch(seat -> gathered.containsKey(seat.peer()))) {
            return;
        }
        Map<Peer, Cause> causes = new LinkedHashMap<>();
        gathered.values().forEach(flush -> flush.causes().forEach(
                (peer, cause) -> causes.merge(peer, cause, (one, other) -> one.compareTo(other) >= 0 ? one : other)));
        target.seats().forEach(seat -> causes.remove(seat.peer()));
        Map<Peer, List<Entry>> missing = new HashMap<>();
        List<Position> groups = new ArrayList<>();
        List<Seat> seats = new ArrayList<>();
        for (Seat seat : target.seats()) {
            List<Entry> lacks = missing(seat.peer());
            missing.put(seat.peer(), lacks);
            Optional<Position> end = lacks.isEmpty() ? gathered.get(seat.peer()).at()
                    : Optional.of(lacks.get(lacks.size() - 1).at());
            seats.add(new Seat(seat.peer(), seat.name(), end.map(at -> groupOf(at, groups)).orElse(Seat.NEW)));
        }
        Mark mark = new Mark(target.epoch(), seats, causes);
        Frame.Sync own = null;
        for (Seat seat : seats) {
            Frame.Sync sync = new Frame.Sync(missing.get(seat.peer()), mark);
            if (seat.peer().equals(self)) {
                own = sync;
            } else {
                synced.put(seat.peer(), sync);
                outbox.send(seat.peer(), sync);
            }
        }
        if (own != null) {
            sync(self, own);
        }
    }

    /** Who stands at the same place now has the same past. */
    private static int groupOf(Position end, List<Position> groups) {
        if (!groups.contains(end)) {
            groups.add(end);
        }
        return groups.indexOf(end);
    }

    /**
     * How the order continued for those who were with this member, as far as it was part of it. From one member's history to the
     * next: who came from the same place may have merged with others that went further.
     */
    private List<Entry> missing(Peer member) {
        List<Entry> missing = new ArrayList<>();
        Optional<Position> at = gathered.get(member).at();
        while (at.isPresent()) {
            List<Entry> longest = List.of();
            for (Seat seat : target.seats()) {
                List<Entry> rest = after(gathered.get(seat.peer()), at.get(), member);
                if (rest.size() > longest.size()) {
                    longest = rest;
                }
            }
            missing.addAll(longest);
            at = longest.isEmpty() ? Optional.empty() : Optional.of(longest.get(longest.size() - 1).at());
        }
        return missing;
    }

    private static List<Entry> after(Frame.Flush flush, Position at, Peer member) {
        boolean found = flush.base().filter(at::equals).isPresent();
        List<Entry> rest = new ArrayList<>();
        for (Entry entry : flush.history()) {
            if (found) {
                if (entry instanceof Entry.View view && !view.mark().contains(member)) {
                    break;
                }
                rest.add(entry);
            } else {
                found = entry.at().equals(at);
            }
        }
        return rest;
    }

    private void sync(Peer from, Frame.Sync f) {
        if (target == null || !target.epoch().equals(f.mark().epoch()) || !target.coordinator().equals(from)) {
            return;
        }
        sequencing = false;
        f.missing().forEach(this::apply);
        apply(new Entry.View(f.mark()));
        target = null;
        gathered.clear();
        sequencing = current.coordinator().equals(self);
        acked.clear();
        queued.clear();
        unstableBytes = 0;
        stable = -1;
        stableTold = -1;
        ackTold = -1;
        bytesSinceAck = 0;
        if (sequencing) {
            current.seats().forEach(seat -> acked.put(seat.peer(), -1L));
        }
        acknowledge();
        forwardAll();
        drain();
    }
}
