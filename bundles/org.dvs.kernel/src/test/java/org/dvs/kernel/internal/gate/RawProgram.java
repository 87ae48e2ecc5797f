package org.dvs.kernel.internal.gate;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.stream.Stream;

import org.dvs.kernel.api.BindKind;
import org.dvs.kernel.api.EndpointNumbers;
import org.dvs.kernel.api.gate.GateOp;

/** A program that says to the gate what it likes. */
final class RawProgram implements AutoCloseable {
    final SocketChannel channel;

    RawProgram(Path socket) throws IOException {
        channel = SocketChannel.open(StandardProtocolFamily.UNIX);
        channel.connect(UnixDomainSocketAddress.of(socket));
    }

    static ByteBuffer call(byte op) {
        return ByteBuffer.allocate(GateOp.MAX_COPY_BYTES + GateOp.HEADER_BYTES).put(op);
    }

    static ByteBuffer bindCall(int endpoint) {
        return call(GateOp.BIND).putInt(GateOp.MAGIC).putShort(GateOp.VERSION).put((byte) BindKind.SELF.ordinal())
                .putInt(0).putInt(endpoint).putInt(EndpointNumbers.LOCALNODE).put("raw".getBytes(StandardCharsets.UTF_8));
    }

    /** @param frames each at its end; they come as one piece */
    void send(ByteBuffer... frames) throws IOException {
        ByteBuffer whole = ByteBuffer.allocate(Stream.of(frames).mapToInt(frame -> Integer.BYTES + frame.position()).sum());
        for (ByteBuffer frame : frames) {
            whole.putInt(frame.flip().remaining()).put(frame);
        }
        whole.flip();
        while (whole.hasRemaining()) {
            channel.write(whole);
        }
    }

    /** @return the endpoint, or an error */
    int bind(int endpoint) throws IOException {
        send(bindCall(endpoint));
        return next().getInt(1);
    }

    void beginAttach(String name) throws IOException {
        send(call(GateOp.ATTACH).putInt(GateOp.MAGIC).putShort(GateOp.VERSION).put(name.getBytes(StandardCharsets.UTF_8)));
    }

    /** @return the endpoint, or an error */
    int attach(String name) throws IOException {
        beginAttach(name);
        return next().getInt(1);
    }

    /** Begins a receive from anybody, without limit. */
    void receive() throws IOException {
        send(call(GateOp.RECEIVE).putInt(EndpointNumbers.ANY).putLong(-1));
    }

    /** @return the next frame; null at the end */
    ByteBuffer next() throws IOException {
        ByteBuffer length = ByteBuffer.allocate(Integer.BYTES);
        if (!fill(length)) {
            return null;
        }
        ByteBuffer frame = ByteBuffer.allocate(length.getInt(0));
        return fill(frame) ? frame.flip() : null;
    }

    private boolean fill(ByteBuffer buffer) throws IOException {
        while (buffer.hasRemaining()) {
            if (channel.read(buffer) < 0) {
                return false;
            }
        }
        return true;
    }

    /** Reads until it is cut off. Hangs if it never is: for tests with a deadline. */
    void awaitEnd() {
        try {
            while (channel.read(ByteBuffer.allocate(1 << 16)) >= 0) {
                continue;
            }
        } catch (IOException e) {
            // Cut off as well.
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
