package org.dvs.transport.netty.internal;

import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.transport.api.Address;
import org.dvs.transport.api.CloseReason;
import org.dvs.transport.api.ConnectOptions;
import org.dvs.transport.api.Connection;
import org.dvs.transport.api.Limits;
import org.dvs.transport.api.Loop;
import org.dvs.transport.api.Tls;
import org.dvs.transport.netty.internal.loop.LoopThread;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.NetUtil;

/** One connect: the addresses of a name one after another, within one deadline. On the loop of the connection to be. */
final class Dial implements Link.Owner {
    private final String name;
    private final ProtocolEntry entry;
    private final Address to;
    private final ConnectOptions options;
    private final Parts parts;
    private final LoopThread loop;
    private final CompletableFuture<Connection> result = new CompletableFuture<>();
    private final Deque<SocketAddress> candidates = new ArrayDeque<>();
    private Channel channel;
    private boolean connected;
    private Loop.Timer deadline;

    /** @throws IllegalArgumentException for the loop of another transport */
    Dial(String name, ProtocolEntry entry, Address to, ConnectOptions options, Parts parts) {
        this.name = name;
        this.entry = entry;
        this.to = to;
        this.options = options;
        this.parts = parts;
        this.loop = parts.loops().choose(options.loop());
    }

    /** @param resolver looks up names, as that may take long */
    CompletableFuture<Connection> start(Executor resolver) {
        result.whenComplete((connection, failure) -> {
            if (failure != null) {
                loop.executeAlways(this::giveUp);
            }
        });
        if (!loop.executeAlways(() -> {
            deadline = loop.schedule(this::tooLate, options.connectMs(), TimeUnit.MILLISECONDS);
            resolve(resolver);
        })) {
            fail(ErrorCode.SHUTDOWN, "the transport has stopped", null);
        }
        return result;
    }

    private void resolve(Executor resolver) {
        if (to instanceof Address.Unix unix) {
            candidates.add(new DomainSocketAddress(unix.path().toString()));
            next(null);
            return;
        }
        Address.Tcp tcp = (Address.Tcp) to;
        byte[] literal = NetUtil.createByteArrayFromIpAddressString(tcp.host());
        try {
            if (literal != null) {
                candidates.add(new InetSocketAddress(InetAddress.getByAddress(literal), tcp.port()));
                next(null);
                return;
            }
            resolver.execute(() -> lookUp(tcp));
        } catch (UnknownHostException | RejectedExecutionException e) {
            fail(ErrorCode.AGAIN, "too many names are being looked up", e);
        }
    }

    private void lookUp(Address.Tcp tcp) {
        try {
            InetAddress[] found = InetAddress.getAllByName(tcp.host());
            boolean goesOn = loop.executeAlways(() -> {
                for (InetAddress each : found) {
                    candidates.add(new InetSocketAddress(each, tcp.port()));
                }
                next(null);
            });
            if (!goesOn) {
                fail(ErrorCode.SHUTDOWN, "the transport has stopped", null);
            }
        } catch (UnknownHostException e) {
            fail(ErrorCode.DSTNOTRCH, "no address is known for " + tcp.host(), e);
        }
    }

    private void next(Throwable failure) {
        if (result.isDone()) {
            return;
        }
        if (loop.netty().isShuttingDown()) {
            // A socket that this thread's last tasks opened would be closed by nobody.
            fail(ErrorCode.SHUTDOWN, "the transport has stopped", failure);
            return;
        }
        SocketAddress candidate = candidates.poll();
        if (candidate == null) {
            boolean nobody = failure instanceof ConnectException && String.valueOf(failure.getMessage()).contains("refused");
            fail(nobody ? ErrorCode.CONNREFUSED : ErrorCode.DSTNOTRCH,
                    name + " cannot connect to " + to + ": " + (failure == null ? "no address" : failure.getMessage()), failure);
            return;
        }
        if (options.tls() == Tls.NONE && candidate instanceof InetSocketAddress inet && !inet.getAddress().isLoopbackAddress()) {
            fail(ErrorCode.BADVALUE, name + " to " + to + ": without TLS only a loopback address is possible", null);
            return;
        }
        try {
            connect(candidate);
        } catch (DvsException e) {
            result.completeExceptionally(e);
        }
    }

    private void connect(SocketAddress candidate) throws DvsException {
        ProtocolEntry.Serving serving = entry.serving();
        Limits limits = serving == null ? parts.settings().limits() : serving.limits();
        SslHandler tls = options.tls() == Tls.NONE ? null : parts.tls().end(options.tls(), true, limits.handshakeMs());
        Channel attempt = parts.settings().kind().client(to instanceof Address.Unix);
        Link link = new Link(name, true, loop, entry, tls, options.node(), limits, this);
        Channels.prepare(attempt, tls, new LinkEvents(link));
        channel = attempt;
        parts.links().add(link);
        attempt.closeFuture().addListener(gone -> parts.links().remove(link));
        loop.netty().register(attempt).addListener((ChannelFuture registered) -> {
            if (!registered.isSuccess()) {
                next(registered.cause());
                return;
            }
            attempt.connect(candidate).addListener((ChannelFuture done) -> {
                if (done.isSuccess()) {
                    connected = true;
                    deadline.cancel();
                } else {
                    attempt.close();
                    next(done.cause());
                }
            });
        });
    }

    private void tooLate() {
        if (!connected) {
            fail(ErrorCode.TIMEDOUT, name + " could not connect to " + to + " within " + options.connectMs() + " ms", null);
        }
    }

    private void fail(ErrorCode code, String text, Throwable cause) {
        result.completeExceptionally(new DvsException(code, text, cause));
    }

    /** It failed, or nobody wants it any more. */
    private void giveUp() {
        if (deadline != null) {
            deadline.cancel();
        }
        if (channel != null) {
            channel.close();
        }
    }

    @Override
    public void opened(Connection connection) {
        if (!result.complete(connection)) {
            connection.close(CloseReason.LOCAL, "nobody waited for it any more");
        }
    }

    @Override
    public void ended(Link link, LinkEnd end) {
        if (!result.isDone()) {
            result.completeExceptionally(end.error(name));
        }
    }
}
