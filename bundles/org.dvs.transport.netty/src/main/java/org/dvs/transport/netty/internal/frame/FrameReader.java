package org.dvs.transport.netty.internal.frame;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

import org.dvs.transport.api.CloseReason;
import org.dvs.transport.api.Framing;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;

/**
 * Cuts bytes into frames where they lie: what a read brought whole is handed over without a copy, only a frame that comes in
 * pieces is put together. That is why this is not Netty's {@code LengthFieldBasedFrameDecoder}: it makes an object for each
 * frame and knows no way to stop between two frames and keep the rest for another protocol plug-in.
 *
 * <p>Holds at most twice what was received of a frame, so a length alone costs nothing. Not thread-safe.
 */
public final class FrameReader {
    /** Bytes of the length before each frame. */
    public static final int LENGTH_BYTES = 4;

    private static final int LEAST_KEPT_BYTES = 512;

    private final ByteBufAllocator allocator;
    private final Framing framing;
    private int maxBytes;
    private ByteBuf kept;
    private boolean moved;
    private boolean released;

    /** Takes the frames. */
    @FunctionalInterface
    public interface Sink {
        /**
         * @param frame valid during this call
         * @return false to stop: the bytes behind it are kept
         */
        boolean frame(ByteBuffer frame);
    }

    public FrameReader(ByteBufAllocator allocator, Framing framing, int maxBytes) {
        this.allocator = allocator;
        this.framing = framing;
        this.maxBytes = maxBytes;
    }

    /** Counts from the next frame on. */
    public void maxBytes(int bytes) {
        maxBytes = bytes;
    }

    /** Bytes received and not handed over. */
    public int keptBytes() {
        return kept == null ? 0 : kept.readableBytes();
    }

    /** Whether anything was handed over since this was last asked. */
    public boolean moved() {
        boolean answer = moved;
        moved = false;
        return answer;
    }

    /** Keeps the bytes for {@link #drain}. Takes the buffer. */
    public void keep(ByteBuf in) {
        if (released) {
            in.release();
            return;
        }
        if (kept == null) {
            kept = in;
            return;
        }
        try {
            kept.writeBytes(in);
        } finally {
            in.release();
        }
    }

    /** Hands over what is whole now. Takes the buffer. */
    public void read(ByteBuf in, Sink sink) throws BadFrameException {
        try {
            boolean more = true;
            while (more && kept != null && in.isReadable()) {
                if (framing == Framing.STREAM) {
                    kept.writeBytes(in);
                } else if (!complete(in)) {
                    continue;
                }
                more = drain(sink);
            }
            if (!more) {
                rest(in);
            } else if (in.isReadable()) {
                cut(in, sink);
            }
        } finally {
            in.release();
        }
    }

    /**
     * Hands over what was kept and is whole.
     *
     * @return false if the sink stopped it
     */
    public boolean drain(Sink sink) throws BadFrameException {
        ByteBuf bytes = kept;
        if (bytes == null) {
            return true;
        }
        // Not kept meanwhile: the sink may release what is kept.
        kept = null;
        try {
            return cut(bytes, sink);
        } finally {
            bytes.release();
        }
    }

    /** Gives what was kept to another reader, that cuts it its own way. */
    public void handOver(FrameReader to) {
        if (kept != null) {
            to.keep(kept);
            kept = null;
        }
    }

    /** Drops what was kept and all that comes. */
    public void release() {
        released = true;
        if (kept != null) {
            kept.release();
            kept = null;
        }
    }

    /** Moves what the kept frame lacks, as far as it is there. @return whether there is a whole frame now */
    private boolean complete(ByteBuf in) throws BadFrameException {
        if (!move(in, LENGTH_BYTES)) {
            return false;
        }
        return move(in, LENGTH_BYTES + checked(kept.getInt(kept.readerIndex())));
    }

    /** @return whether there are as many bytes as needed now */
    private boolean move(ByteBuf in, int need) {
        int take = Math.min(need - kept.readableBytes(), in.readableBytes());
        if (take > kept.writableBytes()) {
            int most = kept.readerIndex() + Math.max(need, LEAST_KEPT_BYTES);
            kept.capacity(Math.min(Math.max(2 * kept.capacity(), kept.writerIndex() + take), most));
        }
        if (take > 0) {
            kept.writeBytes(in, take);
        }
        return kept.readableBytes() >= need;
    }

    private boolean cut(ByteBuf bytes, Sink sink) throws BadFrameException {
        ByteBuffer view = bytes.nioBuffer().order(ByteOrder.BIG_ENDIAN);
        int at = 0;
        boolean more = true;
        try {
            if (framing == Framing.STREAM) {
                more = sink.frame(view);
                at = view.position();
                moved |= at > 0;
                int left = bytes.readableBytes() - at;
                if (left > maxBytes) {
                    throw new BadFrameException(CloseReason.TOO_LONG, left + " bytes without an end, at most " + maxBytes);
                }
                return more;
            }
            int end = view.limit();
            while (more && end - at >= LENGTH_BYTES) {
                int length = checked(view.getInt(at));
                if (length > end - at - LENGTH_BYTES) {
                    break;
                }
                // A view of its own for each: nobody can reach the frames beside it.
                ByteBuffer frame = view.slice(at + LENGTH_BYTES, length);
                at += LENGTH_BYTES + length;
                moved = true;
                more = sink.frame(frame);
            }
            return more;
        } finally {
            rest(bytes.skipBytes(at));
        }
    }

    private int checked(int length) throws BadFrameException {
        if (length <= 0) {
            throw new BadFrameException(CloseReason.BAD_FRAME, "a frame of " + length + " bytes");
        }
        if (length > maxBytes) {
            throw new BadFrameException(CloseReason.TOO_LONG, "a frame of " + length + " bytes, at most " + maxBytes);
        }
        return length;
    }

    /** Copies the rest: the buffer that a read filled is larger than what is left in it, and goes back to the pool. */
    private void rest(ByteBuf bytes) {
        int left = bytes.readableBytes();
        if (left == 0 || released) {
            return;
        }
        if (kept == null) {
            kept = allocator.directBuffer(room(bytes, left));
        }
        kept.writeBytes(bytes);
    }

    private int room(ByteBuf bytes, int left) {
        if (framing == Framing.LENGTH && left >= LENGTH_BYTES) {
            int length = bytes.getInt(bytes.readerIndex());
            if (length > 0 && length <= maxBytes) {
                return Math.max(left, Math.min(LENGTH_BYTES + length, Math.max(LEAST_KEPT_BYTES, 2 * left)));
            }
        }
        return Math.max(LEAST_KEPT_BYTES, left);
    }
}
