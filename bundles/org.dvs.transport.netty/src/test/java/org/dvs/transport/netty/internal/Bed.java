package org.dvs.transport.netty.internal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.function.ToLongFunction;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

import org.awaitility.Awaitility;
import org.dvs.api.security.Identity;
import org.dvs.security.internal.identity.TestKeys;
import org.dvs.transport.api.Address;
import org.dvs.transport.api.ConnectOptions;
import org.dvs.transport.api.ConnectionInfo;
import org.dvs.transport.api.Limits;
import org.dvs.transport.api.ListenOptions;
import org.dvs.transport.api.Listener;
import org.dvs.transport.api.Tls;
import org.dvs.transport.netty.internal.loop.SocketKind;

/** A transport under test, and ways to reach it. */
final class Bed implements AutoCloseable {
    /** Deadline of what must come. */
    static final int WAIT_MS = 20_000;

    /** As shipped, but for the time of a handshake, as the machines of tests stand still for a while now and then. */
    static final Limits PATIENT = new Limits(Limits.DEFAULT.maxFrameBytes(), Limits.DEFAULT.maxQueuedBytes(),
            Limits.DEFAULT.highQueuedBytes(), Limits.DEFAULT.maxStateBytes(), WAIT_MS, Limits.DEFAULT.firstFrameMs(),
            Limits.DEFAULT.readMs(), Limits.DEFAULT.writeMs(), Limits.DEFAULT.idleMs(), Limits.DEFAULT.parkMs());

    private static Identity identity;

    private final Path folder;
    private final NettyTransport transport;

    /** Each way that a connection can go. */
    enum Way {
        UNIX(SocketKind.EPOLL, Tls.NONE), TCP(SocketKind.EPOLL, Tls.NONE), NIO(SocketKind.NIO, Tls.NONE), TLS(SocketKind.EPOLL,
                Tls.CLUSTER), TLS_NIO(SocketKind.NIO, Tls.CLUSTER);

        final SocketKind kind;
        final Tls tls;

        Way(SocketKind kind, Tls tls) {
            this.kind = kind;
            this.tls = tls;
        }
    }

    Bed(Path folder, SocketKind kind, UnaryOperator<Limits> limits) {
        this(folder, kind, limits, 2);
    }

    Bed(Path folder, SocketKind kind, UnaryOperator<Limits> limits, int threads) {
        this.folder = folder;
        Settings settings = new Settings(kind, threads, 20, 100, 50, limits.apply(PATIENT));
        transport = new NettyTransport(settings, Bed::identity);
    }

    Bed(Path folder, Way way) {
        this(folder, way.kind, UnaryOperator.identity());
    }

    /** Node 0 of a cluster made once. */
    static synchronized Identity identity() {
        if (identity == null) {
            try {
                Path keys = Files.createTempDirectory("dvs-keys");
                identity = TestKeys.cluster(keys, "test");
                Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(keys)));
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }
        return identity;
    }

    private static void delete(Path folder) {
        try (Stream<Path> all = Files.walk(folder)) {
            all.sorted(Comparator.reverseOrder()).forEach(path -> path.toFile().delete());
        } catch (IOException e) {
            // A folder for temporary files is where it may stay.
        }
    }

    NettyTransport transport() {
        return transport;
    }

    /** Offers a protocol and opens a listener for it. */
    Listener serve(Way way, TestProtocol protocol) throws Exception {
        transport.offer(protocol);
        return listen(way, protocol.name());
    }

    Listener listen(Way way, String protocol) throws Exception {
        Address address = way == Way.UNIX ? Address.unix(folder.resolve("socket")) : Address.tcp("127.0.0.1", 0);
        return transport.listen("test", protocol, address, ListenOptions.plain().tls(way.tls));
    }

    /** Waits until something holds. */
    static void await(Callable<Boolean> condition) {
        Awaitility.await().atMost(WAIT_MS, TimeUnit.MILLISECONDS).pollInterval(2, TimeUnit.MILLISECONDS).until(condition);
    }

    /** Of all connections together. */
    long sum(ToLongFunction<ConnectionInfo> figure) {
        return transport.connections().stream().mapToLong(figure).sum();
    }

    static ConnectOptions options(Way way) {
        return way.tls == Tls.NONE ? ConnectOptions.plain() : ConnectOptions.node(0);
    }

    @Override
    public void close() {
        transport.close();
    }
}
