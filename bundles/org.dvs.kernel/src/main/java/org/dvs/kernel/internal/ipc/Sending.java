package org.dvs.kernel.internal.ipc;

import static org.dvs.kernel.internal.ipc.Result.BLOCKED;
import static org.dvs.kernel.internal.ipc.Result.OK;

import org.dvs.api.ErrorCode;
import org.dvs.kernel.api.Command;
import org.dvs.kernel.api.EndpointNumbers;
import org.dvs.kernel.api.ProcessFlags;

/**
 * Commands to other nodes: queued at the proxy pair of the node, filled in when the sender proxy takes them. Under the lock of
 * the DC.
 *
 * <p>Source: dvs-kernel reference 12.2.
 */
final class Sending {
    private final Container dc;

    Sending(Container dc) {
        this.dc = dc;
    }

    /**
     * Whether the other node can be reached.
     *
     * @param sender whether the sender proxy must be connected too; the receiver must be in any case, as every call has its
     *               answer
     */
    int check(int nodeId, boolean sender) {
        if (nodeId < 0 || nodeId >= dc.site.dvs().nrNodes()) {
            return ErrorCode.BADNODEID.rcode();
        }
        if (!dc.isMember(nodeId)) {
            return ErrorCode.NODCNODE.rcode();
        }
        NodeState node = dc.site.node(nodeId);
        if (node == null || node.pair == null || node.pair.freed()) {
            return ErrorCode.NOPROXY.rcode();
        }
        return node.pair.receiverConnected() && (!sender || node.pair.senderConnected()) ? OK : ErrorCode.NOTCONN.rcode();
    }

    /**
     * Begins the remote part of a call to a node that can be reached.
     *
     * @param flags of the caller while it waits
     */
    int begin(Proc caller, Proc to, int code, int flags) {
        boolean notification = code == Command.NTFY_MSG;
        Outbound outbound = new Outbound(dc, dc.site.node(to.node).pair, caller, code, to.node).says(caller, to.endpoint,
                notification ? caller.value : answeredCall(dc.slots.remoteSide(to), caller), notification ? 0 : caller.serial);
        return queue(caller, outbound, flags, to.endpoint);
    }

    /** The call of the client's that a message to it answers; 0 where it does not. */
    private static int answeredCall(Proc client, Proc server) {
        return client.asks(server) ? client.stubCall : 0;
    }

    /** Queues a command of the caller's. */
    int queue(Proc caller, Outbound outbound, int flags, int sendTo) {
        caller.outbound = outbound;
        caller.reaches = outbound.destinationNode;
        caller.rts |= flags | ProcessFlags.RMTOPER;
        caller.sendTo = sendTo;
        if (!outbound.pair.add(outbound)) {
            caller.outbound = null;
            caller.reaches = Proc.NOWHERE;
            caller.rts &= ~(flags | ProcessFlags.RMTOPER);
            caller.sendTo = EndpointNumbers.NONE;
            return ErrorCode.NOTCONN.rcode();
        }
        return BLOCKED;
    }

    /** Queues the command of a part of a copy. @return 0 or {@code NOTCONN} */
    int queue(Chunk chunk, Outbound outbound) {
        outbound.chunk = chunk;
        if (!outbound.pair.add(outbound)) {
            return ErrorCode.NOTCONN.rcode();
        }
        chunk.copy.queued(chunk, outbound);
        outbound.owner.rts |= ProcessFlags.RMTOPER;
        return OK;
    }

    /** A copy's command to a node that can be reached, of which the copy fills in the rest. */
    Outbound outbound(Proc caller, int nodeId, int code) {
        Command command = new Command();
        command.code = code;
        command.dcid = dc.settings.dcid();
        command.source = caller.endpoint;
        command.sourceNode = dc.site.localNode();
        command.destinationNode = nodeId;
        command.call = caller.serial;
        command.pid = caller.host == null ? EndpointNumbers.NO_PID : caller.host.pid();
        return new Outbound(dc, dc.site.node(nodeId).pair, caller, command);
    }

    void cancel(Proc caller) {
        if (caller.outbound != null) {
            cancel(caller.outbound);
        }
    }

    void cancel(Outbound outbound) {
        outbound.cancelled = true;
        if (outbound.lane != null) {
            outbound.lane.remove(outbound);
        }
        if (outbound.chunk == null) {
            outbound.owner.outbound = null;
        } else {
            outbound.chunk.outbound = null;
        }
    }

    /** Answers a call of a process of another node; a node that is not reached any more knows already. */
    void acknowledge(Proc stub, Proc by, int code, int result) {
        NodeState node = dc.site.node(stub.node);
        if (node != null && node.pair != null) {
            node.pair.add(new Outbound(dc, node.pair, null, code, stub.node).says(by, stub.endpoint, result, stub.stubCall));
        }
    }

    /** Sends an answer, which is the queue's from now on, also of a DC that has ended; fills in what all answers have. */
    void answer(Command command) {
        answer(command, null, null);
    }

