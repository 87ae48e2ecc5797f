package org.dvs.cluster.jgroups.internal.engine;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Predicate;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.cluster.api.Channel;
import org.dvs.cluster.api.Delivery;
import org.dvs.cluster.api.Member;
import org.dvs.cluster.api.Receiver;
import org.dvs.cluster.api.View;
import org.dvs.cluster.api.ViewEvent;
import org.dvs.cluster.jgroups.internal.order.Cause;
import org.dvs.cluster.jgroups.internal.order.Epoch;
import org.dvs.cluster.jgroups.internal.order.Frame;
import org.dvs.cluster.jgroups.internal.order.Mark;
import org.dvs.cluster.jgroups.internal.order.Ordered;
import org.dvs.cluster.jgroups.internal.order.Peer;
import org.dvs.cluster.jgroups.internal.order.Seat;
import org.dvs.cluster.jgroups.internal.order.TotalOrder;
import org.dvs.cluster.jgroups.internal.view.ViewClassifier;

/**
 * What this node exchanges with the others: the channels, the order, direct messages. One lock guards all of it; under it nothing
 * waits for the network or for a receiver, except a sender, who gives the lock up while waiting.
 */
final class Exchange implements TotalOrder.Sink {
    /** Nanoseconds that a sender may wait for room. */
    private static final long PATIENCE = TimeUnit.SECONDS.toNanos(5);
    private static final int MAX_CHANNEL_NAME = 64;

    /**
     * What the exchange stands on.
     *
     * @param outbox        sends frames
     * @param primary       whether these members hold a majority
     * @param cut           this node's cut number now
     * @param events        hears events, under the lock
     * @param queueMessages that may wait for one receiver
     * @param queueBytes    of them
     */
    record Base(TotalOrder.Outbox outbox, Predicate<Mark> primary, LongSupplier cut, Consumer<List<ViewEvent>> events,
            int queueMessages, long queueBytes, LongSupplier nanoTime) {
    }

    private final Member local;
    private final Base base;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition room = lock.newCondition();
    private final Directs directs;
    private final Ports ports;
    private Peer self;
    private TotalOrder order;
    private Mark mark;
    private boolean holding;
    private boolean stopped;
    private volatile View view;

    Exchange(Member local, Base base) {
        this.local = local;
        this.base = base;
        directs = new Directs(base.outbox()::send, this::deliver);
        ports = new Ports(base.queueMessages(), base.queueBytes(), base.nanoTime());
        view = new View(0, List.of(local), local.id(), false);
    }

    /** Before each try to join: under which incarnation. */
    void begin(Peer peer) {
        lock.lock();
        try {
            self = peer;
            order = new TotalOrder(peer, TotalOrder.Limits.DEFAULT, base.outbox(), this);
        } finally {
            lock.unlock();
        }
    }

    View view() {
        return view;
    }

    /** The members, coordinator first; empty before the first view. */
    Optional<Mark> mark() {
        lock.lock();
        try {
            return Optional.ofNullable(mark);
        } finally {
            lock.unlock();
        }
    }

    /** Messages for channels that nobody has opened here in time, and direct messages that came too long before their view. */
    long undeliverable() {
        return directs.dropped() + ports.dropped();
    }

    // ---- from users

    Channel open(String name, Receiver receiver) throws DvsException {
        if (name.isEmpty() || name.length() > MAX_CHANNEL_NAME || !name.chars().allMatch(c -> c > ' ' && c < 127)) {
            throw new DvsException(ErrorCode.BADVALUE,
                    "channel name '" + name + "': 1.." + MAX_CHANNEL_NAME + " visible characters");
        }
        ChannelPort port = new ChannelPort(name, receiver, base.queueMessages(), base.queueBytes(), base.nanoTime(),
                this::roomAgain);
        lock.lock();
        try {
            if (!ports.add(port)) {
                throw new DvsException(ErrorCode.RSCBUSY, "channel '" + name + "' is open already");
            }
            if (mark != null && !stopped) {
                ports.begin(port, view);
            }
        } finally {
            lock.unlock();
        }
        port.start();
        return new OpenChannel(port);
    }

    private final class OpenChannel implements Channel {
        private final ChannelPort port;

        OpenChannel(ChannelPort port) {
            this.port = port;
        }

        @Override
        public void multicast(byte[] payload) throws DvsException {
            byte[] copy = checked(payload);
            submit(() -> order.submit(port.name(), base.cut().getAsLong(), copy));
        }

        @Override
        public void send(int nodeId, byte[] payload) throws DvsException {
            sendDirect(port.name(), nodeId, checked(payload));
        }

        @Override
        public void close() {
            lock.lock();
            try {
                ports.end(port);
            } finally {
                lock.unlock();
            }
            port.awaitEnd();
        }
    }

    private static byte[] checked(byte[] payload) throws DvsException {
        if (payload.length > Channel.MAX_PAYLOAD) {
            throw new DvsException(ErrorCode.TOOBIG, "a message of " + payload.length + " bytes, at most " + Channel.MAX_PAYLOAD);
        }
        return payload.clone();
    }

