package org.dvs.proxy.internal;

import java.nio.ByteBuffer;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;

import org.dvs.api.LogField;
import org.dvs.kernel.api.ProxyPair;
import org.dvs.proxy.internal.config.PeerSettings;
import org.dvs.proxy.internal.frame.Fault;
import org.dvs.proxy.internal.frame.Frame;
import org.dvs.proxy.internal.frame.FrameDecoder;
import org.dvs.proxy.internal.frame.FrameLayout;
import org.dvs.proxy.internal.link.Agreement;
import org.dvs.proxy.internal.link.Link;
import org.dvs.proxy.internal.link.LinkOwner;
import org.dvs.proxy.internal.link.LinkSettings;
import org.dvs.proxy.internal.link.Wire;
import org.dvs.proxy.internal.pair.Autobind;
import org.dvs.proxy.internal.pair.Counters;
import org.dvs.proxy.internal.pair.Receiver;
import org.dvs.proxy.internal.pair.Sender;
import org.dvs.transport.api.Connection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/** One other node: its kernel pair, its link, and what goes between them. All on the one loop, but {@link #work}. */
final class Peer implements LinkOwner {
    private static final Logger LOG = LoggerFactory.getLogger(Peer.class);
    /** Frames of the peer after which it hears that they have come, though there is nothing else to say. */
    private static final int ACKNOWLEDGE_EVERY = 64;
    private static final long DRAIN_MS = 5_000;
    /** How long a kernel's pair waits for the next version of this bundle. */
    private static final long KEEP_MS = 60_000;

    /** Somebody has asked for that, here or there. */
    private static final Set<Fault> WANTED = EnumSet.of(Fault.DRAINED, Fault.DISCONNECTED, Fault.STOPPED, Fault.CHANGED);

    private final Proxies proxies;
    private final PeerSettings settings;
    private final ProxyPair pair;
    private final BooleanSupplier asking;
    private final Link link;
    private final HandOver handOver;
    private final Counters counters = new Counters();
    private final Heartbeat heartbeat = new Heartbeat(counters);
    private final Sender sender;
    private final Receiver receiver;
    private final AtomicBoolean scheduled = new AtomicBoolean();
    /** Made once: it is handed over for every few messages. */
    private final Runnable turn = this::turn;
    private Agreement agreement;
    private long drainBy;
    private boolean draining;
    private boolean reported;
    private boolean left;

    /**
     * @param inherited the pair was connected by the version before
     * @param asking    whether programs of this node wait for this peer's answers
     */
    Peer(Proxies proxies, PeerSettings settings, LinkSettings linkSettings, ProxyPair pair, Autobind autobind,
            boolean inherited, BooleanSupplier asking) {
        this.proxies = proxies;
        this.asking = asking;
        this.settings = settings;
        this.pair = pair;
        handOver = new HandOver(pair, inherited, () -> proxies.isParked(settings.id()), proxies.nanos());
        link = new Link(linkSettings, proxies.random(), proxies.nanos(), this);
        sender = new Sender(pair, link.sequences(), proxies.codec(), counters, proxies::cut, proxies.nanos(),
                System::currentTimeMillis);
        receiver = new Receiver(pair, link.sequences(), proxies.codec(), counters, autobind, System::currentTimeMillis);
        pair.onWork(this::work);
    }

    Link link() {
        return link;
    }

    PeerSettings settings() {
        return settings;
    }

    ProxyPair pair() {
        return pair;
    }

    Counters counters() {
        return counters;
    }

    /** What counts between the two ends; of the last session if there is none now; null before the first. */
    Agreement agreement() {
        return agreement;
    }

    // ---- the link's wishes

    @Override
    public void dial(long attempt) {
        proxies.dial(this, attempt);
    }

    @Override
    public void up(Wire wire, Agreement agreed) {
        handOver.giveUp();
        heartbeat.begin(proxies.nanos().getAsLong(), periodMs(agreed));
        try (MDC.MDCCloseable peer = named()) {
            LOG.info("node {} ({}) is connected at {}: {}{}", agreed.peer().node(), agreed.peer().name(), wire.where(),
                    agreed.options().words(), agreed.restarted() ? "; it has started anew" : "");
        }
        warn(agreed);
        begin(agreed);
    }

