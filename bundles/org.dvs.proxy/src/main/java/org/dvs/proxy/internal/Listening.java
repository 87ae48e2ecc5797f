package org.dvs.proxy.internal;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

import org.dvs.api.DvsException;
import org.dvs.proxy.internal.config.PeerSettings;
import org.dvs.proxy.internal.config.ProxyBlocks;
import org.dvs.transport.api.Address;
import org.dvs.transport.api.ListenOptions;
import org.dvs.transport.api.Listener;
import org.dvs.transport.api.Loop;
import org.dvs.transport.api.Tls;
import org.dvs.transport.api.Transport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The ports at which other nodes find the proxies: one for all, and one for each pair that has its own. Listeners are left open
 * when the bundle goes; the next version asks for the same and gets them, and closes those that its settings do not name any more.
 * Used by one thread at a time.
 *
 * <p>Source: R-PXY-03, R-PXY-04.
 */
final class Listening {
    private static final Logger LOG = LoggerFactory.getLogger(Listening.class);
    private static final String FOR_ALL = "proxy";

    private final Transport transport;
    private final Loop loop;
    private final Tls tls;
    private final Map<String, Address> open = new HashMap<>();
    private final Map<String, Listener> listeners = new HashMap<>();
    private final Map<String, String> refusals = new HashMap<>();
    private boolean begun;
    private boolean everywhere;

    Listening(Transport transport, Loop loop, Tls tls) {
        this.transport = transport;
        this.loop = loop;
        this.tls = tls;
    }

    /**
     * Opens what is missing and closes what is not wanted any more.
     *
     * @param single whether there is one port for all
     */
    void run(String host, ProxyBlocks blocks, int own, boolean single) {
        SortedMap<String, Address> wanted = new TreeMap<>();
        if (single) {
            wanted.put(FOR_ALL, Address.tcp(host, blocks.basePort() == 0 ? 0 : blocks.basePort() + own));
        }
        for (PeerSettings peer : blocks.peers().values()) {
            if (peer.listenPort() != 0) {
                wanted.put(FOR_ALL + "-" + peer.id(), Address.tcp(peer.listenHost().orElse(host), peer.listenPort()));
            }
        }
        if (!begun) {
            closeLeft(wanted.keySet());
            begun = true;
        }
        for (String name : open.keySet().toArray(String[]::new)) {
            if (!open.get(name).equals(wanted.get(name))) {
                open.remove(name);
                listeners.remove(name).close();
            }
        }
        wanted.forEach((name, address) -> {
            if (!open.containsKey(name)) {
                open(name, address);
            }
        });
    }

    private void closeLeft(Set<String> wanted) {
        transport.listeners().stream()
                .filter(left -> left.protocol().equals(Proxies.PROTOCOL) && !wanted.contains(left.name()))
                .forEach(left -> transport.listener(left.name()).ifPresent(Listener::close));
    }

    private void open(String name, Address address) {
        try {
            listeners.put(name, transport.listen(name, Proxies.PROTOCOL, address, ListenOptions.plain().tls(tls).loop(loop)));
            open.put(name, address);
            refusals.remove(name);
            if (name.equals(FOR_ALL)) {
                everywhere = isEverywhere((Address.Tcp) address);
            }
        } catch (DvsException e) {
            if (!e.getMessage().equals(refusals.put(name, e.getMessage()))) {
                LOG.warn("the proxies cannot listen at {}, which is tried again; this node still connects to others: {}",
                        address, e.getMessage());
            }
        }
    }

    private static boolean isEverywhere(Address.Tcp address) {
        InetAddress resolved = new InetSocketAddress(address.host(), address.port()).getAddress();
        boolean everywhere = resolved != null && resolved.isAnyLocalAddress();
        if (everywhere) {
            LOG.error("bindAddress of org.dvs.proxy is {}, which leads each node to itself: the members of the cluster are not"
                    + " told where to find the proxies of this node until it is an address by which they reach it",
                    address.host());
        }
        return everywhere;
    }

    /** Whether it listens at all addresses of this machine: then what {@link #forAll} says means nothing to another one. */
    boolean isEverywhere() {
        return everywhere;
    }

    /** Where everybody may come to. */
    Optional<Address.Tcp> forAll() {
        return Optional.ofNullable(listeners.get(FOR_ALL)).map(listener -> (Address.Tcp) listener.address());
    }
}
