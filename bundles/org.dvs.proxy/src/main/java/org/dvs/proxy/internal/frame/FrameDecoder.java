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
    /** Of the commands that are being read: where those but the first lie, where the next one does, and how many are left. */
    private ByteBuffer commands;
    private int at;
    private int left;
    private boolean compact;

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
        into.version = frame.get(FrameLayout.AT_VERSION);
        if (into.version != FrameLayout.VERSION && !into.isCompact()) {
            return Fault.VERSION;
        }
        into.type = frame.get(FrameLayout.AT_TYPE);
        boolean known = into.type >= FrameLayout.HELLO && into.type <= FrameLayout.END;
        if (!known || into.isCompact() && into.type != FrameLayout.COMMAND) {
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
        boolean body = frame.has(FrameLayout.BATCH) || frame.has(FrameLayout.DATA) || frame.isCompact();
        return (frame.flags & ~FrameLayout.ALL_FLAGS) == 0
                && !(frame.has(FrameLayout.DATA) && (frame.has(FrameLayout.BATCH) || frame.isCompact()))
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
                boolean counted = frame.has(FrameLayout.BATCH) ? frame.batch >= 1 && frame.batch <= FrameLayout.MAX_BATCH
                        : frame.batch == 0;
                yield counted && commandsFit(frame);
            }
            case FrameLayout.ALIVE -> frame.batch == 0 && frame.length == FrameLayout.ALIVE_BYTES;
            case FrameLayout.END -> frame.batch == 0 && frame.length == FrameLayout.END_BYTES;
            default -> frame.batch == 0 && frame.length <= Hello.MAX_BYTES;
        };
    }

    private boolean commandsFit(Frame frame) {
        if (frame.isCompact()) {
            long commands = frame.batch + 1;
            return frame.raw >= commands * CompactLayout.LEAST_BYTES && frame.raw <= commands * CompactLayout.MOST_BYTES;
        }
        return frame.has(FrameLayout.DATA) ? frame.raw <= maxData : frame.raw == frame.batch * FrameLayout.COMMAND_BYTES;
    }

    /**
     * The command of a good command frame with data.
     *
     * @return null; or {@link Fault#DIGEST} or {@link Fault#DECOMPRESS}: then the command is true and its payload, null, is not
     */
    public Fault data(ByteBuffer frame, Frame header, Command into) {
        CommandLayout.read(frame, FrameLayout.HEADER, into);
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
     * Begins to read the commands of a good command frame without data, for {@link #next}.
     *
     * @param into for all of them, one after another
     * @return null; or {@link Fault#GAP} if they cannot be unpacked or are not as many as the header says: as the check was right
     *     they left the peer like this, so all of them are missing
     */
    public Fault commands(ByteBuffer frame, Frame header, Command into) {
        int body = header.bodyAt();
        compact = header.isCompact();
        left = header.batch;
        commands = frame;
        at = body;
        if (header.has(FrameLayout.LZ4)) {
            commands = room(header.raw);
            at = 0;
            if (!lz4.decompress(frame, body, header.length, commands, header.raw)) {
                return Fault.GAP;
            }
        }
        if (!compact) {
            CommandLayout.read(frame, FrameLayout.HEADER, into);
            return null;
        }
        if (!CompactLayout.fits(commands, at, at + header.raw, header.batch + 1)) {
            return Fault.GAP;
        }
        CompactLayout.begin(into);
        at = CompactLayout.read(commands, at, into);
        return null;
    }

    /**
     * The next of the commands of the frame, whose first one is there since it was begun.
     *
     * @param into has the one before, unchanged
     * @return false if there is none
     */
    public boolean next(Command into) {
        if (left == 0) {
            return false;
        }
        left--;
        if (compact) {
            at = CompactLayout.read(commands, at, into);
        } else {
            CommandLayout.read(commands, at, into);
            at += FrameLayout.COMMAND_BYTES;
        }
        return true;
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
