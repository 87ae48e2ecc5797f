package org.dvs.cluster.jgroups.internal.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.cluster.jgroups.internal.order.Peer;
import org.dvs.cluster.jgroups.internal.order.Seat;
import org.jgroups.Address;
import org.jgroups.stack.IpAddress;
import org.jgroups.util.ExtendedUUID;
import org.jgroups.util.UUID;
import org.jgroups.util.Util;
import org.junit.jupiter.api.Test;

/** The address. */
class NodeAddressTest {
    private final Peer peer = new Peer(7, -5);

    @Test
    void carriesThePeerAndTheNameOverTheWire() throws Exception {
        Address address = Util.streamableFromByteBuffer(ExtendedUUID::new,
                Util.streamableToByteBuffer(NodeAddress.of(peer, "node7")));
        assertEquals(Optional.of(peer), NodeAddress.peer(address));
        assertEquals(Optional.of(new Seat(peer, "node7")), NodeAddress.seat(address));
        assertEquals(address, NodeAddress.bare(peer));
        assertEquals(address.hashCode(), NodeAddress.bare(peer).hashCode());
    }

    @Test
    void isNotMistakenForAnotherKind() throws Exception {
        assertEquals(Optional.empty(), NodeAddress.peer(UUID.randomUUID()));
        assertEquals(Optional.empty(), NodeAddress.peer(new IpAddress("127.0.0.1", 1)));
        assertEquals(Optional.empty(), NodeAddress.seat(NodeAddress.bare(peer)));
    }

    @Test
    void belongsToTheNodeOfTheCertificateAlone() {
        NodeIdentity seven = new NodeIdentity(7, "node7");
        assertTrue(NodeAddress.belongs(NodeAddress.of(peer, "node7"), seven));
        assertFalse(NodeAddress.belongs(NodeAddress.of(peer, "node8"), seven), "another name");
        assertFalse(NodeAddress.belongs(NodeAddress.of(new Peer(8, -5), "node7"), seven), "another id");
        assertFalse(NodeAddress.belongs(NodeAddress.bare(peer), seven), "no name");
        assertFalse(NodeAddress.belongs(null, seven));
        assertNotEquals(NodeAddress.bare(new Peer(8, -5)), NodeAddress.bare(peer), "no two nodes share an address");
    }

    @Test
    void bringsARefusalBackAsItWasMeant() {
        DvsException busy = Doorkeeper.decode("NODEBUSY:node id 1 is in the cluster already");
        assertEquals(ErrorCode.NODEBUSY, busy.code());
        assertEquals("node id 1 is in the cluster already", busy.getMessage());
        assertEquals("a?b", Doorkeeper.decode("NONODE:a\nb").getMessage());
        assertEquals(ErrorCode.NOTREADY, Doorkeeper.decode("whatever").code());
        assertEquals(ErrorCode.NOTREADY, Doorkeeper.decode(null).code());
    }
}
