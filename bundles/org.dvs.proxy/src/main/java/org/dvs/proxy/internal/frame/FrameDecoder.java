package org.dvs.proxy.internal.frame;

import java.nio.ByteBuffer;

import org.dvs.kernel.api.Command;

/**
 * Reads frames; see {@link FrameLayout}. Nothing is allocated by what a frame claims: its lengths are held against the bytes that
 * have come and against the limit, and what is unpacked goes into one buffer of this decoder. Not thread-safe.
 */
public final class FrameDecoder {
    private final Digester digester = new Digester();
    private final Lz4 lz4 = new Lz4();
    private final int maxData;
    private ByteBuffer unpacked;

    /** @param maxData most bytes of a copy in one frame, 1 or more */
    public FrameDecoder(int maxData) {
        this.maxData = maxData;
    }

    /**
     * Reads and verifies the header.
     *
     * @param frame from 0 to its limit
     * @return null if it is good; else this connection cannot be trusted any more
     */
    public Fault header(ByteBuffer frame, Frame into) {
        if (frame.limit() < Integer.BYTES || frame.getInt(0) != FrameLayout.MAGIC) {
            return Fault.MAGIC;
        }
        if (frame.limit() < FrameLayout.HEADER) {
            return Fault.LENGTH;
        }
        if (frame.get(FrameLayout.AT_VERSION) != FrameLayout.VERSION) {
            return Fault.VERSION;
        }
        into.type = frame.get(FrameLayout.AT_TYPE);
        if (into.type < FrameLayout.HELLO || into.type > FrameLayout.END) {
            return Fault.TYPE;
        }
        into.flags = Short.toUnsignedInt(frame.getShort(FrameLayout.AT_FLAGS));
        into.length = frame.getInt(FrameLayout.AT_LENGTH);
        into.raw = frame.getInt(FrameLayout.AT_RAW);
        into.batch = Short.toUnsignedInt(frame.getShort(FrameLayout.AT_BATCH));
        into.sequence = frame.getLong(FrameLayout.AT_SEQUENCE);
        into.acknowledgement = frame.getLong(FrameLayout.AT_ACKNOWLEDGEMENT);
        into.cut = frame.getLong(FrameLayout.AT_CUT);
        if (!flagsFit(into)) {
            return Fault.FLAGS;
        }
        if (!lengthsFit(into) || into.total() != frame.limit() || frame.getShort(FrameLayout.AT_ZERO) != 0) {
            return Fault.LENGTH;
        }
        int check = digester.check(frame, 0, FrameLayout.AT_CHECK, FrameLayout.AT_SEQUENCE, into.checkedTo());
        return check == frame.getInt(FrameLayout.AT_CHECK) ? null : Fault.CHECK;
    }

    private static boolean flagsFit(Frame frame) {
        if (frame.type != FrameLayout.COMMAND) {
            return frame.flags == 0;
        }
        boolean body = frame.has(FrameLayout.BATCH) || frame.has(FrameLayout.DATA);
        return (frame.flags & ~FrameLayout.ALL_FLAGS) == 0
                && !(frame.has(FrameLayout.BATCH) && frame.has(FrameLayout.DATA))
                && (body || !frame.has(FrameLayout.LZ4))
                && (frame.has(FrameLayout.DATA) || frame.digest() == DigestKind.NONE);
    }

    private boolean lengthsFit(Frame frame) {
        boolean packed = frame.has(FrameLayout.LZ4);
        if (frame.length < 0 || frame.raw < 0 || (packed ? frame.length >= frame.raw : frame.length != frame.raw)) {
            return false;
        }
        return switch (frame.type) {
            case FrameLayout.COMMAND -> {
                if (frame.has(FrameLayout.BATCH)) {
                    yield frame.batch >= 1 && frame.batch <= FrameLayout.MAX_BATCH
                            && frame.raw == frame.batch * FrameLayout.COMMAND_BYTES;
                }
                yield frame.batch == 0 && (frame.has(FrameLayout.DATA) ? frame.raw <= maxData : frame.raw == 0);
            }
            case FrameLayout.ALIVE -> frame.batch == 0 && frame.length == FrameLayout.ALIVE_BYTES;
            case FrameLayout.END -> frame.batch == 0 && frame.length == FrameLayout.END_BYTES;
            default -> frame.batch == 0 && frame.length <= Hello.MAX_BYTES;
        };
    }

    /**
     * The command in the header of a good command frame, with its data if it has any.
     *
     * @return null; or {@link Fault#DIGEST} or {@link Fault#DECOMPRESS}: then the command is true and its payload, null, is not
     */
    public Fault command(ByteBuffer frame, Frame header, Command into) {
        CommandLayout.read(frame, FrameLayout.HEADER, into);
        if (!header.has(FrameLayout.DATA)) {
            return null;
        }
        ByteBuffer data = frame;
        int from = FrameLayout.AT_BODY;
        if (header.has(FrameLayout.LZ4)) {
            data = room(header.raw);
            from = 0;
            if (!lz4.decompress(frame, FrameLayout.AT_BODY, header.length, data, header.raw)) {
                return Fault.DECOMPRESS;
            }
        }
        if (!digester.matches(header.digest(), data, from, header.raw, frame, FrameLayout.AT_BODY + header.length)) {
            return Fault.DIGEST;
        }
        into.payload = data.slice(from, header.raw);
        return null;
    }

    /**
     * The commands in the body of a good batch, for {@link #element}.
     *
     * @return null if they cannot be unpacked
     */
    public ByteBuffer elements(ByteBuffer frame, Frame header) {
        if (!header.has(FrameLayout.LZ4)) {
            return frame.slice(FrameLayout.AT_BODY, header.length);
        }
        ByteBuffer commands = room(header.raw);
        return lz4.decompress(frame, FrameLayout.AT_BODY, header.length, commands, header.raw) ? commands : null;
    }

    /** @param index from 0 */
    public static void element(ByteBuffer elements, int index, Command into) {
        CommandLayout.read(elements, index * FrameLayout.COMMAND_BYTES, into);
    }

    /** The peer's time in an ALIVE frame. */
    public static long ping(ByteBuffer frame) {
        return frame.getLong(FrameLayout.HEADER);
    }

    /** This side's time, given back. */
    public static long echo(ByteBuffer frame) {
        return frame.getLong(FrameLayout.HEADER + Long.BYTES);
    }

    /** Why the peer ends. */
    public static Fault why(ByteBuffer frame) {
        return Fault.of(Short.toUnsignedInt(frame.getShort(FrameLayout.HEADER)));
    }

    /** @return null if it cannot be read */
    public static Hello hello(ByteBuffer frame, Frame header) {
        return Hello.read(frame, FrameLayout.HEADER, header.length);
    }

    /** At most what the limits allow, and only once something packed has come. */
    private ByteBuffer room(int bytes) {
        if (unpacked == null || unpacked.capacity() < bytes) {
            unpacked = ByteBuffer.allocateDirect(bytes);
        }
        return unpacked;
    }
}
