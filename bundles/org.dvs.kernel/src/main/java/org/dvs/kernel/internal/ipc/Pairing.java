package org.dvs.kernel.internal.ipc;

import java.util.function.ObjIntConsumer;

import org.dvs.api.ErrorCode;
import org.dvs.kernel.api.Arrivals;
import org.dvs.kernel.api.Command;
import org.dvs.kernel.api.IpcException;

/**
 * The proxy pairs of the node: bound, connected, lost, freed, and what comes in by them.
 *
 * <p>Source: dvs-kernel reference 12.
 */
final class Pairing {
    private final NodeSite site;

    Pairing(NodeSite site) {
        this.site = site;
    }

    /**
     * Under the kernel's lock.
     *
     * @throws IpcException {@code PROXYID}, {@code RSCBUSY}, {@code TOOBIG}, {@code BADRANGE}
     */
    PairState bind(String name, int proxyId, int maxBytes, int maxBatch) throws IpcException {
        if (!site.isPair(proxyId)) {
            throw new IpcException(ErrorCode.PROXYID, "proxy pair " + proxyId + ": nr_nodes is " + site.dvs().nrNodes());
        }
        if (site.pair(proxyId) != null) {
            throw new IpcException(ErrorCode.RSCBUSY, "proxy pair " + proxyId + " is in use as " + site.pair(proxyId).name());
        }
        if (maxBytes > site.dvs().maxCopybuf()) {
            throw new IpcException(ErrorCode.TOOBIG, "max bytes " + maxBytes + ": max_copybuf is " + site.dvs().maxCopybuf());
        }
        if (maxBytes < 1 || maxBatch < 1) {
            throw new IpcException(ErrorCode.BADRANGE, "max bytes " + maxBytes + ", max batch " + maxBatch);
        }
        PairState pair = new PairState(proxyId, name, maxBytes, maxBatch);
        site.pair(proxyId, pair);
        return pair;
    }

    /** Frees a pair unless it is free or another's by now. Under the kernel's lock. */
    void unbind(PairState pair) {
        if (site.pair(pair.id()) == pair) {
            free(pair);
        }
    }

    /** Its nodes end as with a lost node. Under the kernel's lock. */
    void free(PairState pair) {
        pair.free();
        pair.nodes().stream().forEach(site.membership::drop);
        dropAll(pair);
        site.pair(pair.id(), null);
    }

    /** Whoever waits for something of this pair's nodes is told that they cannot be reached. */
    void disconnected(PairState pair) {
        inAll(pair, (dc, node) -> dc.sending.lost(node, ErrorCode.NOTCONN.rcode()));
        dropAll(pair);
        int connections = pair.connections();
        site.after(PassingStubs.UNHEARD_MS, () -> {
            if (pair.connections() == connections && !pair.freed()) {
                inAll(pair, (dc, node) -> dc.passing.unheard(node));
            }
        });
    }

    /** Its nodes can be told again. */
    void connected(PairState pair) {
        inAll(pair, (dc, node) -> dc.passing.connected(node));
    }

    private void inAll(PairState pair, ObjIntConsumer<Container> action) {
        pair.nodes().stream().forEach(node -> {
            for (Container dc : site.dcs()) {
                dc.enter();
                try {
                    action.accept(dc, node);
                } finally {
                    dc.leave();
                }
            }
        });
    }

    /** Commands at a sender proxy that is gone, some of nodes that have another one by now; also of DCs that have ended. */
    private void dropAll(PairState pair) {
        for (Lane lane : pair.abandoned()) {
            lane.dc.sending.dropAll(pair);
        }
        for (Container dc : site.dcs()) {
            dc.sending.dropAll(pair);
        }
    }

    /** A command came by a pair that is connected; one that finds no DC or no member is answered by that pair. */
    int put2lcl(Command command, PairState pair, long nowMs) {
        NodeState from = site.node(command.sourceNode);
        if (from != null) {
            from.received(nowMs);
        }
        Container dc = site.dc(command.dcid);
        if (dc == null || from == null) {
            return refuse(command, pair, dc == null);
        }
        dc.enter();
        try {
            return dc.inbox.put(command);
        } finally {
            dc.leave();
        }
    }

    /** As the one above, of several. */
    void put2lcl(Command command, Arrivals more, PairState pair, long nowMs) {
        new Row(site, pair, nowMs).put(command, more);
    }

    /** @param noDc whether it finds no DC; else its node is none that is known */
    int refuse(Command command, PairState pair, boolean noDc) {
        ErrorCode code = ErrorCode.NODCNODE;
        if (noDc) {
            code = site.isDc(command.dcid) ? ErrorCode.DCNOTRUN : ErrorCode.BADDCID;
        }
        if (command.isAnswered()) {
            pair.add(new Outbound(null, pair, null, Inbox.refusal(command, code.rcode(), site.localNode())));
        }
        return code.rcode();
    }

    /** A command that came damaged is not carried out: its origin is told, whichever pair reaches that. */
    void refuse(Command command, int result, PairState pair) {
        if (command.isAnswered()) {
            Command answer = Inbox.refusal(command, result, site.localNode());
            NodeState to = site.node(answer.destinationNode);
            PairState by = to == null || to.pair == null ? pair : to.pair;
            by.add(new Outbound(null, by, null, answer));
        }
    }

    /** The proxies of a pair go; unless others take it over in time, or have done so, it is disconnected. */
    void left(PairState pair, int by, long keepMs) {
        int nobodys = pair.left(by);
        if (nobodys == PairState.NOT_THEIRS) {
            return;
        }
        site.after(keepMs, () -> {
            if (!pair.freed() && pair.disconnect(nobodys)) {
                disconnected(pair);
            }
        });
    }
}
