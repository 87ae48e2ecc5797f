package org.dvs.dispatcher.internal.wire;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/** Writes big-endian numbers, texts and values into a growing array. */
final class ByteSink {
    private byte[] bytes;
    private int length;

    ByteSink(int expected) {
        bytes = new byte[expected];
    }

    byte[] toBytes() {
        return Arrays.copyOf(bytes, length);
    }

    private int grow(int more) {
        int at = length;
        length += more;
        if (length > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(length, bytes.length * 2));
        }
        return at;
    }

    void u8(int value) {
        int at = grow(1);
        bytes[at] = (byte) value;
    }

    void u16(int value) {
        int at = grow(2);
        bytes[at] = (byte) (value >>> 8);
        bytes[at + 1] = (byte) value;
    }

    void i32(int value) {
        int at = grow(4);
        for (int i = 0; i < 4; i++) {
            bytes[at + i] = (byte) (value >>> (24 - 8 * i));
        }
    }

    void i64(long value) {
        int at = grow(8);
        for (int i = 0; i < 8; i++) {
            bytes[at + i] = (byte) (value >>> (56 - 8 * i));
        }
    }

    /** Length in 16 bits. */
    void shortText(String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        if (utf8.length > 0xFFFF) {
            throw new IllegalArgumentException("a name of " + utf8.length + " bytes");
        }
        u16(utf8.length);
        raw(utf8);
    }

    /** Length in 32 bits. */
    void text(String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        i32(utf8.length);
        raw(utf8);
    }

    private void raw(byte[] from) {
        int at = grow(from.length);
        System.arraycopy(from, 0, bytes, at, from.length);
    }

    void value(Object value) {
        if (value == null) {
            u8(Wire.NULL);
        } else if (value instanceof String text) {
            u8(Wire.TEXT);
            text(text);
        } else if (value instanceof Long number) {
            u8(Wire.LONG);
            i64(number);
        } else if (value instanceof Double number) {
            u8(Wire.DOUBLE);
            i64(Double.doubleToLongBits(number));
        } else if (value instanceof Boolean flag) {
            u8(flag ? Wire.TRUE : Wire.FALSE);
        } else if (value instanceof List<?> texts) {
            u8(Wire.TEXTS);
            i32(texts.size());
            texts.forEach(text -> text((String) text));
        } else {
            throw new IllegalArgumentException("a value of " + value.getClass());
        }
    }
}
