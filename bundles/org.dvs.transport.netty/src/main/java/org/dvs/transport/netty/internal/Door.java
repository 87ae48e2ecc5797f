package org.dvs.transport.netty.internal;

import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnknownHostException;
import java.util.EnumSet;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.api.security.AddressLimit;
import org.dvs.transport.api.Address;
import org.dvs.transport.api.CloseReason;
import org.dvs.transport.api.Connection;
import org.dvs.transport.api.Limits;
import org.dvs.transport.api.ListenOptions;
import org.dvs.transport.api.Listener;
import org.dvs.transport.api.ListenerInfo;
import org.dvs.transport.api.Loop;
import org.dvs.transport.api.Tls;
import org.dvs.transport.netty.internal.loop.LoopThread;
import org.dvs.transport.netty.internal.socket.SocketFile;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.ServerChannel;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.Future;

/** An open listener. While nobody serves its protocol it stays bound and accepts nothing. */
final class Door extends ChannelInboundHandlerAdapter implements Listener, ProtocolEntry.Served, Link.Owner {
    private static final Logger LOG = LoggerFactory.getLogger(Door.class);
    private static final Set<CloseReason> REFUSALS = EnumSet.of(CloseReason.HANDSHAKE, CloseReason.HANDSHAKE_TIMEOUT,
            CloseReason.REFUSED);
    private static final long OPEN_MS = 5_000;
    private static final long RETRY_MS = 1_000;
    private static final int BACKLOG = 1_024;

    private final String name;
    private final ProtocolEntry entry;
    private final Address asked;
    private final ListenOptions options;
    private final Parts parts;
    private final int maxConnections;
    private final AddressLimit addresses;
    private final AtomicInteger open = new AtomicInteger();
    private final AtomicInteger number = new AtomicInteger();
    private final LongAdder accepted = new LongAdder();
    private final LongAdder overLimit = new LongAdder();
    private final LongAdder overAddressLimit = new LongAdder();
    private final LongAdder refused = new LongAdder();
    private LoopThread loop;
    private ServerChannel channel;
    private SocketFile file;
    private volatile Address address;
    private Loop.Timer parkTimer;
    private volatile boolean closed;

    Door(String name, ProtocolEntry entry, Address asked, ListenOptions options, Parts parts) {
        this.name = name;
        this.entry = entry;
        this.asked = asked;
        this.options = options;
        this.parts = parts;
        Settings settings = parts.settings();
        maxConnections = options.maxConnections() > 0 ? options.maxConnections() : settings.maxConnections();
        int perAddress = options.maxConnectionsPerAddress() > 0 ? options.maxConnectionsPerAddress()
                : settings.maxConnectionsPerAddress();
        // This machine's own address is shared by all programs on it.
        addresses = new AddressLimit(perAddress, InetAddress::isLoopbackAddress);
    }

    /** Binds. Waits, so not on a loop. */
    void open() throws DvsException {
        boolean unix = asked instanceof Address.Unix;
        SocketAddress bind = unix ? unixAddress((Address.Unix) asked) : tcpAddress((Address.Tcp) asked);
        loop = parts.loops().choose(options.loop());
        channel = parts.settings().kind().server(unix);
        channel.config().setAutoRead(false);
        channel.config().setOption(ChannelOption.SO_BACKLOG, BACKLOG);
        if (!unix) {
            channel.config().setOption(ChannelOption.SO_REUSEADDR, true);
        }
        channel.pipeline().addLast(this);
        try {
            await(loop.netty().register(channel));
            await(channel.bind(bind));
            if (file != null) {
                file.publish();
            }
        } catch (DvsException e) {
            channel.close();
            if (file != null) {
                file.remove();
            }
            throw e;
        }
        address = asked instanceof Address.Tcp tcp
                ? Address.tcp(tcp.host(), ((InetSocketAddress) channel.localAddress()).getPort()) : asked;
        parts.doors().add(this);
        entry.add(this);
        servingChanged(() -> { });
    }

    private SocketAddress unixAddress(Address.Unix unix) throws DvsException {
        if (options.tls() != Tls.NONE) {
            throw new DvsException(ErrorCode.BADVALUE, "listener " + name + ": a Unix-domain socket has no TLS");
        }
        if (!parts.settings().kind().knowsUnixPeers()) {
            throw new DvsException(ErrorCode.PROTONOSUPPORT, "listener " + name + " at " + unix
                    + ": without epoll nothing tells which process is at the other end of a Unix-domain socket"
                    + parts.whyNotEpoll());
        }
        file = SocketFile.prepare(unix.path(), options.mode());
        return new DomainSocketAddress(file.bindPath().toString());
    }

    private SocketAddress tcpAddress(Address.Tcp tcp) throws DvsException {
        InetAddress host;
        try {
            host = InetAddress.getByName(tcp.host());
        } catch (UnknownHostException e) {
            throw new DvsException(ErrorCode.ADDRNOTAVAIL, "listener " + name + ": there is no address " + tcp.host(), e);
        }
        if (options.tls() == Tls.NONE && !host.isLoopbackAddress()) {
            throw new DvsException(ErrorCode.BADVALUE,
                    "listener " + name + " at " + tcp + ": without TLS only a loopback address is possible");
        }
        if (options.tls() != Tls.NONE) {
            parts.tls().check();
        }
        return new InetSocketAddress(host, tcp.port());
    }

