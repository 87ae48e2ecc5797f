package org.dvs.transport.netty.internal;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.Arrays;
import java.util.Random;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

import org.dvs.transport.api.Address;

/** The other end, of the JDK, byte by byte if need be. */
final class Client implements AutoCloseable {
    private final AutoCloseable socket;
    private final InputStream in;
    private final OutputStream out;

    private Client(AutoCloseable socket, InputStream in, OutputStream out) {
        this.socket = socket;
        this.in = in;
        this.out = out;
    }

    static Client to(Bed.Way way, Address address) throws IOException {
        return switch (way) {
            case UNIX -> unix(address);
            case TCP, NIO -> tcp(address);
            case TLS, TLS_NIO -> tls(address, Bed.identity().clusterTls());
        };
    }

    static Client unix(Address address) throws IOException {
        SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(((Address.Unix) address).path()));
        return new Client(channel, new UnixInput(channel), new UnixOutput(channel));
    }

    /** As in {@code java.nio.channels.Channels}, but reading does not keep from writing. */
    private static final class UnixInput extends InputStream {
        private final SocketChannel channel;

        UnixInput(SocketChannel channel) {
            this.channel = channel;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] bytes, int from, int length) throws IOException {
            return channel.read(ByteBuffer.wrap(bytes, from, length));
        }
    }

    /** See {@link UnixInput}. */
    private static final class UnixOutput extends OutputStream {
        private final SocketChannel channel;

        UnixOutput(SocketChannel channel) {
            this.channel = channel;
        }

        @Override
        public void write(int one) throws IOException {
            write(new byte[] {(byte) one}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int from, int length) throws IOException {
            ByteBuffer all = ByteBuffer.wrap(bytes, from, length);
            while (all.hasRemaining()) {
                channel.write(all);
            }
        }
    }

    static Client tcp(Address address) throws IOException {
        Socket socket = socket(address);
        return new Client(socket, socket.getInputStream(), socket.getOutputStream());
    }

    private static Socket socket(Address address) throws IOException {
        Address.Tcp tcp = (Address.Tcp) address;
        Socket socket = new Socket();
        socket.setOption(StandardSocketOptions.TCP_NODELAY, true);
        socket.setSoTimeout(Bed.WAIT_MS);
        socket.connect(new InetSocketAddress(tcp.host(), tcp.port()), Bed.WAIT_MS);
        return socket;
    }

    static Client tls(Address address, SSLContext context, String... protocols) throws IOException {
        Address.Tcp tcp = (Address.Tcp) address;
        SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket(socket(address), tcp.host(), tcp.port(), true);
        if (protocols.length > 0) {
            socket.setEnabledProtocols(protocols);
        }
        socket.startHandshake();
        return new Client(socket, socket.getInputStream(), socket.getOutputStream());
    }

    static byte[] framed(byte[] body) {
        return ByteBuffer.allocate(4 + body.length).putInt(body.length).put(body).array();
    }

    Client send(byte[] bytes) throws IOException {
        out.write(bytes);
        out.flush();
        return this;
    }

    Client frame(byte[] body) throws IOException {
        return send(framed(body));
    }

    /** Awaits one frame. */
    byte[] receive() throws IOException {
        DataInputStream data = new DataInputStream(in);
        byte[] body = new byte[data.readInt()];
        data.readFully(body);
        return body;
    }

    byte[] receive(int bytes) throws IOException {
        byte[] body = new byte[bytes];
        new DataInputStream(in).readFully(body);
        return body;
    }

    /** Whether the connection ended, and nothing came before that. Waits for it. */
    boolean ended() throws IOException {
        try {
            int next = in.read();
            return next < 0;
        } catch (EOFException | SocketException e) {
            return true;
        } catch (IOException e) {
            if (String.valueOf(e.getMessage()).contains("reset")) {
                return true;
            }
            throw e;
        }
    }

    void endOutput() throws IOException {
        if (socket instanceof SocketChannel channel) {
            channel.shutdownOutput();
        } else {
            ((Socket) socket).shutdownOutput();
        }
    }

    /** So that the end comes as a reset. */
    void reset() throws IOException {
        ((Socket) socket).setSoLinger(true, 0);
        ((Socket) socket).close();
    }

    @Override
    public void close() throws Exception {
        socket.close();
    }

    static byte[] bytes(int length, int seed) {
        byte[] bytes = new byte[length];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    static byte[] join(byte[]... parts) {
        byte[] all = new byte[Arrays.stream(parts).mapToInt(part -> part.length).sum()];
        int at = 0;
        for (byte[] part : parts) {
            System.arraycopy(part, 0, all, at, part.length);
            at += part.length;
        }
        return all;
    }
}
