package org.dvs.registry.internal;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;

/** How every value of the registry stands in the agreed state: the format's number, 1 byte, then its fields, big-endian. */
public final class Versioned {

    /** Writes the fields. */
    @FunctionalInterface
    public interface Writer {
        void write(DataOutputStream out) throws IOException;
    }

    /** Reads them in the same order. */
    @FunctionalInterface
    public interface Reader<T> {
        T read(DataInputStream in) throws IOException;
    }

    private Versioned() {
    }

    public static byte[] encode(int format, Writer writer) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeByte(format);
            writer.write(out);
        } catch (IOException e) {
            throw new UncheckedIOException("memory does not fail", e);
        }
        return bytes.toByteArray();
    }

    /** @throws DvsException {@code GENERIC} naming the key, for bytes that this format's writer did not write */
    public static <T> T decode(String key, int format, byte[] bytes, Reader<T> reader) throws DvsException {
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
            int written = in.readUnsignedByte();
            if (written != format) {
                throw new DvsException(ErrorCode.GENERIC,
                        key + " is written in format " + written + ", this node knows " + format + ": update it");
            }
            T value = reader.read(in);
            if (in.read() >= 0) {
                throw new IOException("it is longer than its format");
            }
            return value;
        } catch (IOException e) {
            throw new DvsException(ErrorCode.GENERIC, key + " in the agreed state cannot be read: " + e.getMessage(), e);
        }
    }
}
