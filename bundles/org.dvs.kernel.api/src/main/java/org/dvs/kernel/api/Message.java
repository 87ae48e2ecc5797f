package org.dvs.kernel.api;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.BufferOverflowException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * A message: source, type and a union of 28 bytes. 36 bytes on the wire, little-endian on every machine:
 *
 * <pre>
 *  0        4        8                                   36
 *  +--------+--------+------------------------------------+
 *  | source |  type  |            union                   |
 *  +--------+--------+------------------------------------+
 * </pre>
 *
 * The variants m1 to mC of the union are offsets into it: {@code message.putInt(M1_I1, 7)}. Pointers are unsigned 32-bit
 * values that mean something to their program only. The kernel writes {@link #source} on delivery; what the sender put
 * there is lost. A field that does not lie in the union as a whole is refused by an {@link IndexOutOfBoundsException} that says
 * which offsets it may have, and the message stays as it was. Mutable and not thread-safe: a message belongs to its program until
 * a call takes it, and again when the call has returned.
 *
 * <p>Source: dvs-kernel reference 4.7. Of m9 the time is 64 bits of seconds and 32 of nanoseconds here.
 */
public final class Message {
    /** Bytes of a message on the wire. */
    public static final int BYTES = 36;
    /** Bytes of the union. */
    public static final int UNION_BYTES = 28;
    /** Type of a notification: this, with the sender's process number added. */
    public static final int NOTIFY = 0x1000;

    public static final int M1_I1 = 0;
    public static final int M1_I2 = 4;
    public static final int M1_I3 = 8;
    public static final int M1_P1 = 12;
    public static final int M1_P2 = 16;
    public static final int M1_P3 = 20;

    public static final int M2_I1 = 0;
    public static final int M2_I2 = 4;
    public static final int M2_I3 = 8;
    public static final int M2_L1 = 12;
    public static final int M2_L2 = 16;
    public static final int M2_P1 = 20;

    public static final int M3_I1 = 0;
    public static final int M3_I2 = 4;
    public static final int M3_P1 = 8;
    public static final int M3_CA1 = 12;
    public static final int M3_CA1_BYTES = 14;

    public static final int M4_L1 = 0;
    public static final int M4_L2 = 4;
    public static final int M4_L3 = 8;
    public static final int M4_L4 = 12;
    public static final int M4_L5 = 16;

    public static final int M5_C1 = 0;
    public static final int M5_C2 = 2;
    public static final int M5_I1 = 4;
    public static final int M5_I2 = 8;
    public static final int M5_L1 = 12;
    public static final int M5_L2 = 16;
    public static final int M5_L3 = 20;

    public static final int M6_CA1 = 0;
    public static final int M6_CA1_BYTES = 28;

    public static final int M7_I1 = 0;
    public static final int M7_I2 = 4;
    public static final int M7_I3 = 8;
    public static final int M7_I4 = 12;
    public static final int M7_P1 = 16;
    public static final int M7_P2 = 20;

    public static final int M8_I1 = 0;
    public static final int M8_I2 = 4;
    public static final int M8_P1 = 8;
    public static final int M8_P2 = 12;
    public static final int M8_P3 = 16;
    public static final int M8_P4 = 20;

    public static final int M9_I1 = 0;
    public static final int M9_L1 = 4;
    public static final int M9_SECONDS = 8;
    public static final int M9_NANOS = 16;

    public static final int MA_DST = 0;
    public static final int MA_NR = 4;
    public static final int MA_IA = 8;
    public static final int MA_IA_COUNT = 4;

    public static final int MB_NR = 0;
    public static final int MB_DIGEST = 4;
    public static final int MB_DIGEST_BYTES = 16;

    public static final int MC_I1 = 0;
    public static final int MC_I2 = 4;
    public static final int MC_I3 = 8;
    public static final int MC_I4 = 12;
    public static final int MC_CA1 = 16;
    public static final int MC_CA1_BYTES = 10;

    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle SHORT = MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);

    private int source = EndpointNumbers.NONE;
    private int type;
    private final byte[] union = new byte[UNION_BYTES];

    /** A message of type 0 with an empty union. */
    public Message() {
    }

    public Message(int type) {
        this.type = type;
    }

    /** The sender's endpoint, after delivery. */
    public int source() {
        return source;
    }

    public int type() {
        return type;
    }

    public Message source(int endpoint) {
        source = endpoint;
        return this;
    }

    public Message type(int value) {
        type = value;
        return this;
    }

    public int getInt(int offset) {
        return (int) INT.get(union, at(offset, Integer.BYTES, "int"));
    }

    public Message putInt(int offset, int value) {
        INT.set(union, at(offset, Integer.BYTES, "int"), value);
        return this;
    }

    public long getLong(int offset) {
        return (long) LONG.get(union, at(offset, Long.BYTES, "long"));
    }

    public Message putLong(int offset, long value) {
        LONG.set(union, at(offset, Long.BYTES, "long"), value);
        return this;
    }

    public short getShort(int offset) {
        return (short) SHORT.get(union, at(offset, Short.BYTES, "short"));
    }

    public Message putShort(int offset, short value) {
        SHORT.set(union, at(offset, Short.BYTES, "short"), value);
        return this;
    }

    /** @return an address of the sender, 0 to 2^32 - 1 */
    public long getPointer(int offset) {
        return Integer.toUnsignedLong((int) INT.get(union, at(offset, Integer.BYTES, "address")));
    }

    /** @throws IllegalArgumentException for an address above 2^32 - 1 */
    public Message putPointer(int offset, long address) {
        if (address >>> 32 != 0) {
            throw new IllegalArgumentException("address " + address + " does not fit into 32 bits");
        }
        INT.set(union, at(offset, Integer.BYTES, "address"), (int) address);
        return this;
    }

    /** @param length 0 to what is left of the union from the offset on */
    public byte[] getBytes(int offset, int length) {
        int from = at(offset, length, "bytes");
        return Arrays.copyOfRange(union, from, from + length);
    }

    public Message putBytes(int offset, byte[] bytes) {
        Given.argument(bytes, "bytes");
        System.arraycopy(bytes, 0, union, at(offset, bytes.length, "bytes"), bytes.length);
        return this;
    }

    /** Text up to the first NUL, at most {@code length} bytes of UTF-8. */
    public String getText(int offset, int length) {
        int end = at(offset, length, "text");
        while (end < offset + length && union[end] != 0) {
            end++;
        }
        return new String(union, offset, end - offset, StandardCharsets.UTF_8);
    }

    /** @throws IllegalArgumentException for a text longer than {@code length} bytes of UTF-8 */
    public Message putText(int offset, int length, String text) {
        byte[] bytes = Given.argument(text, "text").getBytes(StandardCharsets.UTF_8);
        at(offset, length, "text");
        if (bytes.length > length) {
            throw new IllegalArgumentException("text of " + bytes.length + " bytes, at most " + length);
        }
        Arrays.fill(union, offset, offset + length, (byte) 0);
        return putBytes(offset, bytes);
    }

    /** @return the offset of a field that lies in the union */
    private static int at(int offset, int bytes, String field) {
        if (bytes < 0 || bytes > UNION_BYTES || offset < 0 || offset > UNION_BYTES - bytes) {
            throw new IndexOutOfBoundsException(outside(offset, bytes, field));
        }
        return offset;
    }

    private static String outside(int offset, int bytes, String field) {
        if (bytes < 0 || bytes > UNION_BYTES) {
            return field + " of length " + bytes + ": a message has 0 to " + UNION_BYTES + " bytes";
        }
        return field + " of " + bytes + " bytes at offset " + offset + ": it may begin at 0 to " + (UNION_BYTES - bytes)
                + ", as a message has " + UNION_BYTES + " bytes";
    }

    /** Makes this a copy of another, source included. */
    public Message set(Message other) {
        Given.argument(other, "message");
        source = other.source;
        type = other.type;
        System.arraycopy(other.union, 0, union, 0, UNION_BYTES);
        return this;
    }

    /** Empties the union. */
    public Message clear() {
        Arrays.fill(union, (byte) 0);
        return this;
    }

    /**
     * Writes the 36 bytes; the buffer's own byte order does not matter.
     *
     * @throws BufferOverflowException if it has less room; it stays as it was
     */
    public void write(ByteBuffer to) {
        if (Given.argument(to, "buffer").remaining() < BYTES) {
            throw new BufferOverflowException();
        }
        ByteOrder order = to.order();
        to.order(ByteOrder.LITTLE_ENDIAN).putInt(source).putInt(type).order(order).put(union);
    }

    /**
     * Reads 36 bytes into this message.
     *
     * @throws BufferUnderflowException if the buffer has less; it and the message stay as they were
     */
    public Message read(ByteBuffer from) {
        if (Given.argument(from, "buffer").remaining() < BYTES) {
            throw new BufferUnderflowException();
        }
        ByteOrder order = from.order();
        from.order(ByteOrder.LITTLE_ENDIAN);
        source = from.getInt();
        type = from.getInt();
        from.order(order).get(union);
        return this;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Message message && source == message.source && type == message.type
                && Arrays.equals(union, message.union);
    }

    @Override
    public int hashCode() {
        return (source * 31 + type) * 31 + Arrays.hashCode(union);
    }

    @Override
    public String toString() {
        return "from " + source + ", type " + type + ", " + HexFormat.of().formatHex(union);
    }
}
