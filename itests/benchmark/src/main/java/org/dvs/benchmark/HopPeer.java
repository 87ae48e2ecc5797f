package org.dvs.benchmark;

import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.function.Function;

import org.dvs.transport.api.Address;
import org.dvs.transport.api.CloseReason;
import org.dvs.transport.api.ConnectOptions;
import org.dvs.transport.api.Connection;
import org.dvs.transport.api.Handler;
import org.dvs.transport.api.ListenOptions;
import org.dvs.transport.api.Listener;
import org.dvs.transport.api.Protocol;
import org.dvs.transport.netty.internal.BareTransport;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;

/**
 * One process of a measurement of {@link Hop}. Servers print {@code ready}, with their port where they have one, and end with
 * their standard input; clients print what their {@link Meter} does.
 */
public final class HopPeer {
    private static final long PORTION = 16 << 20;

    private HopPeer() {
    }

    /** @param args role, address, bytes of a message, rounds, round trips a round, microseconds to spin */
    public static void main(String[] args) throws Exception {
        String address = args[1];
        int bytes = Integer.parseInt(args[2]);
        Meter meter = new Meter(Integer.parseInt(args[3]), Integer.parseInt(args[4]));
        int spin = Integer.parseInt(args[5]);
        switch (args[0]) {
            case "raw-echo" -> rawEcho(address);
            case "raw-client" -> rawClient(address, ByteBuffer.allocateDirect(bytes), meter);
            case "frame-client" -> rawClient(address, ByteBuffer.allocateDirect(4 + bytes).putInt(0, bytes), meter);
            case "frame-echo" -> frameEcho(address);
            case "relay" -> relay(address, spin);
            case "netty-echo" -> nettyServer(new NettyEcho());
            case "netty-client" -> nettyClient(Integer.parseInt(address), bytes, meter);
            case "transport-echo" -> transportServer(spin, connection -> Connection::write);
            case "transport-client" -> transportClient(Integer.parseInt(address), bytes, spin, meter);
            case "netty-sink" -> nettyServer(new NettySink());
            case "netty-flood" -> nettyFlood(Integer.parseInt(address), bytes, meter);
            case "transport-sink" -> transportServer(spin, connection -> new Sink());
            case "transport-flood" -> transportFlood(Integer.parseInt(address), bytes, spin, meter);
            default -> throw new IllegalArgumentException(args[0]);
        }
        System.exit(0);
    }

    private static void serve(Object where) throws Exception {
        System.out.println("ready " + where);
        while (System.in.read() >= 0) {
            continue;
        }
    }

    // ---- JDK, blocking

