package org.dvs.client;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.nio.channels.GatheringByteChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;

import org.dvs.api.ErrorCode;
import org.dvs.kernel.api.BindKind;
import org.dvs.kernel.api.EndpointNumbers;
import org.dvs.kernel.api.IpcException;
import org.dvs.kernel.api.Message;
import org.dvs.kernel.api.gate.ExposedMemory;
import org.dvs.kernel.api.gate.GateOp;

/**
 * One connection to the kernel: frames out, frames in, and the copies that the kernel asks for while this side waits. Written and
 * read by one thread each.
 */
final class GateWire implements AutoCloseable {
    private static final int LENGTH_BYTES = 4;
    private static final int RCODE_BYTES = 4;
    private static final int FIRST_BUFFER = 4096;
    private static final int MAX_FRAME = GateOp.MAX_COPY_BYTES + GateOp.HEADER_BYTES;
    private static final long BIND_MS = 10_000;
    private static final int OK = 0;

    private final ByteChannel channel;
    private final GatheringByteChannel gathering;
    private final String where;
    private final ExposedMemory memory = new ExposedMemory();
    private final Frames calls = new Frames();
    private final Frames answers = new Frames();
    private ByteBuffer in = ByteBuffer.allocateDirect(FIRST_BUFFER).limit(0);

    /** @param where what is at the other end, for messages */
    <C extends ByteChannel & GatheringByteChannel> GateWire(C channel, String where) {
        this.channel = channel;
        this.gathering = channel;
        this.where = where;
    }

    static GateWire connect(Path socket) throws IpcException {
        SocketChannel channel = null;
        try {
            channel = SocketChannel.open(StandardProtocolFamily.UNIX);
            // A link leads from a place that is too deep for a socket to where it is.
            channel.connect(UnixDomainSocketAddress.of(Files.isSymbolicLink(socket) ? socket.toRealPath() : socket));
            return new GateWire(channel, "the kernel at " + socket);
        } catch (IOException | IllegalArgumentException e) {
            closeQuietly(channel);
            throw new IpcException(ErrorCode.CONNREFUSED, "no kernel at " + socket + ": " + e.getMessage());
        }
    }

    private static void closeQuietly(ByteChannel channel) {
        try {
            if (channel != null) {
                channel.close();
            }
        } catch (IOException e) {
            // Nothing depends on it any more.
        }
    }

    ExposedMemory memory() {
        return memory;
    }

    /** Where calls are written; the caller's thread only. */
    Frames calls() {
        return calls;
    }

    // ---- binding

    int bind(int dcid, int endpoint, String name, BindKind kind, int node) throws IpcException {
        try (Watch watch = Watch.over(this, BIND_MS)) {
            return bound(calls.bind(dcid, endpoint, name, kind, node), "bind of " + endpoint + " in dc" + dcid + " as " + name);
        }
    }

    int attach(String name, long timeoutMs) throws IpcException {
        String what = "wait for a bind of " + name;
        Watch watch = Watch.within(this, timeoutMs);
        try {
            return bound(calls.attach(name), what);
        } catch (IpcException e) {
            throw watch.expired() ? new IpcException(ErrorCode.TIMEDOUT, what) : e;
        } finally {
            watch.close();
        }
    }

    private int bound(ByteBuffer frame, String what) throws IpcException {
        boolean done = false;
        try {
            send(frame);
            ByteBuffer result = result();
            int endpoint = result.getInt();
            if (endpoint == GateOp.OTHER_VERSION) {
                throw new IpcException(ErrorCode.PROTONOSUPPORT,
                        where + " speaks another version of the gate than " + GateOp.VERSION);
            }
            if (endpoint < EndpointNumbers.ERROR_LIMIT) {
                throw IpcException.of(endpoint, what);
            }
            done = true;
            return endpoint;
        } catch (IpcException e) {
            throw e.code() == ErrorCode.NOTCONN && Thread.interrupted() ? new IpcException(ErrorCode.INTR, what) : e;
        } finally {
            if (!done) {
                close();
            }
        }
    }

