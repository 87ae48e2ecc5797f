package org.dvs.proxy.internal;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.function.Supplier;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.kernel.api.DvsParameters;
import org.dvs.kernel.api.Kernel;
import org.dvs.kernel.api.ProxyFlags;
import org.dvs.kernel.api.ProxyInfo;
import org.dvs.kernel.api.ProxyPair;
import org.dvs.proxy.internal.config.PeerSettings;
import org.dvs.proxy.internal.frame.Fault;
import org.dvs.proxy.internal.frame.FrameLayout;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps the pairs in the kernel in line with the nodes that there should be pairs for. Used by one thread at a time. */
final class Care {
    private static final Logger LOG = LoggerFactory.getLogger(Care.class);

    private final Proxies proxies;
    private final OnLoop onLoop;
    private final Map<Integer, PeerSettings> there = new HashMap<>();
    private final Map<Integer, String> refusals = new HashMap<>();
    private Kernel known;
    /** Whether pairs of the version before that nobody wants any more have gone. */
    private boolean swept;

    /** Runs something on the proxies' loop and waits for it; with an exception it may have run or not, but does not run later. */
    @FunctionalInterface
    interface OnLoop {
        /** @throws DvsException {@code TIMEDOUT}, {@code SHUTDOWN} */
        void run(Runnable task) throws DvsException;
    }

    Care(Proxies proxies, OnLoop onLoop) {
        this.proxies = proxies;
        this.onLoop = onLoop;
    }

    /**
     * Compares and mends.
     *
     * @param kernel null while there is none
     * @param wanted by id
     * @param sure   whether who is not wanted now is not just unknown yet: then a pair of the version before goes that has nobody
     *     else to look after it. What its programs have bound goes with it, so this is not to be guessed
     * @return whether a pair was bound
     */
    boolean run(Kernel kernel, Supplier<SortedMap<Integer, PeerSettings>> wanted, boolean sure) throws DvsException {
        DvsParameters dvs = parameters(kernel);
        if (dvs == null || kernel != known) {
            removeAll();
            known = kernel;
            swept = false;
        }
        if (dvs == null) {
            return false;
        }
        SortedMap<Integer, PeerSettings> all = wanted.get();
        SortedMap<Integer, PeerSettings> peers = all.headMap(dvs.nrNodes());
        all.tailMap(dvs.nrNodes()).keySet().forEach(id -> refuse(id, "a DVS of " + dvs.nrNodes() + " nodes has none of that id"));
        for (int id : there.keySet().toArray(Integer[]::new)) {
            PeerSettings now = peers.get(id);
            if (isFree(kernel, id) || now == null || !now.name().equals(there.get(id).name())) {
                remove(id);
            } else if (!now.equals(there.get(id))) {
                // The kernel's pair stays, and with it what programs have bound there.
                onLoop.run(() -> proxies.release(id, Fault.CHANGED));
                there.remove(id);
            }
        }
        if (sure && !swept) {
            sweep(kernel, peers.keySet());
            swept = true;
        }
        boolean bound = false;
        for (PeerSettings peer : peers.values()) {
            bound |= !there.containsKey(peer.id()) && add(kernel, dvs, peer);
        }
        return bound;
    }

    private static DvsParameters parameters(Kernel kernel) {
        try {
            return kernel == null ? null : kernel.dvs();
        } catch (DvsException e) {
            return null;
        }
    }

    private static boolean isFree(Kernel kernel, int id) {
        try {
            kernel.proxy(id);
            return false;
        } catch (DvsException e) {
            return true;
        }
    }

    /** Whoever waits for the node of such a pair would wait for a connection that nobody makes. */
    private static void sweep(Kernel kernel, Set<Integer> wanted) throws DvsException {
        for (ProxyInfo pair : kernel.proxies()) {
            if (!wanted.contains(pair.id())) {
                LOG.info("the pair {} of node {} goes: it was left by the proxies before, and is not wanted any more",
                        pair.name(), pair.id());
                kernel.proxyPair(pair.id()).unbind();
            }
        }
    }

    private boolean add(Kernel kernel, DvsParameters dvs, PeerSettings peer) throws DvsException {
        int maxData = Math.min(dvs.maxCopybuf(), Proxies.MAX_DATA);
        try {
            boolean takenOver = !isFree(kernel, peer.id());
            if (takenOver && !fits(kernel.proxy(peer.id()), peer, maxData)) {
                kernel.proxyPair(peer.id()).unbind();
                takenOver = false;
            }
            ProxyPair pair = takenOver ? kernel.proxyPair(peer.id())
                    : kernel.proxiesBind(peer.name(), peer.id(), maxData, FrameLayout.MAX_BATCH);
            if (!takenOver) {
                // What an operator wished was about another one.
                proxies.drained().remove(peer.id());
            }
            boolean connected = takenOver && (kernel.proxy(peer.id()).flags() & ProxyFlags.SENDER_CONNECTED) != 0;
            onLoop.run(() -> proxies.add(peer, pair, kernel, maxData, connected));
            there.put(peer.id(), peer);
            refusals.remove(peer.id());
            return true;
        } catch (DvsException e) {
            if (e.code() == ErrorCode.TIMEDOUT || e.code() == ErrorCode.SHUTDOWN) {
                throw e;
            }
            refuse(peer.id(), e.getMessage());
            return false;
        }
    }

    /** Says it once. */
    private void refuse(int id, String why) {
        if (!why.equals(refusals.put(id, why))) {
            LOG.warn("node {} gets no proxy pair: {}", id, why);
        }
    }

    private static boolean fits(ProxyInfo pair, PeerSettings peer, int maxData) {
        return pair.name().equals(peer.name()) && pair.maxBytes() == maxData;
    }

    private void remove(int id) throws DvsException {
        onLoop.run(() -> proxies.remove(id, Fault.STOPPED));
        // Not before: what the loop did not come to is tried again.
        there.remove(id);
    }

    private void removeAll() throws DvsException {
        for (int id : there.keySet().toArray(Integer[]::new)) {
            remove(id);
        }
    }
}
