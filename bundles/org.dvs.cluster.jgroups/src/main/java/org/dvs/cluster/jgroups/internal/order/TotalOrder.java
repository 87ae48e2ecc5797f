package org.dvs.cluster.jgroups.internal.order;

import java.util.List;
import java.util.Map;
import java.util.Optional;

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

    /** Ticks for which something must be missing before the sequencer is asked for it. */
    private static final int MISSING_FOR = 10;
    /** Ticks after which little is acknowledged, and told to be stable, too. */
    static final int LAZY = 10;

    private final Peer self;
    private final Limits limits;
    private final Outbox outbox;
    private final Sink sink;
    private final History history = new History();
    private final OwnMessages own;
    private final Ahead ahead;
    private final Handover handover;
    /** While this peer coordinates the view that was delivered last, and no other one was announced; else null. */
    private Sequencer sequencer;
    private int ticksMissing;
    private boolean holding;
    private long ackTold = -1;
    private long bytesSinceAck;
    private int ticksSinceAck;

    public TotalOrder(Peer self, Limits limits, Outbox outbox, Sink sink) {
        this.self = self;
        this.limits = limits;
        this.outbox = outbox;
        this.sink = sink;
        own = new OwnMessages(self, limits);
        ahead = new Ahead(limits.unstableCount());
        handover = new Handover(self, outbox);
    }

    /** The view that was delivered last; empty before the first. */
    public Optional<Mark> current() {
        return Optional.ofNullable(history.view());
    }

    /** True from a new view until it is delivered. */
    public boolean flushing() {
        return handover.underWay();
    }

    /** True while something waits for a further {@link #tick}, so that it should come soon. */
    public boolean busy() {
        return handover.underWay() || !own.isEmpty() || !ahead.isEmpty();
    }

    /** @return false if this peer has too much under way already; nothing was done then */
    public boolean submit(String channel, long cut, byte[] payload) {
        if (!own.hasRoomFor(payload.length)) {
            return false;
        }
        Ordered message = own.add(cut, channel, payload);
        if (history.view() != null && !handover.underWay()) {
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
        endSequencing();
        ahead.forgetBefore(epoch.number());
        handover.begin(new Mark(epoch, seats, causes));
        handover.tell(history).ifPresent(this::enter);
    }

    /** What a peer sent. */
    public void receive(Peer from, Frame frame) {
        if (frame instanceof Frame.Forward f) {
            if (sequencer != null && normal(f.epoch())) {
                sequencer.forwarded(from, f);
            }
        } else if (frame instanceof Frame.Sequenced f) {
            sequenced(from, f);
        } else if (frame instanceof Frame.Ack f) {
            if (sequencer != null && normal(f.epoch())) {
                sequencer.acknowledged(from, f.index());
            }
        } else if (frame instanceof Frame.Stable f) {
            if (normal(f.epoch()) && from.equals(history.view().coordinator())) {
                history.forget(f.index());
            }
        } else if (frame instanceof Frame.Missing f) {
            repeat(from, f);
        } else if (frame instanceof Frame.Flush f) {
            handover.told(from, f, history.view()).ifPresent(this::enter);
        } else if (frame instanceof Frame.Sync f && handover.accepts(from, f)) {
            enter(f);
        }
    }

    /** Call each 20 ms while {@link #busy}, else each 200 ms: sends what was worth waiting for, and repeats what seems lost. */
    public void tick() {
        if (handover.tick()) {
            handover.tell(history).ifPresent(this::enter);
        }
        if (history.view() == null || handover.underWay()) {
            return;
        }
        if (!ahead.isEmpty() && ++ticksMissing % MISSING_FOR == 0) {
            outbox.send(history.view().coordinator(), new Frame.Missing(history.view().epoch(), history.index() + 1));
        }
        if (own.tick()) {
            forwardAll();
        }
        if (++ticksSinceAck >= LAZY) {
            acknowledge();
        }
        if (sequencer != null) {
            sequencer.tick();
        }
    }

    private boolean normal(Epoch epoch) {
        return !handover.underWay() && history.view() != null && history.view().epoch().equals(epoch);
    }

    // ---- own messages, to the sequencer

    private void forward(Ordered message) {
        Frame.Forward frame = own.forward(message, history.view().epoch());
        if (sequencer != null) {
            sequencer.forwarded(self, frame);
        } else {
            outbox.send(history.view().coordinator(), frame);
        }
    }

    /** What is forwarded may be delivered at once, and waits no longer then. */
    private void forwardAll() {
        own.all().stream().filter(own::waits).forEach(this::forward);
    }

    // ---- from the sequencer

    private void sequenced(Peer from, Frame.Sequenced f) {
        if (!normal(f.epoch())) {
            if (mayCome(f.epoch())) {
                ahead.keep(f);
            }
        } else if (from.equals(history.view().coordinator()) && f.index() > history.index()) {
            if (f.index() == history.index() + 1) {
                deliver(f);
                drain();
            } else {
                ahead.keep(f);
            }
        }
    }

    /** True for the epoch of a view that was not delivered here yet, as far as this peer can know. */
    private boolean mayCome(Epoch epoch) {
        return handover.underWay() ? epoch.number() >= handover.number()
                : history.view() == null || epoch.number() > history.view().epoch().number();
    }

    private void drain() {
        Optional<Frame.Sequenced> next = ahead.take(history.view().epoch(), history.index() + 1);
        while (next.isPresent()) {
            deliver(next.get());
            next = ahead.take(history.view().epoch(), history.index() + 1);
        }
        ticksMissing = 0;
    }

    private void deliver(Frame.Sequenced f) {
        apply(new Entry.Message(new Position(f.epoch(), f.index()), f.message()));
        history.forget(Math.min(f.stable(), history.index()));
        bytesSinceAck += f.message().payload().length;
        if (history.index() - ackTold >= limits.ackCount() || bytesSinceAck >= limits.ackBytes()) {
            acknowledge();
        }
    }

    private void acknowledge() {
        if (holding || history.view() == null || handover.underWay() || ackTold == history.index()) {
            return;
        }
        ackTold = history.index();
        bytesSinceAck = 0;
        ticksSinceAck = 0;
        if (sequencer != null) {
            sequencer.acknowledged(self, ackTold);
        } else {
            outbox.send(history.view().coordinator(), new Frame.Ack(history.view().epoch(), ackTold));
        }
    }

    private void apply(Entry.Message entry) {
        Ordered message = entry.message();
        if (message.origin().equals(self)) {
            own.delivered(message.number());
        }
        if (history.add(entry)) {
            sink.message(message);
        }
    }

    // ---- as the sequencer

    private void repeat(Peer from, Frame.Missing f) {
        if (sequencer != null && normal(f.epoch())) {
            long stable = sequencer.stable();
            history.from(f.index()).forEach(entry -> outbox.send(from,
                    new Frame.Sequenced(f.epoch(), entry.at().index(), stable, entry.message())));
        }
    }

    private void endSequencing() {
        if (sequencer != null) {
            sequencer.end();
            sequencer = null;
        }
    }

    private void beginSequencing() {
        sequencer = new Sequencer(history.view(), limits, outbox, entry -> {
            apply(entry);
            if (!holding && sequencer != null) {
                sequencer.acknowledged(self, entry.at().index());
            }
        }, stable -> {
            handover.allHaveIt();
            history.forget(stable);
        });
    }

    // ---- into a new view

    private void enter(Frame.Sync sync) {
        endSequencing();
        for (Entry entry : sync.missing()) {
            if (entry instanceof Entry.View view) {
                enter(view);
            } else {
                apply((Entry.Message) entry);
            }
        }
        enter(new Entry.View(sync.mark()));
        handover.end();
        ackTold = -1;
        bytesSinceAck = 0;
        if (history.view().coordinator().equals(self)) {
            beginSequencing();
        }
        acknowledge();
        forwardAll();
        drain();
    }

    private void enter(Entry.View view) {
        history.add(view);
        sink.view(view.mark());
    }
}
