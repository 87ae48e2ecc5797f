package org.dvs.kernel.internal.ipc;

import org.dvs.kernel.api.Arrivals;
import org.dvs.kernel.api.Command;

/**
 * Commands that came together by a pair. Who they are from and for is looked up once for all of a row. The DC is entered once,
 * too, but is left as soon as a message has been given to a program: a handler goes on with it before the next one comes. Of one
 * thread.
 */
final class Row {
    private final NodeSite site;
    private final PairState pair;
    private final long nowMs;
    private NodeState from;
    private Container dc;
    private boolean within;

    Row(NodeSite site, PairState pair, long nowMs) {
        this.site = site;
        this.pair = pair;
        this.nowMs = nowMs;
    }

    void put(Command command, Arrivals more) {
        try {
            do {
                find(command);
                int result = carryOut(command, more);
                if (result < 0) {
                    more.refused(result);
                }
            } while (more.next(command));
        } finally {
            leave();
        }
    }

    private void find(Command command) {
        if (from == null || from.id != command.sourceNode) {
            from = site.node(command.sourceNode);
        }
        if (from != null) {
            from.received(nowMs);
        }
        if (dc == null || dc.settings.dcid() != command.dcid) {
            leave();
            dc = site.dc(command.dcid);
        }
    }

    private int carryOut(Command command, Arrivals more) {
        int result = pair.receiverResult();
        if (result != Result.OK) {
            return result;
        }
        if (dc == null || from == null) {
            return site.pairing.refuse(command, pair, dc == null);
        }
        enter();
        int unbound = dc.inbox.unbound(command);
        if (unbound != Result.OK) {
            leave();
            return more.unbound(command, unbound);
        }
        result = dc.inbox.put(command);
        if (!command.isAck() && dc.hasToTell()) {
            leave();
        }
        return result;
    }

    private void enter() {
        if (!within) {
            dc.enter();
            within = true;
        }
    }

    private void leave() {
        if (within) {
            within = false;
            dc.leave();
        }
    }
}
