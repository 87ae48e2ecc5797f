package org.dvs.dispatcher.internal.wire;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Reads what {@link ByteSink} wrote. Every length is checked against what is left before anything is allocated. */
final class ByteSource {
    private final byte[] bytes;
    private int at;

    ByteSource(byte[] bytes) {
        this.bytes = bytes;
    }

    private int take(int count, String what) throws WireException {
        if (count > bytes.length - at) {
            throw new WireException(what + " at byte " + at + ": needs " + count + " bytes, there are " + (bytes.length - at));
        }
        int from = at;
        at += count;
        return from;
    }

    void end() throws WireException {
        if (at != bytes.length) {
            throw new WireException((bytes.length - at) + " bytes behind the message");
        }
    }

    int u8(String what) throws WireException {
        return bytes[take(1, what)] & 0xFF;
    }

    int u16(String what) throws WireException {
        int from = take(2, what);
        return (bytes[from] & 0xFF) << 8 | bytes[from + 1] & 0xFF;
    }

    int i32(String what) throws WireException {
        int from = take(4, what);
        int value = 0;
        for (int i = 0; i < 4; i++) {
            value = value << 8 | bytes[from + i] & 0xFF;
        }
        return value;
    }

    long i64(String what) throws WireException {
        int from = take(8, what);
        long value = 0;
        for (int i = 0; i < 8; i++) {
            value = value << 8 | bytes[from + i] & 0xFF;
        }
        return value;
    }

    /** A number from 0 to {@code max}. */
    int count(int value, int max, String what) throws WireException {
        if (value < 0 || value > max) {
            throw new WireException(what + " before byte " + at + ": " + value + " is not in 0.." + max);
        }
        return value;
    }

    /** A number of things that take {@code each} bytes at least. */
    int countOf(int value, int max, int each, String what) throws WireException {
        return count(value, Math.min(max, (bytes.length - at) / each), what);
    }

    String shortText(int maxBytes, String what) throws WireException {
        return utf8(count(u16(what), maxBytes, what), what);
    }

    String text(String what) throws WireException {
        return utf8(count(i32(what), bytes.length - at, what), what);
    }

    private String utf8(int length, String what) throws WireException {
        int from = take(length, what);
        boolean ascii = true;
        for (int i = from; i < at && ascii; i++) {
            ascii = bytes[i] >= 0;
        }
        if (ascii) {
            return new String(bytes, from, length, StandardCharsets.ISO_8859_1);
        }
        try {
            return StandardCharsets.UTF_8.newDecoder().onMalformedInput(CodingErrorAction.REPORT)
                    .onUnmappableCharacter(CodingErrorAction.REPORT).decode(ByteBuffer.wrap(bytes, from, length)).toString();
        } catch (CharacterCodingException e) {
            throw new WireException(what + " at byte " + from + ": not UTF-8");
        }
    }

    Object value(String what) throws WireException {
        int tag = u8(what);
        return switch (tag) {
            case Wire.NULL -> null;
            case Wire.TEXT -> text(what);
            case Wire.LONG -> i64(what);
            case Wire.DOUBLE -> finite(Double.longBitsToDouble(i64(what)), what);
            case Wire.FALSE -> false;
            case Wire.TRUE -> true;
            case Wire.TEXTS -> texts(what);
            default -> throw new WireException(what + " before byte " + at + ": there is no type " + tag);
        };
    }

    private Double finite(double number, String what) throws WireException {
        if (!Double.isFinite(number)) {
            throw new WireException(what + " before byte " + at + ": " + number + " is not finite");
        }
        return number;
    }

    private List<String> texts(String what) throws WireException {
        int count = countOf(i32(what), Integer.MAX_VALUE, 4, what);
        List<String> texts = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            texts.add(text(what));
        }
        return List.copyOf(texts);
    }
}