    /** Says whether it could be done now. */
    @FunctionalInterface
    private interface Attempt {
        boolean done() throws DvsException;
    }

    private void submit(Attempt attempt) throws DvsException {
        lock.lock();
        try {
            long left = PATIENCE;
            while (true) {
                if (stopped || mark == null) {
                    throw new DvsException(ErrorCode.NOTREADY, local.name() + " is not in the cluster");
                }
                if (attempt.done()) {
                    return;
                }
                if (left <= 0) {
                    throw new DvsException(ErrorCode.AGAIN, local.name() + " has more under way than the other nodes take");
                }
                left = room.awaitNanos(left);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new DvsException(ErrorCode.INTR, "interrupted while waiting to send", e);
        } finally {
            lock.unlock();
        }
    }

    private void sendDirect(String channel, int nodeId, byte[] payload) throws DvsException {
        Peer[] to = new Peer[1];
        try {
            submit(() -> {
                to[0] = mark.seats().stream().map(Seat::peer).filter(peer -> peer.id() == nodeId).findFirst()
                        .orElseThrow(() -> new DvsException(ErrorCode.DSTNOTRCH, "node id " + nodeId + " is not in the view"));
                return directs.send(self, to[0], new Frame.Direct(mark.epoch(), base.cut().getAsLong(), channel, payload));
            });
        } catch (DvsException e) {
            if (e.code() == ErrorCode.AGAIN) {
                lock.lock();
                try {
                    directs.forgive(to[0]);
                } finally {
                    lock.unlock();
                }
            }
            throw e;
        }
    }

    // ---- from the group

    /** A frame of a peer whose identity is proven. */
    void receive(Peer from, Frame frame) {
        lock.lock();
        try {
            if (stopped) {
                return;
            }
            if (frame instanceof Frame.Direct direct) {
                directs.receive(from, direct);
            } else if (frame instanceof Frame.Credit credit) {
                directs.givenBack(from, credit.bytes());
                room.signalAll();
            } else {
                order.receive(from, frame);
            }
        } finally {
            lock.unlock();
        }
    }

    void view(Epoch epoch, List<Seat> seats, Map<Peer, Cause> causes) {
        lock.lock();
        try {
            if (!stopped) {
                order.view(epoch, seats, causes);
            }
        } finally {
            lock.unlock();
        }
    }

    /** @return true if the next call should come in 20 ms, else 200 ms are enough */
    boolean tick() {
        lock.lock();
        try {
            if (stopped || order == null) {
                return false;
            }
            if (mark != null && view.primary() != base.primary().test(mark)) {
                view = new View(view.id(), view.members(), view.coordinator(), !view.primary());
                ports.view(view);
            }
            hold();
            ports.expire();
            order.tick();
            return holding || order.busy();
        } finally {
            lock.unlock();
        }
    }

    /** From now on nothing is sent or delivered; channels hear that this node is alone, and say {@code NOTREADY}. */
    void stop() {
        lock.lock();
        try {
            if (!stopped) {
                stopped = true;
                ports.forget();
                view = new View(view.id() + 1, List.of(local), local.id(), false);
                if (mark != null) {
                    ports.view(view);
                }
                room.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Stops, and closes all channels. */
    void close() {
        stop();
        List<ChannelPort> all;
        lock.lock();
        try {
            all = ports.endAll();
        } finally {
            lock.unlock();
        }
        all.forEach(ChannelPort::awaitEnd);
    }

    // ---- in order, under the lock

    @Override
    public void message(Ordered message) {
        Delivery delivery = new Delivery(message.origin().id(), message.cut(), view, message.payload().clone());
        if (ports.multicast(message.channel(), delivery) && !holding) {
            holding = true;
            order.hold(true);
        }
        if (message.origin().equals(self)) {
            room.signalAll();
        }
    }

    @Override
    public void view(Mark newMark) {
        Optional<Mark> before = Optional.ofNullable(mark);
        View old = view;
        mark = newMark;
        List<Member> members = newMark.seats().stream().map(seat -> new Member(seat.peer().id(), seat.name())).toList();
        view = new View(newMark.epoch().number() + 1, members, newMark.coordinator().id(), base.primary().test(newMark));
        directs.view(newMark);
        ports.view(view);
        base.events().accept(ViewClassifier.classify(self, before, newMark, old, view));
        directs.deliverEarly();
        room.signalAll();
    }

    private void deliver(Peer from, Frame.Direct frame) {
        ports.direct(frame.channel(), new Delivery(from.id(), frame.cut(), view, frame.payload()),
                () -> taken(from, frame.payload().length));
    }

    private void taken(Peer from, int bytes) {
        lock.lock();
        try {
            if (from.equals(self)) {
                directs.givenBack(self, bytes);
                room.signalAll();
            } else if (!stopped) {
                directs.taken(from, bytes);
            }
        } finally {
            lock.unlock();
        }
    }

    private void roomAgain() {
        lock.lock();
        try {
            if (!stopped && order != null) {
                hold();
            }
        } finally {
            lock.unlock();
        }
    }

    private void hold() {
        boolean wanted = ports.hold();
        if (wanted != holding) {
            holding = wanted;
            order.hold(wanted);
        }
    }
}
