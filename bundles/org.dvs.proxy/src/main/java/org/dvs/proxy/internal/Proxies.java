package org.dvs.proxy.internal;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;
import java.util.function.LongSupplier;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.kernel.api.Kernel;
import org.dvs.kernel.api.ProxyPair;
import org.dvs.proxy.api.ProxyLink;
import org.dvs.proxy.internal.config.PeerSettings;
import org.dvs.proxy.internal.frame.Fault;
import org.dvs.proxy.internal.frame.FrameEncoder;
import org.dvs.proxy.internal.frame.Hello;
import org.dvs.proxy.internal.link.Link;
import org.dvs.proxy.internal.link.LinkSettings;
import org.dvs.proxy.internal.link.Sequences;
import org.dvs.proxy.internal.pair.Autobind;
import org.dvs.proxy.internal.pair.Codec;
import org.dvs.proxy.internal.pair.Counters;
import org.dvs.transport.api.Address;
import org.dvs.transport.api.ConnectOptions;
import org.dvs.transport.api.Connection;
import org.dvs.transport.api.Handler;
import org.dvs.transport.api.ListenerInfo;
import org.dvs.transport.api.Loop;
import org.dvs.transport.api.Tls;
import org.dvs.transport.api.Transport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All pairs of this node. Everything happens on one loop of the transport, the one that serves the gate too: so a message of a
 * program outside, or the answer of a handler, goes out without a change of threads, and nothing here takes a lock.
 */
final class Proxies {
    static final String PROTOCOL = "dvs-proxy";
    private static final Logger LOG = LoggerFactory.getLogger(Proxies.class);
    private static final int TICK_MS = 100;
    static final int FRAME_BYTES = 1 << 20;
    /**
     * Most bytes of a copy that fit into a frame, whatever compression makes of them: an LZ4 block grows by 1/255 at the most.
     */
    static final int MAX_DATA = FRAME_BYTES - FrameEncoder.dataBytes(FRAME_BYTES, true) % FRAME_BYTES;

    private final Transport transport;
    private final Loop loop;
    private final NodeSettings node;
    private final IntFunction<Optional<Address>> addresses;
    private final LongSupplier cut;
    private final LongSupplier nanos;
    private final Random random;
    private final Drained drained;
    private final Codec codec = new Codec(MAX_DATA);
    private final SortedMap<Integer, Peer> peers = new TreeMap<>();
    /** Of pairs that are about to be added again. */
    private final Map<Integer, Link.Parked> released = new HashMap<>();
    private final Map<Connection, ProxyConnection> dialed = new HashMap<>();
    /** Of connections that never said who they are. */
    private final Counters strangers = new Counters();
    /** Whether it has been said that frames are too short for any pair. */
    private boolean narrow;
    private volatile boolean stopped;

    /**
     * What all pairs of this node have in common.
     *
     * @param id   of this node
     * @param name of this node
     * @param tls  {@link Tls#CLUSTER}; {@link Tls#NONE} in tests on loopback
     * @param heartbeatMs most between two signs of life, either way
     */
    record NodeSettings(int id, String name, Tls tls, int heartbeatMs, int greetingMs, int reconnectMinMs,
                        int reconnectMaxMs) {
    }

    /**
     * @param addresses where a node is reached that has no address in its settings
     * @param nanos     monotonic
     * @param drained   what operators have wished, also of the proxies before
     */
    Proxies(Transport transport, NodeSettings node, IntFunction<Optional<Address>> addresses, LongSupplier cut,
            LongSupplier nanos, Random random, Drained drained) {
        this.transport = transport;
        this.loop = transport.loops().get(0);
        this.node = node;
        this.addresses = addresses;
        this.cut = cut;
        this.nanos = nanos;
        this.random = random;
        this.drained = drained;
        loop.schedule(this::tick, TICK_MS, TimeUnit.MILLISECONDS);
    }

    private void tick() {
        if (stopped) {
            return;
        }
        try {
            peers.values().forEach(Proxies::tick);
        } finally {
            loop.schedule(this::tick, TICK_MS, TimeUnit.MILLISECONDS);
        }
    }

