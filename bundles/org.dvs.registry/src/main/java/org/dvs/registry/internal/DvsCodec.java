package org.dvs.registry.internal;

import org.dvs.api.DvsException;
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

    private DvsCodec() {
    }

    static byte[] encode(DvsParameters parameters) {
        return Versioned.encode(VERSION, out -> {
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
        return Versioned.decode(DvsTable.PARAMETERS, VERSION, bytes, in -> new DvsParameters(in.readUTF(), in.readInt(),
                in.readInt(), in.readInt(), in.readInt(), in.readInt(), in.readInt(), in.readInt(), in.readLong()));
    }

    static byte[] encodeNode(String name) {
        return Versioned.encode(VERSION, out -> out.writeUTF(name));
    }

    /** @throws DvsException as {@link #parameters} */
    static String node(String key, byte[] bytes) throws DvsException {
        return Versioned.decode(key, VERSION, bytes, in -> in.readUTF());
    }
}
