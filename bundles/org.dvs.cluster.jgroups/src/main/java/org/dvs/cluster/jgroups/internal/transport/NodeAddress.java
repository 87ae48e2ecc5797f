package org.dvs.cluster.jgroups.internal.transport;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

import org.dvs.cluster.jgroups.internal.order.Peer;
import org.dvs.cluster.jgroups.internal.order.Seat;
import org.jgroups.Address;
import org.jgroups.protocols.raft.RAFT;
import org.jgroups.util.ExtendedUUID;
import org.jgroups.util.UUID;
import org.jgroups.util.Util;

/**
 * How a node is addressed inside JGroups. The address is the peer: node id and incarnation are its 128 bits, so no table is
 * needed to go from one to the other and nobody can have an address that equals another node's without naming that node's id,
 * which {@link SecureTransport} checks against the certificate of the connection. The name rides along, for jgroups-raft.
 */
public final class NodeAddress {
    private static final long TAG = 0x4456_5300L << 32;

    private NodeAddress() {
    }

    public static ExtendedUUID of(Peer peer, String name) {
        return new ExtendedUUID(TAG | peer.id() & 0xFFFF_FFFFL, peer.incarnation())
                .put(RAFT.raft_id_key, Util.stringToBytes(name));
    }

    /** @return empty for an address that is not of this kind */
    public static Optional<Peer> peer(Address address) {
        if (address instanceof UUID uuid && (uuid.getMostSignificantBits() & 0xFFFF_FFFF_8000_0000L) == TAG) {
            return Optional.of(new Peer((int) uuid.getMostSignificantBits(), uuid.getLeastSignificantBits()));
        }
        return Optional.empty();
    }

    /** @return empty for an address that is not of this kind */
    public static Optional<Seat> seat(Address address) {
        byte[] name = address instanceof ExtendedUUID uuid ? uuid.get(RAFT.raft_id_key) : null;
        return name == null ? Optional.empty()
                : peer(address).map(peer -> new Seat(peer, new String(name, StandardCharsets.UTF_8)));
    }

    /** The same address without its name, to look it up among others. */
    public static Address bare(Peer peer) {
        return new ExtendedUUID(TAG | peer.id() & 0xFFFF_FFFFL, peer.incarnation());
    }

    /** True if the address is one that this node may use. */
    static boolean belongs(Address address, NodeIdentity node) {
        return address instanceof ExtendedUUID uuid
                && uuid.getMostSignificantBits() == (TAG | node.id() & 0xFFFF_FFFFL)
                && Arrays.equals(uuid.get(RAFT.raft_id_key), node.name().getBytes(StandardCharsets.UTF_8));
    }
}