    /** What goes wrong with one is no reason for the others to stand still. */
    private static void tick(Peer peer) {
        try {
            peer.tick();
        } catch (RuntimeException e) {
            LOG.error("the pair of node {} could not be looked after, which is tried again", peer.settings().id(), e);
        }
    }

    Loop loop() {
        return loop;
    }

    Codec codec() {
        return codec;
    }

    Random random() {
        return random;
    }

    LongSupplier nanos() {
        return nanos;
    }

    Drained drained() {
        return drained;
    }

    long cut() {
        return cut.getAsLong();
    }

    // ---- pairs, on the loop

    /**
     * Whoever was there before gives way.
     *
     * @param takenOver the pair was connected by the version before, and its connection may be about to be handed over
     */
    void add(PeerSettings settings, ProxyPair pair, Kernel kernel, int maxData, boolean takenOver) {
        LinkSettings link = new LinkSettings(node.id(), node.name(), settings.id(), settings.options(), maxData,
                node.heartbeatMs(), node.greetingMs(), node.reconnectMinMs(), node.reconnectMaxMs());
        Peer before = peers.remove(settings.id());
        if (before != null) {
            before.giveWay(Fault.STOPPED);
            released.put(settings.id(), before.link().park());
        }
        Peer peer = new Peer(this, settings, link, pair, new Autobind(kernel), takenOver,
                () -> OpenCalls.any(kernel, settings.id()));
        Link.Parked earlier = released.remove(settings.id());
        if (earlier != null) {
            peer.link().follow(earlier);
        }
        peers.put(settings.id(), peer);
        Fault why = drained.why(settings.id());
        if (why != null) {
            peer.stayDown(why);
        }
    }

    /** Whether a connection of that node's may still be handed over: none of it is touched before that. */
    boolean isParked(int id) {
        return transport.connections().stream().anyMatch(each -> each.parked() && each.protocol().equals(PROTOCOL)
                && each.peer().node().map(node -> node.id() == id).orElse(true));
    }

    void remove(int id, Fault why) {
        released.remove(id);
        Peer peer = peers.remove(id);
        if (peer != null) {
            peer.stop(why);
        }
    }

    /** Ends the connection of a pair and leaves the pair, with what its two ends know of each other, to whoever is added next. */
    void release(int id, Fault why) {
        Peer peer = peers.remove(id);
        if (peer != null) {
            peer.release(why);
            released.put(id, peer.link().park());
        }
    }

    Optional<Peer> peer(int id) {
        return Optional.ofNullable(peers.get(id));
    }

    SortedMap<Integer, Peer> peers() {
        return peers;
    }

    Counters strangers() {
        return strangers;
    }

    /** From now on nothing is done about any pair. Any thread. */
    void halt() {
        stopped = true;
    }

    /** The pairs are left as they are, for the next version. */
    void stop() {
        halt();
        peers.values().forEach(Peer::leave);
    }

    // ---- connections, on the loop

    /** What the kernel gives is to find room in any frame: it cannot be given back. */
    private void checkLimits(Connection connection) throws DvsException {
        int most = connection.limits().maxFrameBytes();
        if (most < FRAME_BYTES) {
            String why = "maxFrameBytes of org.dvs.transport is " + most + ", and proxies need " + FRAME_BYTES;
            if (!narrow) {
                // Of all pairs, and until somebody changes that.
                narrow = true;
                LOG.warn("no node can be connected: {}", why);
            }
            throw new DvsException(ErrorCode.BADVALUE, why);
        }
    }

    Handler opened(Connection connection) throws DvsException {
        checkLimits(connection);
        ProxyConnection made = new ProxyConnection(this, connection);
        if (connection.outgoing()) {
            dialed.put(connection, made);
        }
        return made;
    }

    Handler resumed(Connection connection, ParkedState state) throws DvsException {
        checkLimits(connection);
        Peer peer = peers.get(state.peer());
        ProxyConnection kept = new ProxyConnection(this, connection);
        kept.belongsTo(peer);
        if (peer == null || !peer.resume(kept, state)) {
            throw new DvsException(ErrorCode.BADPROXY, "no pair waits for the connection of node " + state.peer());
        }
        return kept;
    }