    private void await(ChannelFuture future) throws DvsException {
        try {
            if (!future.await(OPEN_MS, TimeUnit.MILLISECONDS)) {
                throw new DvsException(ErrorCode.TIMEDOUT,
                        "listener " + name + " at " + asked + " was not open after " + OPEN_MS + " ms");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new DvsException(ErrorCode.INTR, "listener " + name + " was not opened", e);
        }
        if (!future.isSuccess()) {
            throw failed(future.cause());
        }
    }

    private DvsException failed(Throwable cause) {
        String text = String.valueOf(cause.getMessage());
        ErrorCode code = ErrorCode.IO;
        if (text.contains("in use")) {
            code = ErrorCode.ADDRINUSE;
        } else if (text.contains("ermission denied")) {
            code = ErrorCode.ACCES;
        } else if (cause instanceof BindException || text.contains("assign requested address")) {
            code = ErrorCode.ADDRNOTAVAIL;
        }
        return new DvsException(code, "listener " + name + " cannot open " + asked + ": " + text, cause);
    }

    /** Whether it is what is asked for. */
    boolean is(String protocol, Address where, ListenOptions how) {
        return !closed && entry.name().equals(protocol) && asked.equals(where) && options.equals(how);
    }

    @Override
    public void servingChanged(Runnable done) {
        loop.executeAlways(() -> {
            boolean serving = entry.serving() != null;
            if (parkTimer != null) {
                parkTimer.cancel();
                parkTimer = null;
            }
            if (!serving && !closed) {
                parkTimer = loop.schedule(this::parkedTooLong, parts.settings().limits().parkMs(), TimeUnit.MILLISECONDS);
            }
            channel.config().setAutoRead(serving);
        });
        // What it accepts meanwhile waits for the protocol by itself.
        done.run();
    }

    private void parkedTooLong() {
        if (closed) {
            return;
        }
        LOG.info("Listener {} at {} is closed, as nobody came who serves protocol {}", name, address, entry.name());
        shut();
    }

    // ---- connections

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        Channel child = (Channel) message;
        if (closed) {
            child.unsafe().closeForcibly();
            return;
        }
        if (open.get() >= maxConnections) {
            overLimit.increment();
            child.unsafe().closeForcibly();
            return;
        }
        InetAddress from = child.remoteAddress() instanceof InetSocketAddress remote ? remote.getAddress() : null;
        if (from != null && !addresses.enter(from)) {
            overAddressLimit.increment();
            child.unsafe().closeForcibly();
            return;
        }
        try {
            accept(child, from);
        } catch (DvsException e) {
            refused.increment();
            leave(from);
            child.unsafe().closeForcibly();
            LOG.warn("Listener {} refused a connection: {}", name, e.getMessage());
        }
    }

    private void accept(Channel child, InetAddress from) throws DvsException {
        ProtocolEntry.Serving serving = entry.serving();
        Limits limits = serving == null ? parts.settings().limits() : serving.limits();
        SslHandler tls = options.tls() == Tls.NONE ? null : parts.tls().end(options.tls(), false, limits.handshakeMs());
        LoopThread server = parts.loops().choose(options.loop());
        Link link = new Link(name + '#' + number.incrementAndGet(), false, server, entry, tls, OptionalInt.empty(), limits, this);
        Channels.prepare(child, tls, new LinkEvents(link));
        accepted.increment();
        open.incrementAndGet();
        parts.links().add(link);
        child.closeFuture().addListener(gone -> {
            open.decrementAndGet();
            leave(from);
            parts.links().remove(link);
        });
        server.netty().register(child).addListener((Future<Void> registered) -> {
            if (!registered.isSuccess()) {
                child.unsafe().closeForcibly();
            }
        });
    }

    private void leave(InetAddress from) {
        if (from != null) {
            addresses.leave(from);
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        if (closed) {
            return;
        }
        // Most often there are too many open files: accepting at once again would only say so again.
        LOG.warn("Listener {} cannot accept: {}", name, cause.getMessage());
        channel.config().setAutoRead(false);
        loop.schedule(() -> channel.config().setAutoRead(!closed && entry.serving() != null), RETRY_MS, TimeUnit.MILLISECONDS);
    }

    @Override
    public void opened(Connection connection) {
        // Nobody waits for it.
    }

    @Override
    public void ended(Link link, LinkEnd end) {
        CloseReason reason = end.reason();
        if (REFUSALS.contains(reason)) {
            refused.increment();
        }
        if (reason != CloseReason.PEER && reason != CloseReason.LOCAL) {
            LOG.debug("Connection {} ended: {} {}", link.name(), reason, end.detail());
        }
    }

    // ---- the listener

    @Override
    public String name() {
        return name;
    }

    @Override
    public Address address() {
        return address;
    }

    ListenerInfo info() {
        return new ListenerInfo(name, entry.name(), address, entry.serving() != null, open.get(), accepted.sum(), overLimit.sum(),
                overAddressLimit.sum(), refused.sum());
    }

    @Override
    public void close() {
        ChannelFuture gone = shut();
        if (!loop.here() && !gone.awaitUninterruptibly(OPEN_MS, TimeUnit.MILLISECONDS)) {
            LOG.warn("Listener {} did not close within {} ms", name, OPEN_MS);
        }
    }

    private ChannelFuture shut() {
        closed = true;
        entry.remove(this);
        parts.doors().remove(this);
        if (file != null) {
            file.remove();
        }
        return channel.close();
    }
}
