package org.dvs.kernel.internal.ipc;

import java.util.concurrent.Executor;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.kernel.api.DvsParameters;
import org.dvs.kernel.api.Given;
import org.dvs.kernel.api.IpcException;

/**
 * The kernel's tables, from the DVS's begin to its end, and the lock under which they are changed: one change at a time. The
 * order of locks is kernel, DC, pair. Thread-safe.
 *
 * <p>Source: dvs-kernel reference 11.
 */
final class Tables {
    private final ReentrantLock lock = new ReentrantLock();
    private final LongSupplier clock;
    private final Deadlines deadlines;
    private final Executor handlers;
    private volatile NodeSite site;

    /**
     * @param clock    milliseconds since the epoch
     * @param handlers runs what a thread that is here for something else cannot be kept with
     */
    Tables(LongSupplier clock, Deadlines deadlines, Executor handlers) {
        this.clock = clock;
        this.deadlines = deadlines;
        this.handlers = handlers;
    }

    /** A change of the tables, or something made by one. */
    interface Change<T> {
        T of(NodeSite site) throws IpcException;
    }

    /** As {@link Change}, of which nothing is given back. */
    interface Action {
        void of(NodeSite site) throws IpcException;
    }

    // ---- the DVS

    int init(int nodeId, String nodeName, DvsParameters parameters) throws DvsException {
        Given.required(parameters, "DVS parameters").check();
        DvsParameters.checkName(nodeName);
        lock.lock();
        try {
            if (site != null) {
                throw new IpcException(ErrorCode.DVSBUSY, "DVS " + site.dvs().name() + " as node " + site.localNode());
            }
            if (nodeId < 0 || nodeId >= parameters.nrNodes()) {
                throw new IpcException(ErrorCode.BADNODEID,
                        "node " + nodeId + ", where nr_nodes allows 0.." + (parameters.nrNodes() - 1));
            }
            site = new NodeSite(nodeId, nodeName, parameters, clock, deadlines, handlers);
            return nodeId;
        } finally {
            lock.unlock();
        }
    }

    void end() throws IpcException {
        change(ending -> {
            for (Container dc : ending.dcs()) {
                ending.end(dc);
            }
            for (PairState pair : ending.pairs()) {
                ending.pairing.free(pair);
            }
            site = null;
        });
    }

    // ---- for all

    /** @throws IpcException {@code DVSINIT} */
    NodeSite site() throws IpcException {
        NodeSite now = site;
        if (now == null) {
            throw new IpcException(ErrorCode.DVSINIT, "no DVS on this node");
        }
        return now;
    }

    /** @return null without a DVS */
    NodeSite siteIfAny() {
        return site;
    }

    /** Under the lock; with a DVS only. Programs are told what it brings about for them when the lock is free. */
    <T> T made(Change<T> change) throws IpcException {
        Trampoline held = Trampoline.hold();
        lock.lock();
        try {
            return change.of(site());
        } finally {
            lock.unlock();
            if (held != null) {
                held.letGo();
            }
        }
    }

    /** As {@link #made}. */
    void change(Action action) throws IpcException {
        made(site -> {
            action.of(site);
            return null;
        });
    }

    /** Milliseconds since the epoch. */
    long now() {
        return clock.getAsLong();
    }

    /** @throws IpcException {@code BADDCID}, {@code DCNOTRUN} */
    Container container(int dcid) throws IpcException {
        NodeSite now = site();
        if (!now.isDc(dcid)) {
            throw new IpcException(ErrorCode.BADDCID, "dc" + dcid + ", where nr_dcs allows 0.." + (now.dvs().nrDcs() - 1));
        }
        Container dc = now.dc(dcid);
        if (dc == null) {
            throw new IpcException(ErrorCode.DCNOTRUN, "dc" + dcid + " on node " + now.localNode());
        }
        return dc;
    }
}