    Fault hello(ProxyConnection from, Hello hello) {
        if (hello.node() == node.id()) {
            return Fault.IDENTITY;
        }
        Peer peer = peers.get(hello.node());
        if (peer == null) {
            return Fault.UNKNOWN;
        }
        from.belongsTo(peer);
        return peer.link().hello(from, hello);
    }

    void dial(Peer peer, long attempt) {
        int id = peer.settings().id();
        Optional<Address> address = peer.settings().host().isPresent()
                ? Optional.of(Address.tcp(peer.settings().host().get(), peer.settings().port())) : addresses.apply(id);
        if (address.isEmpty()) {
            loop.execute(() -> peer.cannotConnect(attempt, Fault.LOST, "it has not said where it listens"));
            return;
        }
        ConnectOptions options = (node.tls() == Tls.NONE ? ConnectOptions.plain() : ConnectOptions.node(id))
                .connectMs(node.greetingMs()).loop(loop);
        transport.connect("proxy-" + id, PROTOCOL, address.get(), options)
                .whenComplete((connection, failure) -> loop.execute(() -> dialed(peer, attempt, connection, failure)));
    }

    private void dialed(Peer peer, long attempt, Connection connection, Throwable failure) {
        if (stopped) {
            // The next version serves it, and knows nothing of an attempt of this one.
            if (connection != null) {
                connection.close();
            }
            return;
        }
        ProxyConnection made = connection == null ? null : dialed.remove(connection);
        if (made == null || made.isEnded()) {
            Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
            ErrorCode code = cause instanceof DvsException refused ? refused.code() : ErrorCode.CONNRESET;
            String text = cause == null ? "it closed the connection" : cause.getMessage();
            Fault why = code == ErrorCode.BADCERT ? Fault.IDENTITY : code == ErrorCode.TIMEDOUT ? Fault.SILENT : Fault.LOST;
            peer.cannotConnect(attempt, why, text);
            return;
        }
        made.belongsTo(peer);
        peer.link().dialed(attempt, made);
    }

    /** A connection is gone: nobody will ask for it any more. */
    void forget(Connection connection) {
        dialed.remove(connection);
    }

    /** Counts what went wrong, and says so where it is no affair of every day. */
    void count(Peer peer, Fault fault, String where) {
        (peer == null ? strangers : peer.counters()).fault(fault);
        switch (fault) {
            case STALE, BUSY, REPLACED, LOST, SILENT, DRAINED, STOPPED, UNKNOWN, CHANGED -> LOG.debug("connection of {}: {}",
                    where, fault.sentence());
            default -> LOG.warn("the connection of {} is ended: {}", where, fault.sentence());
        }
    }

    /** Where a node listens has become known, or is another place now. */
    void hurry(int id) {
        peer(id).ifPresent(Peer::hurry);
    }

    // ---- figures, on the loop

    /** By name; connections that ended before they were one are the listeners' to count. */
    SortedMap<String, Long> strangersFaults() {
        SortedMap<String, Long> counts = strangers.faultCounts();
        long refused = transport.listeners().stream().filter(listener -> listener.protocol().equals(PROTOCOL))
                .mapToLong(ListenerInfo::refused).sum();
        if (refused > 0) {
            counts.put("handshake", refused);
        }
        return counts;
    }

    static ProxyLink figures(Peer peer) {
        Counters counters = peer.counters();
        Sequences sequences = peer.link().sequences();
        boolean up = peer.link().isUp();
        return new ProxyLink(peer.settings().id(), peer.pair().name(), peer.link().state().name().toLowerCase(Locale.ROOT),
                peer.link().wire() == null ? "" : peer.link().wire().where(),
                (up ? peer.agreement().options() : peer.settings().options()).words(),
                peer.agreement() == null ? "" : String.join("; ", peer.agreement().differences()),
                peer.link().lastFault() == null ? "" : peer.link().lastFault().word(),
                counters.framesOut, counters.commandsOut, counters.bytesOut, counters.rawOut, counters.framesIn,
                counters.commandsIn,
                counters.bytesIn, counters.rawIn, sequences.underWay(), sequences.delivered(), sequences.failed(),
                sequences.unknown(), counters.refused, counters.autobound, counters.faults(), counters.faultCounts(),
                counters.sessions,
                TimeUnit.NANOSECONDS.toMicros(counters.roundTripNanos));
    }
}
