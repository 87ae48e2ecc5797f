package org.dvs.helper.internal;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Frames between node and helper, and the fields in them.
 *
 * <pre>
 * magic 0x44565348 "DVSH" | version u8 | type u8 | length u32 | length bytes
 * text: length u32, UTF-8 bytes        list: count u16, texts        numbers: count u16, i64 each
 * </pre>
 * Length is checked before anything is made for it; what is not like this ends the connection.
 */
final class Wire {
    static final int MAGIC = 0x44565348;
    static final int VERSION = 1;
    static final int REPLY = 100;
    static final int REFUSED = 101;
    /**
     * 256 arguments of 8 KiB are more than the kernel takes; two outputs of 256 KiB whose bytes were replaced make three each.
     */
    static final int MAX_FRAME = 4 * 1024 * 1024;
    private static final int MAX_COUNT = 1024;

    /** One frame. */
    record Frame(int type, byte[] body) {
    }

    private Wire() {
    }

    static void write(DataOutputStream out, int type, byte[] body) throws IOException {
        if (body.length > MAX_FRAME) {
            throw new IOException("a frame of " + body.length + " bytes");
        }
        out.writeInt(MAGIC);
        out.writeByte(VERSION);
        out.writeByte(type);
        out.writeInt(body.length);
        out.write(body);
        out.flush();
    }

    /**
     * @return null at the end of the stream, between frames
     * @throws IOException for anything that is not a frame of this version
     */
    static Frame read(DataInputStream in) throws IOException {
        int first = in.read();
        if (first < 0) {
            return null;
        }
        int magic = first << 24 | in.readUnsignedByte() << 16 | in.readUnsignedByte() << 8 | in.readUnsignedByte();
        int version = in.readUnsignedByte();
        int type = in.readUnsignedByte();
        int length = in.readInt();
        if (magic != MAGIC || version != VERSION || length < 0 || length > MAX_FRAME) {
            throw new IOException("not a frame of version " + VERSION);
        }
        byte[] body = in.readNBytes(length);
        if (body.length < length) {
            throw new EOFException("a frame was cut off");
        }
        return new Frame(type, body);
    }

    static void text(DataOutputStream out, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        out.writeInt(bytes.length);
        out.write(bytes);
    }

    static String text(DataInputStream in) throws IOException {
        int length = in.readInt();
        if (length < 0 || length > in.available()) {
            throw new IOException("a text of " + length + " bytes");
        }
        return new String(in.readNBytes(length), StandardCharsets.UTF_8);
    }

    static void texts(DataOutputStream out, List<String> texts) throws IOException {
        out.writeShort(texts.size());
        for (String each : texts) {
            text(out, each);
        }
    }

    static List<String> texts(DataInputStream in) throws IOException {
        int count = count(in);
        List<String> texts = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            texts.add(text(in));
        }
        return texts;
    }

    static void numbers(DataOutputStream out, List<Long> numbers) throws IOException {
        out.writeShort(numbers.size());
        for (long each : numbers) {
            out.writeLong(each);
        }
    }

    static List<Long> numbers(DataInputStream in) throws IOException {
        int count = count(in);
        List<Long> numbers = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            numbers.add(in.readLong());
        }
        return numbers;
    }

    private static int count(DataInputStream in) throws IOException {
        int count = in.readUnsignedShort();
        if (count > MAX_COUNT) {
            throw new IOException("a list of " + count);
        }
        return count;
    }
}
