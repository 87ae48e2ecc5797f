package org.dvs.transport.netty.internal;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.regex.Pattern;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.api.Printable;
import org.dvs.api.security.Identity;
import org.dvs.transport.api.Address;
import org.dvs.transport.api.ClosedDoor;
import org.dvs.transport.api.ConnectOptions;
import org.dvs.transport.api.Connection;
import org.dvs.transport.api.ConnectionInfo;
import org.dvs.transport.api.ListenOptions;
import org.dvs.transport.api.Listener;
import org.dvs.transport.api.ListenerInfo;
import org.dvs.transport.api.Loop;
import org.dvs.transport.api.Protocol;
import org.dvs.transport.api.Tls;
import org.dvs.transport.api.Transport;
import org.dvs.transport.netty.internal.loop.Loops;
import org.dvs.transport.netty.internal.socket.TlsEnds;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The transport without OSGi. */
final class NettyTransport implements Transport, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(NettyTransport.class);
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]{1,64}");
    private static final long STOP_MS = 4_000;
    private static final long WITHDRAW_MS = 5_000;
    private static final int HELPERS = 2;
    private static final int RESOLVERS = 4;
    private static final int WAITING_LOOK_UPS = 1_024;

    private final Map<String, ProtocolEntry> protocols = new ConcurrentHashMap<>();
    private final ThreadPoolExecutor handshakes = pool("handshake", HELPERS, Integer.MAX_VALUE);
    private final ThreadPoolExecutor resolvers = pool("resolve", RESOLVERS, WAITING_LOOK_UPS);
    private final Object opening = new Object();
    private final ClosedDoors closedDoors = new ClosedDoors(System::nanoTime);
    private final Loops loops;
    private final Parts parts;
    private volatile Settings settings;
    private volatile boolean closed;

    /** @param identity for TLS; may give null as long as there is none */
    NettyTransport(Settings settings, Supplier<Identity> identity) {
        this.settings = settings;
        loops = new Loops(settings.kind(), settings.threads(), settings.spinMicros());
        parts = new Parts(() -> this.settings, loops, new TlsEnds(identity, handshakes));
    }

    /** Of a handshake's work at most one piece waits at a time for each connection, so its queue is bounded by their number. */
    private static ThreadPoolExecutor pool(String purpose, int threads, int waiting) {
        AtomicInteger number = new AtomicInteger();
        ThreadFactory named = task -> {
            Thread thread = new Thread(task, "dvs-transport-" + purpose + '-' + number.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        };
        ThreadPoolExecutor pool =
                new ThreadPoolExecutor(threads, threads, 10, TimeUnit.SECONDS, new LinkedBlockingQueue<>(waiting), named);
        pool.allowCoreThreadTimeOut(true);
        return pool;
    }

    /** New limits count for listeners and connections that begin from now on; threads and sockets stay as they are. */
    void settings(Settings now) {
        settings = new Settings(settings.kind(), settings.threads(), now.spinMicros(), now.maxConnections(),
                now.maxConnectionsPerAddress(), now.limits());
        loops.spin(now.spinMicros());
        protocols.values().forEach(ProtocolEntry::settingsChanged);
    }

    private ProtocolEntry entry(String protocol) {
        return protocols.computeIfAbsent(protocol, name -> new ProtocolEntry(name, () -> settings));
    }

    /** @throws IllegalArgumentException for a name that is not legal */
    void offer(Protocol protocol) {
        if (!NAME.matcher(protocol.name()).matches()) {
            throw new IllegalArgumentException("protocol " + Printable.quoted(protocol.name(), 64));
        }
        entry(protocol.name()).offer(protocol);
    }

    /** Returns when nothing calls the protocol any more. */
    void withdraw(Protocol protocol) {
        try {
            if (!entry(protocol.name()).withdraw(protocol, WITHDRAW_MS)) {
                LOG.warn("Protocol {} was still busy after {} ms when its service went", protocol.name(), WITHDRAW_MS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public Listener listen(String name, String protocol, Address address, ListenOptions options) throws DvsException {
        check(name, protocol);
        if (options.loop() != null && !loops.all().contains(options.loop())) {
            throw new DvsException(ErrorCode.BADVALUE, "listener " + name + ": the loop is of another transport");
        }
        synchronized (opening) {
            if (closed) {
                throw new DvsException(ErrorCode.SHUTDOWN, "the transport has stopped");
            }
            Optional<Door> there = door(name);
            if (there.isPresent()) {
                if (there.get().is(protocol, address, options)) {
                    return there.get();
                }
                there.get().close();
            }
            Door door = new Door(name, entry(protocol), address, options, parts);
            try {
                door.open();
            } catch (DvsException e) {
                closedDoors.add(new ClosedDoor(name, protocol, address, e.getMessage()));
                throw e;
            }
            closedDoors.remove(name);
            return door;
        }
    }

    private static void check(String name, String protocol) throws DvsException {
        for (String each : new String[] {name, protocol}) {
            if (!NAME.matcher(each).matches()) {
                throw new DvsException(ErrorCode.BADVALUE, Printable.quoted(each, 64) + " is not 1 to 64 of A-Z a-z 0-9 . _ -");
            }
        }
    }

    @Override
    public CompletableFuture<Connection> connect(String name, String protocol, Address address, ConnectOptions options) {
        try {
            check(name, protocol);
            ProtocolEntry entry = entry(protocol);
            if (entry.serving() == null) {
                throw new DvsException(ErrorCode.PROTONOSUPPORT, "protocol " + protocol + " is not there");
            }
            if (address instanceof Address.Unix && (options.tls() != Tls.NONE || !settings.kind().knowsUnixPeers())) {
                throw new DvsException(ErrorCode.PROTONOSUPPORT,
                        name + " to " + address + ": Unix-domain sockets need epoll, and have no TLS");
            }
            return new Dial(name, entry, address, options, parts).start(resolvers);
        } catch (DvsException e) {
            return CompletableFuture.failedFuture(e);
        } catch (IllegalArgumentException e) {
            return CompletableFuture.failedFuture(new DvsException(ErrorCode.BADVALUE, name + ": " + e.getMessage(), e));
        }
    }

    @Override
    public List<Loop> loops() {
        return List.copyOf(loops.all());
    }

    @Override
    public List<ListenerInfo> listeners() {
        return parts.doors().stream().map(Door::info).sorted(Comparator.comparing(ListenerInfo::name)).toList();
    }

    @Override
    public List<ClosedDoor> closedDoors() {
        return closedDoors.all();
    }

    @Override
    public Optional<Listener> listener(String name) {
        return door(name).map(Listener.class::cast);
    }

    private Optional<Door> door(String name) {
        return parts.doors().stream().filter(door -> door.name().equals(name)).findFirst();
    }

    @Override
    public List<ConnectionInfo> connections() {
        return parts.links().stream().map(Link::info).flatMap(Optional::stream)
                .sorted(Comparator.comparing(ConnectionInfo::name)).toList();
    }

    /** Closes everything, within 5 s. */
    @Override
    public void close() {
        synchronized (opening) {
            closed = true;
            parts.doors().forEach(Door::close);
        }
        parts.links().forEach(Link::stop);
        try {
            if (!loops.close(STOP_MS)) {
                LOG.warn("The transport's threads had not ended after {} ms", STOP_MS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        resolvers.shutdownNow();
        handshakes.shutdownNow();
    }
}
