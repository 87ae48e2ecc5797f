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
    private long acknowledgement;
    private long cut;

    /** What counts from the next frame on. */
    public void agreed(DigestKind kind, boolean withPid) {
        digest = kind;
        sendPid = withPid;
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

    /** One command without data: {@link FrameLayout#HEADER} and {@link FrameLayout#COMMAND_BYTES}. */
    public void command(ByteBuffer out, Command command, long sequence) {
        CommandLayout.write(command, sendPid, out, FrameLayout.HEADER);
        end(out, FrameLayout.COMMAND, pidFlag(), 0, 0, 0, sequence, FrameLayout.AT_BODY);
    }

    /** Puts a command at a place among those that {@link #batch} takes. */
    public void element(ByteBuffer commands, int index, Command command) {
        CommandLayout.write(command, sendPid, commands, index * FrameLayout.COMMAND_BYTES);
    }

    /**
     * Several commands without data.
     *
     * @param commands from 0 on {@code count + 1} of them, by {@link #element}; the first goes into the header
     * @param count    1 to {@link FrameLayout#MAX_BATCH}
     * @param compress if it makes the frame shorter; then {@code out} needs {@link #dataBytes}
     * @return whether it did
     */
    public boolean batch(ByteBuffer out, ByteBuffer commands, int count, boolean compress, long sequence) {
        int raw = count * FrameLayout.COMMAND_BYTES;
        out.put(FrameLayout.HEADER, commands, 0, FrameLayout.COMMAND_BYTES);
        int length = compress ? lz4.compress(commands, FrameLayout.COMMAND_BYTES, raw, out, FrameLayout.AT_BODY) : raw;
        if (length < raw) {
            end(out, FrameLayout.COMMAND, pidFlag() | FrameLayout.BATCH | FrameLayout.LZ4, length, raw, count, sequence,
                    FrameLayout.AT_BODY + length);
            return true;
        }
        out.put(FrameLayout.AT_BODY, commands, FrameLayout.COMMAND_BYTES, raw);
        end(out, FrameLayout.COMMAND, pidFlag() | FrameLayout.BATCH, raw, raw, count, sequence, FrameLayout.AT_BODY + raw);
        return false;
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
        out.putInt(0, FrameLayout.MAGIC).put(FrameLayout.AT_VERSION, (byte) FrameLayout.VERSION).put(FrameLayout.AT_TYPE,
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