    @Override
    public void resumed(Wire wire, Agreement agreed) {
        heartbeat.goOn(proxies.nanos().getAsLong(), periodMs(agreed));
        LOG.debug("the connection with node {} goes on: {}", agreed.peer().node(), agreed.options().words());
        if (agreed.told() != null && !agreed.told().options().differences(link.settings().options()).isEmpty()) {
            warn(agreed);
        }
        begin(agreed);
    }

    private int periodMs(Agreement agreed) {
        return Math.min(link.settings().heartbeatMs(), agreed.peer().heartbeatMs());
    }

    private void warn(Agreement agreed) {
        if (!agreed.differences().isEmpty()) {
            try (MDC.MDCCloseable peer = named()) {
                LOG.warn("settings of the proxies of node {} and of this node differ: {}. What both can live with counts",
                        agreed.peer().node(), String.join("; ", agreed.differences()));
            }
        }
    }

    private void begin(Agreement agreed) {
        agreement = agreed;
        counters.sessions++;
        sender.begin(agreed.options(), agreed.version());
        receiver.begin(agreed.options());
        reported = false;
        pair.connectReceiver();
        pair.connectSender();
        // Not before whoever calls this has come to an end: the connection is not this version's until then.
        proxies.loop().execute(this::giveSign);
        work();
    }

    private void giveSign() {
        if (link.isUp() && !left) {
            ProxyConnection wire = (ProxyConnection) link.wire();
            long now = proxies.nanos().getAsLong();
            if (heartbeat.isDue(now)) {
                sender.alive(wire.connection(), now, heartbeat.echo(now));
                pump(wire);
                wire.connection().flush();
            }
        }
    }

    /** Has what is logged say which node it is about. */
    private MDC.MDCCloseable named() {
        return MDC.putCloseable(LogField.PEER, Integer.toString(link.settings().peer()));
    }

    /** @return false if the pair is not connected by that connection any more: then it is to break */
    boolean resume(ProxyConnection kept, ParkedState state) {
        if (!handOver.take()) {
            return false;
        }
        link.resume(kept, state.numbers(), state.agreement());
        return true;
    }

    @Override
    public void down(Fault why) {
        boolean wanted = WANTED.contains(why);
        if (wanted || why == Fault.REPLACED) {
            // All others were counted where they were found.
            counters.fault(why);
        }
        try (MDC.MDCCloseable peer = named(); MDC.MDCCloseable code = MDC.putCloseable(LogField.CODE, why.name())) {
            String text = "node {} is not connected any more: {}. {} frames were under way";
            if (wanted) {
                LOG.info(text, link.settings().peer(), why.sentence(), link.sequences().underWay());
            } else {
                LOG.warn(text, link.settings().peer(), why.sentence(), link.sequences().underWay());
            }
        }
        pair.disconnectSender();
        pair.disconnectReceiver();
    }

    /** Says once what keeps it from connecting. Whoever shows a wrong certificate is counted. */
    void cannotConnect(long attempt, Fault why, String text) {
        if (!reported) {
            reported = true;
            try (MDC.MDCCloseable peer = named(); MDC.MDCCloseable code = MDC.putCloseable(LogField.CODE, why.name())) {
                LOG.info("node {} cannot be connected yet, it is tried again and again: {}", link.settings().peer(), text);
            }
        }
        if (why == Fault.IDENTITY) {
            counters.fault(why);
        }
        link.dialFailed(attempt, why);
    }

    // ---- frames

    /** @return null, or why the connection must end */
    Fault frame(ProxyConnection from, ByteBuffer frame) {
        if (link.wire() != from || !link.isUp()) {
            return Fault.ORDER;
        }
        Frame header = proxies.codec().header;
        Fault fault = link.sequences().acknowledged(header.acknowledgement);
        if (fault != null) {
            return fault;
        }
        sender.acknowledged(header.acknowledgement);
        if (header.type == FrameLayout.ALIVE) {
            heartbeat.came(frame, proxies.nanos().getAsLong());
            return null;
        }
        fault = receiver.frame(frame, link.settings().peer());
        if (fault == Fault.REPEAT || fault == Fault.DIGEST || fault == Fault.DECOMPRESS) {
            counters.fault(fault);
            try (MDC.MDCCloseable peer = named(); MDC.MDCCloseable code = MDC.putCloseable(LogField.CODE, fault.name())) {
                LOG.warn("a frame of node {} was refused: {}", link.settings().peer(), fault.sentence());
            }
            return null;
        }
        return fault;
    }

