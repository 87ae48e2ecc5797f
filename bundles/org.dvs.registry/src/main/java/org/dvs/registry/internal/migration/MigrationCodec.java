package org.dvs.registry.internal.migration;

import java.io.IOException;
import java.util.BitSet;
import java.util.TreeSet;
import java.util.stream.Collectors;

import org.dvs.api.DvsException;
import org.dvs.registry.internal.Versioned;

/**
 * How migrations stand in the agreed state. All numbers big-endian, texts as length 2 bytes and UTF-8.
 *
 * <pre>
 * migration/of/DC/ENDPOINT         format 1 byte = 2 | id | request | phase 1 byte | target, pid, coordinator: 4 bytes each |
 *                                  session, keep: 8 bytes each | holder 4 bytes | name | taking 1 byte | rcode 4 bytes | why |
 *                                  participants: length 2 bytes, a bitmap, bit n of byte k is node 8k + n
 * migration/vote/DC/ENDPOINT/NODE  format 1 byte = 2 | id | phase 1 byte | rcode 4 bytes | holds 1 byte | name | why
 * migration/last/DC/ENDPOINT       format 1 byte = 1 | id | request | moved 1 byte | rcode 4 bytes | why
 * </pre>
 */
final class MigrationCodec {
    private static final int FORMAT = 2;
    private static final int OUTCOME_FORMAT = 1;
    private static final Phase[] PHASES = Phase.values();

    private MigrationCodec() {
    }

    static byte[] encode(Migration of) {
        BitSet nodes = new BitSet();
        of.participants().forEach(nodes::set);
        byte[] bitmap = nodes.toByteArray();
        return Versioned.encode(FORMAT, out -> {
            out.writeUTF(of.id());
            out.writeUTF(of.request());
            out.writeByte(of.phase().ordinal());
            out.writeInt(of.target());
            out.writeInt(of.pid());
            out.writeInt(of.coordinator());
            out.writeLong(of.session());
            out.writeLong(of.keepMs());
            out.writeInt(of.holder());
            out.writeUTF(of.name());
            out.writeBoolean(of.taking());
            out.writeInt(of.rcode());
            out.writeUTF(of.why());
            out.writeShort(bitmap.length);
            out.write(bitmap);
        });
    }

    /** @throws DvsException {@code GENERIC} for bytes that this format's writer did not write */
    static Migration migration(String key, int dcid, int endpoint, byte[] bytes) throws DvsException {
        return Versioned.decode(key, FORMAT, bytes, in -> {
            String id = in.readUTF();
            String request = in.readUTF();
            Phase phase = phase(in.readUnsignedByte());
            int target = in.readInt();
            int pid = in.readInt();
            int coordinator = in.readInt();
            long session = in.readLong();
            long keepMs = in.readLong();
            int holder = in.readInt();
            String name = in.readUTF();
            boolean taking = in.readBoolean();
            int rcode = in.readInt();
            String why = in.readUTF();
            byte[] bitmap = new byte[in.readUnsignedShort()];
            in.readFully(bitmap);
            TreeSet<Integer> nodes = BitSet.valueOf(bitmap).stream().boxed().collect(Collectors.toCollection(TreeSet::new));
            return new Migration(dcid, endpoint, id, request, phase, target, pid, coordinator, session, keepMs, holder, name,
                    taking, rcode, why, nodes);
        });
    }

    private static Phase phase(int ordinal) throws IOException {
        if (ordinal >= PHASES.length) {
            throw new IOException("phase " + ordinal + " is not known");
        }
        return PHASES[ordinal];
    }

    static byte[] encode(Vote of) {
        return Versioned.encode(FORMAT, out -> {
            out.writeUTF(of.id());
            out.writeByte(of.phase().ordinal());
            out.writeInt(of.rcode());
            out.writeBoolean(of.holds());
            out.writeUTF(of.name());
            out.writeUTF(of.why());
        });
    }

    static Vote vote(String key, byte[] bytes) throws DvsException {
        return Versioned.decode(key, FORMAT, bytes, in -> new Vote(in.readUTF(), phase(in.readUnsignedByte()), in.readInt(),
                in.readBoolean(), in.readUTF(), in.readUTF()));
    }

    static byte[] encode(Outcome of) {
        return Versioned.encode(OUTCOME_FORMAT, out -> {
            out.writeUTF(of.id());
            out.writeUTF(of.request());
            out.writeBoolean(of.moved());
            out.writeInt(of.rcode());
            out.writeUTF(of.why());
        });
    }

    static Outcome outcome(String key, byte[] bytes) throws DvsException {
        return Versioned.decode(key, OUTCOME_FORMAT, bytes,
                in -> new Outcome(in.readUTF(), in.readUTF(), in.readBoolean(), in.readInt(), in.readUTF()));
    }
}
