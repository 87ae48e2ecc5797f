package org.dvs.client;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.GatheringByteChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;

import org.dvs.api.ErrorCode;
import org.dvs.kernel.api.BindKind;
import org.dvs.kernel.api.Endpoint;
import org.dvs.kernel.api.EndpointNumbers;
import org.dvs.kernel.api.IpcException;
import org.dvs.kernel.api.Message;
import org.dvs.kernel.api.gate.ExposedMemory;
import org.dvs.kernel.api.gate.GateOp;

/**
 * One connection to the kernel: frames out, frames in, and the copies that the kernel asks for while this side waits. Read by one
 * thread; frames are written whole, by whichever thread.
 */
final class GateWire implements AutoCloseable {
    private static final int LENGTH_BYTES = 4;
    private static final int RCODE_BYTES = 4;
    private static final int DCID_BYTES = 4;
    private static final int FIRST_BUFFER = 4096;
    private static final int MAX_FRAME = GateOp.MAX_COPY_BYTES + GateOp.HEADER_BYTES;
    private static final long BIND_MS = 10_000;
    private static final int OK = 0;
    private static final long NEVER = Long.MAX_VALUE;
    /** What is longer is as good as for ever. */
    private static final long LONGEST_MS = TimeUnit.DAYS.toMillis(365);

    private final ByteChannel channel;
    private final GatheringByteChannel gathering;
    private final String where;
    private final ExposedMemory memory = new ExposedMemory();
    private final Frames calls = new Frames();
    private final Frames answers = new Frames();
    private final ReentrantLock writing = new ReentrantLock();
    private volatile long dueAt = NEVER;
    private volatile boolean expired;
    /** The other side has said something. */
    private boolean heard;
    private ByteBuffer in = ByteBuffer.allocateDirect(FIRST_BUFFER).limit(0);

    /** @param where what is at the other end, for messages */
    <C extends ByteChannel & GatheringByteChannel> GateWire(C channel, String where) {
        this.channel = channel;
        this.gathering = channel;
        this.where = where;
        Watch.begin(this);
    }

