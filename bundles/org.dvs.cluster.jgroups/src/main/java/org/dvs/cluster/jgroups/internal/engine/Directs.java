package org.dvs.cluster.jgroups.internal.engine;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BiConsumer;

import org.dvs.cluster.jgroups.internal.order.Frame;
import org.dvs.cluster.jgroups.internal.order.Mark;
import org.dvs.cluster.jgroups.internal.order.Peer;

/**
 * Direct messages beside the order: none is delivered before the view that it was sent in, and no more are under way to a peer
 * than it takes. Called under the engine's lock.
 */
final class Directs {
    private static final long WINDOW = 2L << 20;
    private static final int MAX_EARLY = 1_024;

    private record Early(Peer from, Frame.Direct frame) {
    }

    private final BiConsumer<Peer, Frame> sender;
    private final BiConsumer<Peer, Frame.Direct> receiver;
    private final Credits credits = new Credits(WINDOW);
    private final Deque<Early> early = new ArrayDeque<>();
    private final LongAdder dropped = new LongAdder();
    private Optional<Mark> mark = Optional.empty();

    /**
     * @param sender   sends a frame to another peer
     * @param receiver takes what a peer, or this one, has sent
     */
    Directs(BiConsumer<Peer, Frame> sender, BiConsumer<Peer, Frame.Direct> receiver) {
        this.sender = sender;
        this.receiver = receiver;
    }

    /** @return false if the peer has not taken enough of what came before */
    boolean send(Peer self, Peer to, Frame.Direct frame) {
        if (!credits.take(to, frame.payload().length)) {
            return false;
        }
        if (to.equals(self)) {
            receiver.accept(self, frame);
        } else {
            sender.accept(to, frame);
        }
        return true;
    }

    /** The peer has taken nothing for so long that its word on what it took must be lost. */
    void forgive(Peer to) {
        credits.forgive(to);
    }

    void receive(Peer from, Frame.Direct frame) {
        if (due(frame)) {
            receiver.accept(from, frame);
        } else if (early.size() < MAX_EARLY) {
            early.add(new Early(from, frame));
        } else {
            dropped.increment();
        }
    }

    private boolean due(Frame.Direct frame) {
        return mark.filter(now -> frame.epoch().number() <= now.epoch().number()).isPresent();
    }

    /** A peer has taken bytes of this node, or this node its own. */
    void givenBack(Peer from, int bytes) {
        credits.giveBack(from, bytes);
    }

    /** This node has taken bytes of another one, which hears of it in time. */
    void taken(Peer from, int bytes) {
        int now = credits.owe(from, bytes);
        if (now > 0 && mark.filter(members -> members.contains(from)).isPresent()) {
            sender.accept(from, new Frame.Credit(now));
        }
    }

    void view(Mark now) {
        mark = Optional.of(now);
        Set<Peer> peers = new HashSet<>();
        now.seats().forEach(seat -> peers.add(seat.peer()));
        credits.retain(peers);
    }

    /** Delivers what came before its view; to be called when that was told. */
    void deliverEarly() {
        for (int i = early.size(); i > 0; i--) {
            Early waiting = early.poll();
            receive(waiting.from(), waiting.frame());
        }
    }

    /** Those that came too long before their view. Any thread. */
    long dropped() {
        return dropped.sum();
    }
}