    /** Any thread: the kernel has a command for this peer. */
    void work() {
        if (scheduled.compareAndSet(false, true) && !proxies.loop().execute(turn)) {
            // The next heartbeat tries again.
            scheduled.set(false);
        }
    }

    private void turn() {
        scheduled.set(false);
        if (link.isUp() && !left) {
            ProxyConnection wire = (ProxyConnection) link.wire();
            pump(wire);
            wire.connection().flush();
        }
    }

    /** Writes what the kernel has, as far as it may. */
    void pump(ProxyConnection wire) {
        if (link.wire() != wire || !link.isUp() || draining || left) {
            return;
        }
        Connection connection = wire.connection();
        Sender.Turn turn = send(connection);
        if (turn == Sender.Turn.MORE) {
            work();
        } else if (turn == Sender.Turn.FAILED) {
            counters.fault(Fault.UNSENT);
            link.give(Fault.UNSENT);
        } else if (sender.unacknowledged() >= ACKNOWLEDGE_EVERY) {
            sender.alive(connection, 0, 0);
        }
    }

    private Sender.Turn send(Connection connection) {
        try {
            return sender.pump(connection);
        } catch (RuntimeException e) {
            // What was taken from the kernel is lost: the connection must end for its sender to hear of it.
            LOG.error("a command for node {} could not be written", settings.id(), e);
            return Sender.Turn.FAILED;
        }
    }

    void tick() {
        if (left) {
            return;
        }
        handOver.look();
        if (handOver.isAwaited()) {
            return;
        }
        link.tick();
        giveSign();
        if (draining && isThrough()) {
            stayDown(Fault.DRAINED);
        }
    }

    private boolean isThrough() {
        return !link.isUp() || proxies.nanos().getAsLong() - drainBy >= 0
                || link.sequences().underWay() == 0 && !asking.getAsBoolean();
    }

    /** Something has changed that may let it connect. */
    void hurry() {
        link.hurry();
    }

    // ---- operators

    /**
     * Takes no more from the kernel, and disconnects when all that went out has arrived and is answered, after 5 s at the latest.
     * What the peer has asked is not waited for: the kernel gives its answers together with what programs here ask, so whoever
     * goes on asking would never be through.
     */
    void drain() {
        proxies.drained().add(settings.id(), Fault.DRAINED);
        if (link.state() != Link.State.DRAINED) {
            draining = true;
            drainBy = proxies.nanos().getAsLong() + TimeUnit.MILLISECONDS.toNanos(DRAIN_MS);
        }
    }

    void disconnect() {
        stayDown(Fault.DISCONNECTED);
    }

    /** @param why {@link Fault#DRAINED} or {@link Fault#DISCONNECTED} */
    void stayDown(Fault why) {
        proxies.drained().add(settings.id(), why);
        draining = false;
        handOver.giveUp();
        link.drain(why);
    }

    /** A pair whose connection is about to be handed over is connected. */
    void connect() {
        proxies.drained().remove(settings.id());
        draining = false;
        if (!handOver.isAwaited()) {
            link.connect();
            work();
        }
    }

    // ---- ends

    /** State for the next version; this one does nothing with the pair any more. */
    ByteBuffer park() {
        leave();
        return ParkedState.write(link.park(), link.settings(), agreement);
    }

    void leave() {
        left = true;
        pair.leave(KEEP_MS);
    }

    /** The pair goes on with other settings. */
    void release(Fault why) {
        giveWay(why);
        leave();
    }

    /** Somebody else is at the pair from now on. */
    void giveWay(Fault why) {
        link.drain(why);
        left = true;
    }

    /** The pair is not wanted any more. */
    void stop(Fault why) {
        link.drain(why);
        pair.onWork(null);
        pair.unbind();
    }
}