    static GateWire connect(Path socket) throws IpcException {
        SocketChannel channel = null;
        try {
            channel = SocketChannel.open(StandardProtocolFamily.UNIX);
            // A link leads from a place that is too deep for a socket to where it is.
            channel.connect(UnixDomainSocketAddress.of(Files.isSymbolicLink(socket) ? socket.toRealPath() : socket));
            return new GateWire(channel, "the kernel at " + socket);
        } catch (ClosedByInterruptException e) {
            throw new IpcException(ErrorCode.INTR, "connecting to the kernel at " + socket);
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
        due(BIND_MS);
        String what = "bind of " + endpoint + " in dc" + dcid + " as " + name;
        return bound(calls.bind(dcid, endpoint, name, kind, node), what, result -> result).getInt();
    }

    /** Where a program was bound by another one. */
    record Place(int endpoint, int dcid) {
        static Place read(ByteBuffer result) {
            return new Place(result.getInt(), result.getInt());
        }
    }

    Place attach(String name, long timeoutMs) throws IpcException {
        String what = "wait for a bind of " + name;
        if (timeoutMs > 0) {
            // Of this the kernel keeps no time.
            dueIn(timeoutMs);
            Watch.lookSoon();
        }
        try {
            return bound(calls.attach(name), what, Place::read);
        } catch (IpcException e) {
            throw expired ? new IpcException(ErrorCode.TIMEDOUT, what) : e;
        }
    }

    /** @param read what the result says, from the endpoint on */
    private <T> T bound(ByteBuffer frame, String what, Function<ByteBuffer, T> read) throws IpcException {
        boolean done = false;
        try {
            send(frame);
            ByteBuffer result = result();
            int endpoint = result.getInt(result.position());
            if (endpoint == GateOp.OTHER_VERSION) {
                throw new IpcException(ErrorCode.PROTONOSUPPORT,
                        where + " speaks another version of the gate than " + GateOp.VERSION);
            }
            if (endpoint == ErrorCode.RSCBUSY.rcode()) {
                throw IpcException.of(endpoint,
                        what + ": as many programs are connected as the setting maxPrograms of the gate allows");
            }
            if (endpoint < EndpointNumbers.ERROR_LIMIT) {
                String why = why(result.position(result.position() + RCODE_BYTES));
                throw IpcException.of(endpoint, why.isEmpty() ? what : why);
            }
            T bound = read.apply(result);
            done = true;
            return bound;
        } catch (BufferUnderflowException e) {
            throw gone("a frame that is cut off");
        } catch (IpcException e) {
            boolean interrupted = e.code() == ErrorCode.CONNRESET && Thread.currentThread().isInterrupted();
            throw interrupted ? new IpcException(ErrorCode.INTR, what) : e;
        } finally {
            due(Endpoint.FOREVER);
            if (!done) {
                close();
            }
        }
    }

    // ---- deadlines

    /** @param timeoutMs of the call that begins; it is watched if it has a limit, NOWAIT too. FOREVER when it has ended */
    void due(long timeoutMs) {
        if (timeoutMs < 0) {
            dueAt = NEVER;
        } else {
            dueIn(Math.min(timeoutMs, LONGEST_MS) + Watch.GRACE_MS);
        }
    }

    private void dueIn(long milliseconds) {
        dueAt = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(Math.min(milliseconds, LONGEST_MS));
    }

    /** @return nanoseconds until its call must have ended; {@link Long#MAX_VALUE} if none must */
    long dueWithin() {
        long due = dueAt;
        return due == NEVER ? NEVER : due - System.nanoTime();
    }

    /** Its call has not ended in time. */
    void expire() {
        expired = true;
        close();
    }

    // ---- frames

    void send(ByteBuffer frame) throws IpcException {
        writing.lock();
        try {
            while (frame.hasRemaining()) {
                channel.write(frame);
            }
        } catch (IOException e) {
            throw gone(e.getMessage());
        } finally {
            writing.unlock();
        }
    }

    private void send(ByteBuffer header, ByteBuffer payload) throws IpcException {
        ByteBuffer[] both = {header, payload};
        writing.lock();
        try {
            while (payload.hasRemaining() || header.hasRemaining()) {
                gathering.write(both);
            }
        } catch (IOException e) {
            throw gone(e.getMessage());
        } finally {
            writing.unlock();
        }
    }

    /** Says that the program ends as it wanted to, unless something is just being written; then closes. */
    void exit() {
        if (isOpen() && writing.tryLock()) {
            try {
                channel.write(new Frames().number(GateOp.EXIT, 0));
            } catch (IOException e) {
                // The connection is gone already, and with it the endpoint.
            } finally {
                writing.unlock();
            }
        }
        close();
    }

    private IpcException gone(String why) {
        close();
        return new IpcException(ErrorCode.CONNRESET, where + " is gone" + (why == null ? "" : ": " + why));
    }

    /**
     * Waits for the result of the call under way, and serves copies meanwhile.
     *
     * @return at the rcode, with the message behind it if there is one, or why it failed; valid until the next frame is read
     */
    ByteBuffer result() throws IpcException {
        try {
            return served();
        } catch (BufferUnderflowException e) {
            throw gone("a frame that is cut off");
        }
    }

    /** @param result of a call that failed, behind its rcode; what the number leaves out is left in it */
    static String why(ByteBuffer result) {
        return StandardCharsets.UTF_8.decode(result).toString();
    }

    private ByteBuffer served() throws IpcException {
        for (;;) {
            ByteBuffer frame = frame();
            byte op = frame.get();
            switch (op) {
                case GateOp.RESULT -> {
                    int behind = frame.remaining() - RCODE_BYTES;
                    boolean failed = behind > 0 && frame.getInt(frame.position()) < OK;
                    if (failed ? behind > GateOp.MAX_WHY_BYTES
                            : behind != 0 && behind != Message.BYTES && behind != DCID_BYTES) {
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
        int result = memory.write(address, bytes, ErrorCode.FAULT.rcode());
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
                heard = true;
            }
        } catch (IOException e) {
            throw gone(e.getMessage());
        } finally {
            in.flip();
        }
    }

    /** Whether the other side ended the connection before it had said anything. */
    boolean isUnheard() {
        return !heard && !expired;
    }

    boolean isOpen() {
        return channel.isOpen();
    }

    @Override
    public void close() {
        Watch.end(this);
        closeQuietly(channel);
    }

    @Override
    public String toString() {
        return where;
    }
}
