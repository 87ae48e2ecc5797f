package org.dvs.proxy.internal.frame;

import java.nio.ByteBuffer;

import org.dvs.kernel.api.Command;

/**
 * Writes frames straight into a connection's buffer; see {@link FrameLayout}. What all frames of a session have in common is set
 * once. Buffers are direct or not, big-endian, written from 0; afterwards the position is the frame's end. Not thread-safe.
 */
public final class FrameEncoder {
    private final Digester digester = new Digester();
    private final Lz4 lz4 = new Lz4();
    private DigestKind digest = DigestKind.NONE;
    private boolean sendPid;
    private int version = FrameLayout.VERSION;
    private long acknowledgement;
    private long cut;
    private ByteBuffer uncompressed;

    /**
     * What counts from the next frame on.
     *
     * @param newest version of frames that the peer reads
     */
    public void agreed(DigestKind kind, boolean withPid, int newest) {
        digest = kind;
        sendPid = withPid;
        version = Math.min(newest, FrameLayout.COMPACT);
    }

    /** What the frames that follow bear. */
    public void state(long acknowledged, long cutNumber) {
        acknowledgement = acknowledged;
        cut = cutNumber;
    }

    /** Most bytes that {@link #data} needs. */
    public static int dataBytes(int payload, boolean compress) {
        return FrameLayout.OVERHEAD + (compress ? Math.max(payload, Lz4.most(payload)) : payload);
    }

    /** Most bytes that {@link #commands} needs for so many, and for packing them. */
    public int commandBytes(int count, boolean compress) {
        int plain = count * (version == FrameLayout.COMPACT ? CompactLayout.MOST_BYTES : FrameLayout.COMMAND_BYTES);
        return FrameLayout.HEADER + (compress ? Math.max(plain, Lz4.most(plain)) : plain);
    }

    /**
     * Commands without data.
     *
     * @param out      has room for {@link #commandBytes}
     * @param count    how many of them, 1 to {@link FrameLayout#MAX_BATCH} + 1
     * @param compress if it makes the frame shorter; of one command in version 1 it never does
     * @return whether it did
     */
    public boolean commands(ByteBuffer out, Command[] commands, int count, boolean compress, long sequence) {
        boolean compact = version == FrameLayout.COMPACT;
        int flags = pidFlag() | (count > 1 ? FrameLayout.BATCH : 0);
        // Of version 1 the first command is no part of the body.
        int at = compact ? FrameLayout.HEADER : FrameLayout.AT_BODY;
        if (!compact) {
            CommandLayout.write(commands[0], sendPid, out, FrameLayout.HEADER);
        }
        int raw;
        if (compress) {
            ByteBuffer body = room(commandBytes(count, false));
            raw = body(commands, count, body, 0);
            int length = lz4.compress(body, 0, raw, out, at);
            if (length < raw) {
                end(out, version, FrameLayout.COMMAND, flags | FrameLayout.LZ4, length, raw, count - 1, sequence, at + length);
                return true;
            }
            out.put(at, body, 0, raw);
        } else {
            raw = body(commands, count, out, at);
        }
        end(out, version, FrameLayout.COMMAND, flags, raw, raw, count - 1, sequence, at + raw);
        return false;
    }

    /** @return its length */
    private int body(Command[] commands, int count, ByteBuffer out, int at) {
        if (version == FrameLayout.COMPACT) {
            return CompactLayout.write(commands, count, sendPid, out, at) - at;
        }
        for (int i = 1; i < count; i++) {
            CommandLayout.write(commands[i], sendPid, out, at + (i - 1) * FrameLayout.COMMAND_BYTES);
        }
        return (count - 1) * FrameLayout.COMMAND_BYTES;
    }

    /** Only where a batch is to be compressed. */
    private ByteBuffer room(int bytes) {
        if (uncompressed == null || uncompressed.capacity() < bytes) {
            uncompressed = ByteBuffer.allocateDirect(bytes);
        }
        return uncompressed;
    }

    /**
     * A command with its payload.
     *
     * @param compress if it makes the frame shorter
     * @return whether it did
     */
    public boolean data(ByteBuffer out, Command command, boolean compress, long sequence) {
        ByteBuffer payload = command.payload;
        int from = payload.position();
        int raw = payload.remaining();
        CommandLayout.write(command, sendPid, out, FrameLayout.HEADER);
        int length = compress ? lz4.compress(payload, from, raw, out, FrameLayout.AT_BODY) : raw;
        int flags = pidFlag() | FrameLayout.DATA | digest.ordinal() << FrameLayout.DIGEST_SHIFT;
        if (length < raw) {
            flags |= FrameLayout.LZ4;
        } else {
            length = raw;
            out.put(FrameLayout.AT_BODY, payload, from, raw);
        }
        int at = FrameLayout.AT_BODY + length;
        digester.write(digest, payload, from, raw, out, at);
        end(out, FrameLayout.COMMAND, flags, length, raw, 0, sequence, FrameLayout.AT_BODY);
        out.position(at + digest.bytes());
        return (flags & FrameLayout.LZ4) != 0;
    }

    /** HELLO or WELCOME. */
    public void hello(ByteBuffer out, int type, Hello hello, long sequence) {
        int length = hello.write(out, FrameLayout.HEADER);
        end(out, type, 0, length, length, 0, sequence, FrameLayout.HEADER + length);
    }

    /** @param ping own time, 0 for none */
    public void alive(ByteBuffer out, long ping, long echo, long sequence) {
        out.putLong(FrameLayout.HEADER, ping).putLong(FrameLayout.HEADER + Long.BYTES, echo);
        end(out, FrameLayout.ALIVE, 0, FrameLayout.ALIVE_BYTES, FrameLayout.ALIVE_BYTES, 0, sequence,
                FrameLayout.HEADER + FrameLayout.ALIVE_BYTES);
    }

    public void end(ByteBuffer out, Fault why, long sequence) {
        out.putShort(FrameLayout.HEADER, (short) why.ordinal());
        end(out, FrameLayout.END, 0, FrameLayout.END_BYTES, FrameLayout.END_BYTES, 0, sequence,
                FrameLayout.HEADER + FrameLayout.END_BYTES);
    }

    private int pidFlag() {
        return sendPid ? FrameLayout.SENDPID : 0;
    }

    private void end(ByteBuffer out, int type, int flags, int length, int raw, int batch, long sequence, int checkedTo) {
        end(out, FrameLayout.VERSION, type, flags, length, raw, batch, sequence, checkedTo);
    }

    private void end(ByteBuffer out, int ofVersion, int type, int flags, int length, int raw, int batch, long sequence,
            int checkedTo) {
        out.putInt(0, FrameLayout.MAGIC).put(FrameLayout.AT_VERSION, (byte) ofVersion).put(FrameLayout.AT_TYPE,
                (byte) type)
                .putShort(FrameLayout.AT_FLAGS, (short) flags).putInt(FrameLayout.AT_LENGTH, length).putInt(FrameLayout.AT_RAW,
                raw)
                .putShort(FrameLayout.AT_BATCH, (short) batch).putShort(FrameLayout.AT_ZERO, (short) 0)
                .putLong(FrameLayout.AT_SEQUENCE, sequence).putLong(FrameLayout.AT_ACKNOWLEDGEMENT, acknowledgement)
                .putLong(FrameLayout.AT_CUT, cut);
        out.putInt(FrameLayout.AT_CHECK, digester.check(out, 0, FrameLayout.AT_CHECK, FrameLayout.AT_SEQUENCE, checkedTo));
        out.position(checkedTo);
    }
}
