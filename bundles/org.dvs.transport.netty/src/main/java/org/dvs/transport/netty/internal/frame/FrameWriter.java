package org.dvs.transport.netty.internal.frame;

import java.nio.ByteBuffer;

import org.dvs.transport.api.Framing;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;

/**
 * Gathers frames in one buffer until they are flushed: a batch of short frames is one write to the socket. A buffer full of them
 * goes out by itself, so that the peer begins with them meanwhile. A long frame fills a buffer alone; a few of those are one write,
 * as the system cuts each write into segments of its own (64 KiB on loopback: a write of 64 KiB and a length makes two of them). A
 * payload that is not copied goes out at once. Not thread-safe.
 */
public final class FrameWriter {
    private static final int SMALL_BYTES = 4 << 10;
    private static final int LARGE_BYTES = 64 << 10;
    /** From so many on a frame is long. */
    private static final int LONG_FRAME_BYTES = LARGE_BYTES / 2;
    /** Of long frames, that wait for each other. */
    private static final int MOST_HELD_BYTES = 4 * LARGE_BYTES;

    private final Out out;
    private final ByteBufAllocator allocator;
    private final int lengthBytes;
    private int maxFrameBytes;
    private int maxQueuedBytes;
    private int highQueuedBytes;
    private ByteBuf gathered;
    private ByteBuffer view;
    private ByteBuffer begun;
    private boolean busy;
    private boolean starved;
    private long frames;
    private long bytes;

    /** Where the bytes go. */
    public interface Out {
        /** Queues the buffer. Takes it. */
        void write(ByteBuf bytes);

        /** As {@link #write(ByteBuf)}; the runnable is called when the buffer is not needed any more. */
        void write(ByteBuf bytes, Runnable released);

        /** Sends what was queued, as far as the system takes it now; the rest soon. */
        void flush();

        /** Bytes queued and flushed that the system has not taken. */
        long pendingBytes();
    }

    public FrameWriter(Out out, ByteBufAllocator allocator, Framing framing) {
        this.out = out;
        this.allocator = allocator;
        lengthBytes = framing == Framing.LENGTH ? FrameReader.LENGTH_BYTES : 0;
    }

    public void limits(int maxFrame, int maxQueued, int highQueued) {
        maxFrameBytes = maxFrame;
        maxQueuedBytes = maxQueued;
        highQueuedBytes = highQueued;
    }

    public long frames() {
        return frames;
    }

    /** Written, lengths included. */
    public long bytes() {
        return bytes;
    }

    public long queuedBytes() {
        return out.pendingBytes() + (gathered == null ? 0 : gathered.readableBytes());
    }

    public boolean writable() {
        if (queuedBytes() < highQueuedBytes) {
            return true;
        }
        starved = true;
        return false;
    }

    /** Whether somebody was told to wait, and half of the queue is gone. True once. What was not flushed does not count. */
    public boolean relieved() {
        if (!starved || out.pendingBytes() >= lowQueuedBytes(highQueuedBytes)) {
            return false;
        }
        starved = false;
        return true;
    }

    /** @return null if refused */
    public ByteBuffer begin(int maxBytes) {
        if (maxBytes < 1 || maxBytes > maxFrameBytes) {
            throw new IllegalArgumentException("a frame of " + maxBytes + " bytes, not 1.." + maxFrameBytes);
        }
        if (refused(maxBytes)) {
            return null;
        }
        room(lengthBytes + maxBytes);
        begun = view.slice(gathered.writerIndex() + lengthBytes, maxBytes);
        return begun;
    }

    public void end(ByteBuffer frame) {
        if (frame == null || frame != begun) {
            throw new IllegalStateException("no frame was begun, or another one");
        }
        begun = null;
        if (frame.position() > 0) {
            close(frame.position(), frame.position());
        }
    }

    /** @return false if refused */
    public boolean write(ByteBuffer frame) {
        ByteBuffer copy = begin(frame.remaining());
        if (copy == null) {
            return false;
        }
        copy.put(0, frame, frame.position(), frame.remaining()).position(frame.remaining());
        end(copy);
        return true;
    }

    /** @return false if refused */
    public boolean write(ByteBuffer header, ByteBuffer payload) {
        int length = Math.addExact(header.remaining(), payload.remaining());
        ByteBuffer frame = begin(length);
        if (frame == null) {
            return false;
        }
        frame.put(0, header, header.position(), header.remaining());
        frame.put(header.remaining(), payload, payload.position(), payload.remaining()).position(length);
        end(frame);
        return true;
    }

    /** @return false if refused */
    public boolean write(ByteBuffer header, ByteBuffer payload, Runnable released) {
        if (!payload.isDirect()) {
            throw new IllegalArgumentException("the payload is not direct");
        }
        int length = Math.addExact(header.remaining(), payload.remaining());
        if (length < 1 || length > maxFrameBytes) {
            throw new IllegalArgumentException("a frame of " + length + " bytes, not 1.." + maxFrameBytes);
        }
        if (refused(length)) {
            return false;
        }
        int own = header.remaining();
        room(lengthBytes + own);
        view.put(gathered.writerIndex() + lengthBytes, header, header.position(), own);
        close(length, own);
        handOver();
        out.write(Unpooled.wrappedBuffer(payload.slice()), released);
        out.flush();
        return true;
    }

    /** Sends what was gathered. */
    public void flush() {
        busy = false;
        if (gathered != null) {
            handOver();
            out.flush();
        }
    }

    private void handOver() {
        ByteBuf full = gathered;
        forget();
        if (full.isReadable()) {
            out.write(full);
        } else {
            full.release();
        }
    }

    /** Below so many bytes who was told to wait may go on: half, and never 0. */
    public static int lowQueuedBytes(int highQueuedBytes) {
        return Math.max(1, highQueuedBytes / 2);
    }

    /** Drops what was gathered. */
    public void release() {
        if (gathered != null) {
            gathered.release();
            forget();
        }
    }

    private void forget() {
        gathered = null;
        view = null;
        begun = null;
    }

    private boolean refused(int length) {
        // As long as it is writable any frame is taken, however small the bound.
        long queued = queuedBytes();
        if (queued < highQueuedBytes || queued + lengthBytes + length <= maxQueuedBytes) {
            return false;
        }
        starved = true;
        return true;
    }

    private void room(int needed) {
        if (gathered != null && gathered.writableBytes() < needed) {
            handOver();
            if (needed < LONG_FRAME_BYTES || out.pendingBytes() >= MOST_HELD_BYTES) {
                out.flush();
            }
            busy = true;
        }
        if (gathered == null) {
            gathered = allocator.directBuffer(Math.max(needed, busy ? LARGE_BYTES : SMALL_BYTES));
            view = gathered.nioBuffer(0, gathered.capacity());
        }
    }

    /** @param here how many of the frame's bytes are in the buffer */
    private void close(int length, int here) {
        if (lengthBytes > 0) {
            gathered.writeInt(length);
        }
        gathered.writerIndex(gathered.writerIndex() + here);
        frames++;
        bytes += lengthBytes + length;
    }
}