    /**
     * @param spares where the payload goes when it was sent; null for nowhere
     * @param taken  told, under the lock, when a proxy has taken it or nobody will; null for nobody
     */
    void answer(Command command, SpareBuffers spares, Runnable taken) {
        NodeState node = dc.site.node(command.destinationNode);
        if (node == null || node.pair == null) {
            if (taken != null) {
                taken.run();
            }
            return;
        }
        command.dcid = dc.settings.dcid();
        command.sourceNode = dc.site.localNode();
        Outbound outbound = new Outbound(dc, node.pair, null, command);
        outbound.spares = spares;
        outbound.taken = taken;
        if (!node.pair.add(outbound)) {
            outbound.leaves();
        }
    }

    /**
     * Hands a command to the sender proxy. Under the lock.
     *
     * @return false if it is not wanted any more; then whoever waited for it is told
     */
    boolean take(Outbound outbound, Command into, long nowMs) {
        outbound.leaves();
        Proc owner = outbound.owner;
        if (outbound.cancelled || owner != null && !dc.running()) {
            return false;
        }
        outbound.into(into);
        boolean goes = owner == null || (outbound.chunk == null ? release(owner, outbound)
                : dc.copies.departs(outbound.chunk, outbound.destinationNode));
        if (!goes) {
            return false;
        }
        into.timestamp = nowMs;
        NodeState node = dc.site.node(outbound.destinationNode);
        if (node != null) {
            node.sent(nowMs);
        }
        return true;
    }

    private boolean release(Proc owner, Outbound outbound) {
        owner.outbound = null;
        owner.rts &= ~ProcessFlags.RMTOPER;
        Proc to = dc.slots.of(outbound.destination());
        if (to == null || to.endpoint != outbound.destination()) {
            dc.abort(owner, ErrorCode.DSTDIED.rcode());
            return false;
        }
        if (to.node != outbound.destinationNode) {
            // It has moved meanwhile.
            dc.again(owner);
            return false;
        }
        int result = check(outbound.destinationNode, true);
        if (result != OK) {
            dc.abort(owner, result);
            return false;
        }
        if (outbound.code != Command.NTFY_MSG) {
            dc.rendezvous.endAtomic(dc.slots.remoteSide(to), owner);
        }
        if (outbound.code == Command.NTFY_MSG) {
            owner.sendTo = EndpointNumbers.NONE;
            owner.rmtSent++;
            dc.end(owner, OK);
        } else if (outbound.code == Command.SNDREC_MSG) {
            owner.rts &= ~ProcessFlags.SENDING;
            owner.misc |= ProcessFlags.ATOMIC;
            owner.sendTo = EndpointNumbers.NONE;
        }
        return true;
    }

    /** The other node cannot be reached any more: whoever waits for something of it is told. */
    void lost(int nodeId, int result) {
        for (Proc proc : dc.slots.allSides()) {
            if (proc.isStub()) {
                if (proc.node == nodeId) {
                    forget(proc);
                }
                continue;
            }
            if (proc.copy != null && proc.copy.concerns(nodeId)) {
                dc.copies.lost(proc.copy, result);
            } else if (proc.isCalling() && proc.copy == null && awaits(proc, nodeId)) {
                dc.abort(proc, mayHaveArrived(proc, nodeId) ? ErrorCode.UNKNOWNOUTCOME.rcode() : result);
            }
        }
    }

    /** Its command has left this node, and what became of it nobody can tell any more. */
    private static boolean mayHaveArrived(Proc proc, int nodeId) {
        boolean sends = proc.operation == Operation.SEND || proc.operation == Operation.SENDREC
                || proc.operation == Operation.REPLY;
        return sends && proc.reaches == nodeId && proc.outbound == null;
    }

    /** The sender proxy of that pair is gone, and what it had is given up, unless another one is there already. */
    void dropAll(PairState pair) {
        dc.enter();
        try {
            Lane lane = dc.lanes.at(pair);
            while (!pair.senderConnected() && !lane.isEmpty()) {
                dropped(lane.poll());
            }
            pair.dropped(lane);
        } finally {
            dc.leave();
        }
    }

    private void dropped(Outbound outbound) {
        outbound.leaves();
        if (outbound.chunk != null && outbound.chunk.outbound == outbound) {
            dc.copies.lost(outbound.chunk.copy, ErrorCode.NOTCONN.rcode());
        } else if (outbound.owner != null && outbound.owner.outbound == outbound) {
            dc.abort(outbound.owner, ErrorCode.NOTCONN.rcode());
        }
    }

    /** What a process of a lost node, or one that has moved, had under way here is over. */
    void forget(Proc stub) {
        stub.dequeue();
        dc.rendezvous.endAtomic(stub);
        stub.rts &= ProcessFlags.REMOTE | ProcessFlags.MIGRATING | ProcessFlags.ONCOPY;
        stub.getFrom = EndpointNumbers.NONE;
        stub.sendTo = EndpointNumbers.NONE;
    }

    private boolean awaits(Proc proc, int nodeId) {
        return proc.reaches == nodeId || proc.has(ProcessFlags.RECEIVING) && on(proc.getFrom, nodeId);
    }

    private boolean on(int endpoint, int nodeId) {
        if (endpoint == EndpointNumbers.NONE || endpoint == EndpointNumbers.ANY) {
            return false;
        }
        Proc peer = dc.slots.of(endpoint);
        return peer != null && peer.isRemote() && peer.node == nodeId;
    }
}
