package org.dvs.kernel.internal.ipc;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.BitSet;

import org.dvs.kernel.api.EndpointNumbers;
import org.dvs.kernel.api.NodeFlags;
import org.dvs.kernel.api.NodeInfo;

/**
 * A node in use in the kernel's table. Immutable but for its counters: one thread takes what goes to the node and one puts what
 * comes from it, so that counting needs no atomic addition, of which a command would pay for four; anybody reads them.
 */
final class NodeState {
    private static final VarHandle SENT = field("sent");
    private static final VarHandle RECEIVED = field("received");
    private static final VarHandle SENT_AT = field("sentAt");
    private static final VarHandle RECEIVED_AT = field("receivedAt");

    final int id;
    final String name;
    /** Null for the local node. */
    final PairState pair;
    private long sent;
    private long received;
    private long sentAt;
    private long receivedAt;

    NodeState(int id, String name, PairState pair) {
        this.id = id;
        this.name = name;
        this.pair = pair;
    }

    private static VarHandle field(String name) {
        try {
            return MethodHandles.lookup().findVarHandle(NodeState.class, name, long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    void sent(long now) {
        SENT.setOpaque(this, sent + 1);
        SENT_AT.setOpaque(this, now);
    }

    void received(long now) {
        RECEIVED.setOpaque(this, received + 1);
        RECEIVED_AT.setOpaque(this, now);
    }

    private int flags() {
        if (pair == null) {
            return NodeFlags.LOCAL;
        }
        return NodeFlags.ATTACHED | (pair.senderConnected() ? NodeFlags.SENDER : 0)
                | (pair.receiverConnected() ? NodeFlags.RECEIVER : 0);
    }

    NodeInfo info(BitSet dcs) {
        return new NodeInfo(id, name, flags(), pair == null ? EndpointNumbers.LOCALNODE : pair.id(), dcs,
                (long) SENT_AT.getOpaque(this), (long) RECEIVED_AT.getOpaque(this), (long) SENT.getOpaque(this),
                (long) RECEIVED.getOpaque(this));
    }
}