    private static void rawEcho(String path) throws Exception {
        try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            server.bind(UnixDomainSocketAddress.of(path));
            System.out.println("ready " + path);
            echo(server.accept());
        }
    }

    private static void frameEcho(String path) throws Exception {
        SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(path));
        System.out.println("ready " + path);
        echo(channel);
    }

    private static void echo(SocketChannel channel) throws Exception {
        ByteBuffer buffer = ByteBuffer.allocateDirect(1 << 17);
        while (channel.read(buffer) >= 0) {
            channel.write(buffer.flip());
            buffer.clear();
        }
    }

    private static void rawClient(String path, ByteBuffer message, Meter meter) throws Exception {
        try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(path))) {
            ByteBuffer answer = ByteBuffer.allocateDirect(message.capacity());
            do {
                meter.sent();
                channel.write(message.clear());
                answer.clear();
                while (answer.hasRemaining()) {
                    channel.read(answer);
                }
            } while (meter.received());
        }
    }

    // ---- transport

    /** What comes from one connection goes to the other, as between two programs of a node. */
    private static final class Relay implements Protocol {
        private Connection first;
        private Connection second;

        @Override
        public String name() {
            return "relay";
        }

        @Override
        public Handler opened(Connection connection) {
            if (first == null) {
                first = connection;
            } else {
                second = connection;
            }
            return new Handler() {
                @Override
                public void frame(Connection from, ByteBuffer frame) {
                    Connection to = from == first ? second : first;
                    to.write(frame);
                    to.flush();
                }
            };
        }

        @Override
        public Handler resumed(Connection connection, ByteBuffer state) {
            throw new IllegalStateException("nothing is replaced here");
        }
    }

    private static void relay(String path, int spin) throws Exception {
        try (BareTransport bare = new BareTransport(1, spin)) {
            bare.offer(new Relay());
            serve(bare.transport().listen("relay", "relay", Address.unix(Path.of(path)), ListenOptions.plain()).address());
        }
    }

    /** A protocol without a past. */
    private record Simple(String name, Function<Connection, Handler> handlers) implements Protocol {
        @Override
        public Handler opened(Connection connection) {
            return handlers.apply(connection);
        }

        @Override
        public Handler resumed(Connection connection, ByteBuffer state) {
            throw new IllegalStateException("nothing is replaced here");
        }
    }

    private static void transportServer(int spin, Function<Connection, Handler> handlers) throws Exception {
        try (BareTransport bare = new BareTransport(1, spin)) {
            bare.offer(new Simple("serve", handlers));
            Listener listener = bare.transport().listen("serve", "serve", Address.tcp("127.0.0.1", 0), ListenOptions.plain());
            serve(((Address.Tcp) listener.address()).port());
        }
    }

    /** Answers each {@link #PORTION} bytes with one. */
    private static final class Sink implements Handler {
        private long got;

        @Override
        public void frame(Connection connection, ByteBuffer frame) {
            got += frame.remaining();
            if (got >= PORTION) {
                got -= PORTION;
                connection.write(ByteBuffer.allocate(1));
                connection.flush();
            }
        }

        @Override
        public void framesEnd(Connection connection) {
            // Flushed when there is something.
        }
    }

    private static void transportFlood(int port, int bytes, int spin, Meter meter) throws Exception {
        CountDownLatch done = new CountDownLatch(1);
        ByteBuffer block = ByteBuffer.allocateDirect(bytes);
        ByteBuffer empty = ByteBuffer.allocate(0);
        try (BareTransport bare = new BareTransport(1, spin)) {
            bare.offer(new Simple("flood", connection -> {
                Handler handler = new Handler() {
                    @Override
                    public void frame(Connection same, ByteBuffer frame) {
                        if (!meter.received()) {
                            done.countDown();
                        }
                        meter.sent();
                    }

                    @Override
                    public void closed(Connection same, CloseReason reason, String detail) {
                        if (done.getCount() > 0) {
                            System.err.println("the connection ended: " + reason + ' ' + detail);
                            Runtime.getRuntime().halt(1);
                        }
                    }

                    @Override
                    public void writable(Connection same) {
                        while (same.writable()) {
                            same.write(empty, block, () -> { });
                        }
                    }
                };
                meter.sent();
                connection.loop().execute(() -> handler.writable(connection));
                return handler;
            }));
            bare.transport().connect("flood", "flood", Address.tcp("127.0.0.1", port), ConnectOptions.plain()).get();
            done.await();
        }
    }

    private static void transportClient(int port, int bytes, int spin, Meter meter) throws Exception {
        CountDownLatch done = new CountDownLatch(1);
        ByteBuffer message = ByteBuffer.allocateDirect(bytes);
        try (BareTransport bare = new BareTransport(1, spin)) {
            bare.offer(new Simple("ask", connection -> {
                meter.sent();
                connection.write(message);
                return (same, frame) -> {
                    if (meter.received()) {
                        meter.sent();
                        same.write(message);
                    } else {
                        done.countDown();
                    }
                };
            }));
            bare.transport().connect("ask", "ask", Address.tcp("127.0.0.1", port), ConnectOptions.plain()).get();
            done.await();
        }
    }

    // ---- plain Netty

    private static void nettyServer(ChannelInboundHandlerAdapter handler) throws Exception {
        EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
        Channel server = new ServerBootstrap().group(group).channel(EpollServerSocketChannel.class)
                .childOption(ChannelOption.TCP_NODELAY, true).childHandler(handler).bind("127.0.0.1", 0).sync().channel();
        serve(((InetSocketAddress) server.localAddress()).getPort());
    }

    private static final class NettyEcho extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            context.write(message, context.voidPromise());
        }

        @Override
        public void channelReadComplete(ChannelHandlerContext context) {
            context.flush();
        }
    }

    /** Answers each {@link #PORTION} bytes with one. */
    private static final class NettySink extends ChannelInboundHandlerAdapter {
        private long got;

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            ByteBuf bytes = (ByteBuf) message;
            got += bytes.readableBytes();
            bytes.release();
            if (got >= PORTION) {
                got -= PORTION;
                context.writeAndFlush(context.alloc().directBuffer(1).writeByte(1), context.voidPromise());
            }
        }
    }

    private static void nettyFlood(int port, int bytes, Meter meter) throws Exception {
        CountDownLatch done = new CountDownLatch(1);
        ByteBuf block = Unpooled.directBuffer(bytes).writeZero(bytes);
        EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
        new Bootstrap().group(group).channel(EpollSocketChannel.class).option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.WRITE_BUFFER_WATER_MARK, new WriteBufferWaterMark(128 << 10, 256 << 10))
                .handler(new ChannelInboundHandlerAdapter() {
                    @Override
                    public void channelActive(ChannelHandlerContext context) {
                        meter.sent();
                        channelWritabilityChanged(context);
                    }

                    @Override
                    public void channelWritabilityChanged(ChannelHandlerContext context) {
                        while (context.channel().isWritable()) {
                            context.writeAndFlush(block.retainedDuplicate(), context.voidPromise());
                        }
                    }

                    @Override
                    public void channelRead(ChannelHandlerContext context, Object message) {
                        ByteBuf answers = (ByteBuf) message;
                        for (int i = answers.readableBytes(); i > 0; i--) {
                            if (!meter.received()) {
                                done.countDown();
                            }
                            meter.sent();
                        }
                        answers.release();
                    }
                }).connect("127.0.0.1", port);
        done.await();
    }

    private static void nettyClient(int port, int bytes, Meter meter) throws Exception {
        CountDownLatch done = new CountDownLatch(1);
        EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
        new Bootstrap().group(group).channel(EpollSocketChannel.class).option(ChannelOption.TCP_NODELAY, true)
                .handler(new ChannelInboundHandlerAdapter() {
                    private int missing;

                    @Override
                    public void channelActive(ChannelHandlerContext context) {
                        ask(context);
                    }

                    @Override
                    public void channelRead(ChannelHandlerContext context, Object message) {
                        ByteBuf answer = (ByteBuf) message;
                        missing -= answer.readableBytes();
                        answer.release();
                        if (missing == 0) {
                            if (meter.received()) {
                                ask(context);
                            } else {
                                done.countDown();
                            }
                        }
                    }

                    private void ask(ChannelHandlerContext context) {
                        missing = bytes;
                        meter.sent();
                        context.writeAndFlush(context.alloc().directBuffer(bytes).writeZero(bytes), context.voidPromise());
                    }
                }).connect("127.0.0.1", port);
        done.await();
    }
}
