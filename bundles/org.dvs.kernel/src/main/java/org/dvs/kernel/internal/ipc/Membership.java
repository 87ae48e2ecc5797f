package org.dvs.kernel.internal.ipc;

import static org.dvs.kernel.internal.ipc.Result.OK;

import org.dvs.api.ErrorCode;
import org.dvs.kernel.api.IpcException;

/**
 * Which nodes there are, and which are members of a DC. Changes are made under the kernel's lock.
 *
 * <p>Source: dvs-kernel reference 11.
 */
final class Membership {
    private final NodeSite site;

    Membership(NodeSite site) {
        this.site = site;
    }

    // ---- nodes of the DVS

    /** @throws IpcException {@code BADNODEID}, {@code PROXYID}, {@code NOPROXY} */
    void up(String name, int nodeId, int proxyId) throws IpcException {
        if (!site.isNode(nodeId) || nodeId == site.localNode()) {
            throw new IpcException(ErrorCode.BADNODEID, "node " + nodeId);
        }
        if (!site.isPair(proxyId)) {
            throw new IpcException(ErrorCode.PROXYID, "proxy pair " + proxyId);
        }
        PairState pair = site.pair(proxyId);
        if (pair == null) {
            throw new IpcException(ErrorCode.NOPROXY, "proxy pair " + proxyId + " is free");
        }
        NodeState before = site.node(nodeId);
        if (before != null) {
            before.pair.serves(nodeId, false);
        }
        pair.serves(nodeId, true);
        site.node(nodeId, new NodeState(nodeId, name, pair));
    }

    /** @throws IpcException {@code BADNODEID}, {@code NODEFREE} */
    void down(int nodeId) throws IpcException {
        Result.require(other(nodeId), "node " + nodeId);
        drop(nodeId);
    }

    /** A node's memberships and its entry end. */
    void drop(int nodeId) {
        for (Container dc : site.dcs()) {
            dc.enter();
            try {
                if (dc.isMember(nodeId)) {
                    leave(dc, nodeId);
                }
            } finally {
                dc.leave();
            }
        }
        NodeState node = site.node(nodeId);
        site.node(nodeId, null);
        node.pair.serves(nodeId, false);
    }

    /** Whether this is another node, and in use. */
    private int other(int nodeId) {
        if (!site.isNode(nodeId) || nodeId == site.localNode()) {
            return ErrorCode.BADNODEID.rcode();
        }
        return site.node(nodeId) == null ? ErrorCode.NODEFREE.rcode() : OK;
    }

    // ---- members of a DC, under its lock

    /** @return 0 or {@code BADNODEID}, {@code NODEFREE}, {@code DCNODE}, {@code RSCBUSY} */
    int add(Container dc, int nodeId) {
        int result = other(nodeId);
        if (result != OK) {
            return result;
        }
        if (dc.isMember(nodeId)) {
            return ErrorCode.DCNODE.rcode();
        }
        if (dc.nodes().cardinality() >= dc.settings.nrNodes()) {
            return ErrorCode.RSCBUSY.rcode();
        }
        dc.member(nodeId, true);
        return OK;
    }

    /** @return 0 or {@code BADNODEID}, {@code NODEFREE}, {@code NODCNODE} */
    int delete(Container dc, int nodeId) {
        int result = other(nodeId);
        if (result == OK && !dc.isMember(nodeId)) {
            result = ErrorCode.NODCNODE.rcode();
        }
        if (result == OK) {
            leave(dc, nodeId);
        }
        return result;
    }

    /** A node is no member any more: its stubs go, and whoever waits for them is told. */
    private static void leave(Container dc, int nodeId) {
        dc.slots.allSides().stream().filter(proc -> proc.isStub() && proc.node == nodeId)
                .forEach(stub -> dc.exits.turnAway(stub, ErrorCode.NODCNODE));
        dc.sending.lost(nodeId, ErrorCode.NOTCONN.rcode());
        for (Proc proc : dc.slots.all()) {
            if (proc.isStub() && proc.node == nodeId) {
                dc.exits.gone(proc);
            }
        }
        dc.member(nodeId, false);
    }
}