    // ---- frames

    void send(ByteBuffer frame) throws IpcException {
        try {
            while (frame.hasRemaining()) {
                channel.write(frame);
            }
        } catch (IOException e) {
            throw gone(e.getMessage());
        }
    }

    private void send(ByteBuffer header, ByteBuffer payload) throws IpcException {
        ByteBuffer[] both = {header, payload};
        try {
            while (payload.hasRemaining() || header.hasRemaining()) {
                gathering.write(both);
            }
        } catch (IOException e) {
            throw gone(e.getMessage());
        }
    }

    private IpcException gone(String why) {
        close();
        return new IpcException(ErrorCode.NOTCONN, where + " is gone" + (why == null ? "" : ": " + why));
    }

    /**
     * Waits for the result of the call under way, and serves copies meanwhile.
     *
     * @return at the rcode, with the message behind it if there is one; valid until the next frame is read
     */
    ByteBuffer result() throws IpcException {
        try {
            return served();
        } catch (BufferUnderflowException e) {
            throw gone("a frame that is cut off");
        }
    }

    private ByteBuffer served() throws IpcException {
        for (;;) {
            ByteBuffer frame = frame();
            byte op = frame.get();
            switch (op) {
                case GateOp.RESULT -> {
                    if (frame.remaining() != RCODE_BYTES && frame.remaining() != RCODE_BYTES + Message.BYTES) {
                        throw gone("a result of " + frame.remaining() + " bytes");
                    }
                    return frame;
                }
                case GateOp.COPY_READ -> read(frame.getInt(), frame.getLong(), frame.getInt());
                case GateOp.COPY_WRITE -> write(frame.getInt(), frame.getLong(), frame);
                case GateOp.TERMINATE -> {
                    // The call's own result says so too.
                }
                default -> throw gone("it said " + op + ", which this version does not know");
            }
        }
    }

    private void read(int id, long address, int length) throws IpcException {
        ByteBuffer bytes = length < 0 || length > GateOp.MAX_COPY_BYTES ? null : memory.at(address, length);
        if (bytes == null) {
            send(answers.copied(GateOp.COPY_DATA, id, ErrorCode.FAULT.rcode(), 0));
        } else {
            send(answers.copied(GateOp.COPY_DATA, id, OK, length), bytes);
        }
    }

    private void write(int id, long address, ByteBuffer bytes) throws IpcException {
        int fault = ErrorCode.FAULT.rcode();
        int result = memory.with(address, bytes.remaining(), fault, to -> {
            if (to.isReadOnly()) {
                return fault;
            }
            to.put(bytes);
            return OK;
        });
        send(answers.copied(GateOp.COPY_WRITTEN, id, result, 0));
    }

    private ByteBuffer frame() throws IpcException {
        fill(LENGTH_BYTES);
        int length = in.getInt();
        if (length < 1 || length > MAX_FRAME) {
            throw gone("a frame of " + length + " bytes");
        }
        fill(length);
        ByteBuffer frame = in.slice(in.position(), length);
        in.position(in.position() + length);
        return frame;
    }

    /** Reads until so many bytes are at hand. */
    private void fill(int bytes) throws IpcException {
        if (in.remaining() >= bytes) {
            return;
        }
        if (in.capacity() < bytes) {
            in = ByteBuffer.allocateDirect(Integer.highestOneBit(bytes - 1) << 1).put(in).flip();
        }
        in.compact();
        try {
            while (in.position() < bytes) {
                if (channel.read(in) < 0) {
                    throw gone(null);
                }
            }
        } catch (IOException e) {
            throw gone(e.getMessage());
        } finally {
            in.flip();
        }
    }

    boolean isOpen() {
        return channel.isOpen();
    }

    @Override
    public void close() {
        closeQuietly(channel);
    }

    @Override
    public String toString() {
        return where;
    }
}
