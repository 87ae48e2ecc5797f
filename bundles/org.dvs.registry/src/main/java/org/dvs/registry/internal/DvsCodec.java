package org.dvs.registry.internal;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.kernel.api.DvsParameters;

/**
 * How the table stands in the agreed state. All numbers big-endian.
 *
 * <pre>
 * dvs/params     version 1 byte = 1 | name: length 2 bytes, UTF-8 | nr_dcs, nr_nodes, nr_procs, nr_tasks, nr_sysprocs,
 *                max_copybuf, max_copylen: 4 bytes each | dbglvl 8 bytes
 * dvs/node/ID    version 1 byte = 1 | name: length 2 bytes, UTF-8
 * </pre>
 */
final class DvsCodec {
    private static final int VERSION = 1;

    @FunctionalInterface
    private interface Writer {
        void write(DataOutputStream out) throws IOException;
    }

    @FunctionalInterface
    private interface Reader<T> {
        T read(DataInputStream in) throws IOException;
    }

    private DvsCodec() {
    }

    static byte[] encode(DvsParameters parameters) {
        return bytes(out -> {
            out.writeUTF(parameters.name());
            out.writeInt(parameters.nrDcs());
            out.writeInt(parameters.nrNodes());
            out.writeInt(parameters.nrProcs());
            out.writeInt(parameters.nrTasks());
            out.writeInt(parameters.nrSysprocs());
            out.writeInt(parameters.maxCopybuf());
            out.writeInt(parameters.maxCopylen());
            out.writeLong(parameters.dbglvl());
        });
    }

    /** @throws DvsException {@code GENERIC} for bytes that this version did not write */
    static DvsParameters parameters(byte[] bytes) throws DvsException {
        return read(DvsTable.PARAMETERS, bytes, in -> new DvsParameters(in.readUTF(), in.readInt(), in.readInt(), in.readInt(),
                in.readInt(), in.readInt(), in.readInt(), in.readInt(), in.readLong()));
    }

    static byte[] encodeNode(String name) {
        return bytes(out -> out.writeUTF(name));
    }

    /** @throws DvsException as {@link #parameters} */
    static String node(String key, byte[] bytes) throws DvsException {
        return read(key, bytes, in -> in.readUTF());
    }

    private static byte[] bytes(Writer writer) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeByte(VERSION);
            writer.write(out);
        } catch (IOException e) {
            throw new UncheckedIOException("memory does not fail", e);
        }
        return bytes.toByteArray();
    }

    private static <T> T read(String key, byte[] bytes, Reader<T> reader) throws DvsException {
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
            int version = in.readUnsignedByte();
            if (version != VERSION) {
                throw new DvsException(ErrorCode.GENERIC,
                        key + " is written in format " + version + ", this node knows " + VERSION + ": update it");
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
