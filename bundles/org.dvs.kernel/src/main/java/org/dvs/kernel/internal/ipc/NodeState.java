package org.dvs.kernel.internal.ipc;

import java.util.BitSet;
import java.util.concurrent.atomic.LongAdder;

import org.dvs.kernel.api.EndpointNumbers;
import org.dvs.kernel.api.NodeFlags;
import org.dvs.kernel.api.NodeInfo;

/** A node in use in the kernel's table. Immutable but for its counters; thread-safe. */
final class NodeState {
    final int id;
    final String name;
    /** Null for the local node. */
    final PairState pair;
    private final LongAdder sent = new LongAdder();
    private final LongAdder received = new LongAdder();
    private volatile long sentAt;
    private volatile long receivedAt;

    NodeState(int id, String name, PairState pair) {
        this.id = id;
        this.name = name;
        this.pair = pair;
    }

    void sent(long now) {
        sent.increment();
        sentAt = now;
    }

    void received(long now) {
        received.increment();
        receivedAt = now;
    }

    private int flags() {
        if (pair == null) {
            return NodeFlags.LOCAL;
        }
        return NodeFlags.ATTACHED | (pair.senderConnected() ? NodeFlags.SENDER : 0)
                | (pair.receiverConnected() ? NodeFlags.RECEIVER : 0);
    }

    NodeInfo info(BitSet dcs) {
        return new NodeInfo(id, name, flags(), pair == null ? EndpointNumbers.LOCALNODE : pair.id(), dcs, sentAt, receivedAt,
                sent.sum(), received.sum());
    }
}
