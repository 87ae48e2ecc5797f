package org.dvs.kernel.internal.ipc;

import java.util.List;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.kernel.api.Arrivals;
import org.dvs.kernel.api.Command;
import org.dvs.kernel.api.DvsParameters;
import org.dvs.kernel.api.EndpointNumbers;
import org.dvs.kernel.api.IpcException;
import org.dvs.kernel.api.NodeInfo;
import org.dvs.kernel.api.ProxyInfo;
import org.dvs.kernel.api.ProxyPair;

/**
 * The other nodes, as this one has them, and the proxy pairs by which they are reached. Thread-safe; what the proxies themselves
 * bring is for nobody where there is no DVS any more.
 *
 * <p>Source: dvs-kernel reference 11 and 12.
 */
final class Neighbours {
    private final Tables tables;

    Neighbours(Tables tables) {
        this.tables = tables;
    }

    // ---- nodes

    void up(String name, int nodeId, int proxyId) throws DvsException {
        DvsParameters.checkName(name);
        tables.change(now -> now.membership.up(name, nodeId, proxyId));
    }

    void down(int nodeId) throws IpcException {
        tables.change(now -> now.membership.down(nodeId));
    }

    NodeInfo node(int nodeId) throws IpcException {
        NodeSite now = tables.site();
        int id = nodeId == EndpointNumbers.LOCALNODE ? now.localNode() : nodeId;
        if (!now.isNode(id)) {
            throw new IpcException(ErrorCode.BADNODEID, "node " + nodeId + allowed(now));
        }
        NodeState state = now.node(id);
        return state == null ? new NodeInfo(id, "", 0, EndpointNumbers.LOCALNODE, now.dcsOf(id), 0, 0, 0, 0)
                : state.info(now.dcsOf(id));
    }

    private static String allowed(NodeSite now) {
        return ", where nr_nodes allows 0.." + (now.dvs().nrNodes() - 1);
    }

    List<NodeInfo> nodes() throws IpcException {
        NodeSite now = tables.site();
        return now.nodes().stream().map(state -> state.info(now.dcsOf(state.id))).toList();
    }

    // ---- pairs

    ProxyPair bind(String name, int proxyId, int maxBytes, int maxBatch) throws DvsException {
        DvsParameters.checkName(name);
        return tables.made(now -> new PairHandle(this, now.pairing.bind(name, proxyId, maxBytes, maxBatch),
                PairState.FIRST));
    }

    ProxyPair takenOver(int proxyId) throws IpcException {
        PairState pair = pair(tables.site(), proxyId);
        return new PairHandle(this, pair, pair.takenOver());
    }

    private static PairState pair(NodeSite now, int proxyId) throws IpcException {
        if (!now.isPair(proxyId)) {
            throw new IpcException(ErrorCode.PROXYID, "proxy pair " + proxyId + allowed(now));
        }
        PairState pair = now.pair(proxyId);
        if (pair == null) {
            throw new IpcException(ErrorCode.PROXYFREE, "proxy pair " + proxyId);
        }
        return pair;
    }

    ProxyInfo pair(int proxyId) throws IpcException {
        return pair(tables.site(), proxyId).info();
    }

    List<ProxyInfo> pairs() throws IpcException {
        return tables.site().pairs().stream().map(PairState::info).toList();
    }

    // ---- what the proxies say

    /** Milliseconds since the epoch. */
    long now() {
        return tables.now();
    }

    void unbind(PairState pair) {
        try {
            tables.change(now -> now.pairing.unbind(pair));
        } catch (IpcException e) {
            // Without a DVS it is free.
            return;
        }
    }

    /** One direction of a pair, perhaps the first of two. */
    void connected(PairState pair) {
        NodeSite now = tables.siteIfAny();
        if (now != null) {
            now.pairing.connected(pair);
        }
    }

    void disconnected(PairState pair) {
        NodeSite now = tables.siteIfAny();
        if (now != null) {
            now.pairing.disconnected(pair);
        }
    }

    /** A command came by a pair that is connected. */
    int put2lcl(Command command, PairState pair, long nowMs) {
        NodeSite now = tables.siteIfAny();
        return now == null ? ErrorCode.DVSINIT.rcode() : now.pairing.put2lcl(command, pair, nowMs);
    }

    /** Several came together by a pair. */
    void put2lcl(Command command, Arrivals more, PairState pair, long nowMs) {
        NodeSite now = tables.siteIfAny();
        if (now != null) {
            now.pairing.put2lcl(command, more, pair, nowMs);
        }
    }

    /** A command that came damaged is not carried out. */
    void refuse(Command command, int result, PairState pair) {
        NodeSite now = tables.siteIfAny();
        if (now != null) {
            now.pairing.refuse(command, result, pair);
        }
    }

    /** The proxies of a pair go, and others may take it over. */
    void left(PairState pair, int by, long keepMs) {
        NodeSite now = tables.siteIfAny();
        if (now != null) {
            now.pairing.left(pair, by, keepMs);
        }
    }
}
