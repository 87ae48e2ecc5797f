package org.dvs.registry.internal.dc;

import java.io.IOException;
import java.util.BitSet;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;

import org.dvs.api.DvsException;
import org.dvs.kernel.api.DcSettings;
import org.dvs.registry.internal.Versioned;

/**
 * How DCs stand in the agreed state. All numbers big-endian, texts as length 2 bytes and UTF-8.
 *
 * <pre>
 * dc/id/ID       format 1 byte = 1 | name | nr_procs, nr_tasks, nr_sysprocs, nr_nodes, warn2proc, warnmsg: 4 bytes each |
 *                generations 1 byte | created 8 bytes, ms since the epoch | request |
 *                members: length 2 bytes, a bitmap, bit n of byte k is node 8k + n
 * dc/name/NAME   format 1 byte = 1 | id 4 bytes
 * dc/ended/ID    format 1 byte = 1 | request that ended the DC which had this id last
 * </pre>
 */
final class DcCodec {
    private static final int FORMAT = 1;

    private DcCodec() {
    }

    static byte[] encode(DcRecord dc) {
        DcSettings of = dc.settings();
        BitSet nodes = new BitSet();
        dc.nodes().forEach(nodes::set);
        byte[] bitmap = nodes.toByteArray();
        return Versioned.encode(FORMAT, out -> {
            out.writeUTF(of.name());
            out.writeInt(of.nrProcs());
            out.writeInt(of.nrTasks());
            out.writeInt(of.nrSysprocs());
            out.writeInt(of.nrNodes());
            out.writeInt(of.warn2proc());
            out.writeInt(of.warnMessage());
            out.writeBoolean(of.generations());
            out.writeLong(dc.createdMs());
            out.writeUTF(dc.request());
            out.writeShort(bitmap.length);
            out.write(bitmap);
        });
    }

    /** @throws DvsException {@code GENERIC} for bytes that this format's writer did not write */
    static DcRecord decode(String key, int dcid, byte[] bytes) throws DvsException {
        return Versioned.decode(key, FORMAT, bytes, in -> {
            DcSettings settings = new DcSettings(dcid, in.readUTF(), in.readInt(), in.readInt(), in.readInt(), in.readInt(),
                    in.readInt(), in.readInt(), in.readBoolean());
            long created = in.readLong();
            String request = in.readUTF();
            byte[] bitmap = new byte[in.readUnsignedShort()];
            in.readFully(bitmap);
            SortedSet<Integer> nodes = BitSet.valueOf(bitmap).stream().boxed().collect(Collectors.toCollection(TreeSet::new));
            if (nodes.isEmpty()) {
                throw new IOException("it has no members");
            }
            return new DcRecord(settings, nodes, created, request);
        });
    }

    static byte[] encodeId(int dcid) {
        return Versioned.encode(FORMAT, out -> out.writeInt(dcid));
    }

    static int id(String key, byte[] bytes) throws DvsException {
        return Versioned.decode(key, FORMAT, bytes, in -> in.readInt());
    }

    static byte[] encodeRequest(String request) {
        return Versioned.encode(FORMAT, out -> out.writeUTF(request));
    }

    static String request(String key, byte[] bytes) throws DvsException {
        return Versioned.decode(key, FORMAT, bytes, in -> in.readUTF());
    }
}
