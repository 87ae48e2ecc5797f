package org.dvs.cluster.jgroups.internal.transport;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.LongStream;

import org.dvs.cluster.jgroups.internal.order.Peer;
import org.jgroups.Header;
import org.jgroups.conf.ClassConfigurator;

/**
 * Goes with a request to join: which peers the same run of the node was when it asked before. Carries only their incarnations,
 * as the node id is the sender's. Public because JGroups makes it.
 *
 * <pre>
 * count   1 byte, 0..64
 * count x incarnation, 8 bytes
 * </pre>
 */
public final class FormerLives extends Header {
    private static final short MAGIC = 5602;
    private static final int MOST = 64;

    private long[] incarnations = new long[0];

    static {
        ClassConfigurator.add(MAGIC, FormerLives.class);
    }

    /** For JGroups, which reads into it. */
    public FormerLives() {
    }

    /** @param peers oldest first; of more than 64 the newest are told */
    FormerLives(Collection<Peer> peers) {
        incarnations = peers.stream().skip(Math.max(0, peers.size() - MOST)).mapToLong(Peer::incarnation).toArray();
    }

    List<Peer> of(int nodeId) {
        return LongStream.of(incarnations).mapToObj(incarnation -> new Peer(nodeId, incarnation)).toList();
    }

    @Override
    public short getMagicId() {
        return MAGIC;
    }

    @Override
    public Supplier<? extends Header> create() {
        return FormerLives::new;
    }

    @Override
    public int serializedSize() {
        return Byte.BYTES + incarnations.length * Long.BYTES;
    }

    @Override
    public void writeTo(DataOutput out) throws IOException {
        out.writeByte(incarnations.length);
        for (long incarnation : incarnations) {
            out.writeLong(incarnation);
        }
    }

    @Override
    public void readFrom(DataInput in) throws IOException {
        int count = in.readUnsignedByte();
        if (count > MOST) {
            throw new IOException("a request to join names " + count + " former lives");
        }
        incarnations = new long[count];
        for (int i = 0; i < count; i++) {
            incarnations[i] = in.readLong();
        }
    }
}
