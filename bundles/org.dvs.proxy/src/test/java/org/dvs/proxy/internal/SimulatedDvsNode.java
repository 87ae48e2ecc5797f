package org.dvs.proxy.internal;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.kernel.api.DcSettings;
import org.dvs.kernel.api.ProxyPair;
import org.dvs.kernel.internal.ipc.KernelCore;
import org.dvs.proxy.internal.config.PeerSettings;
import org.dvs.proxy.internal.frame.FrameLayout;
import org.dvs.proxy.internal.frame.Options;
import org.dvs.transport.api.Address;
import org.dvs.transport.api.ConnectOptions;
import org.dvs.transport.api.Connection;
import org.dvs.transport.api.ConnectionInfo;
import org.dvs.transport.api.ListenOptions;
import org.dvs.transport.api.Listener;
import org.dvs.transport.api.ListenerInfo;
import org.dvs.transport.api.Loop;
import org.dvs.transport.api.Tls;
import org.dvs.transport.api.Transport;

/** A node in simulated time: kernel and proxies as they are shipped, over a transport that is not. */
final class SimulatedDvsNode implements Transport {
    private static final int MAX_DATA = 65_536;

    final int id;
    final SimulatedLoop loop;
    final KernelCore kernel;
    final List<SimulatedConnection> connections = new ArrayList<>();
    private final SimulatedDvs world;
    private Options options;
    private final Map<SimulatedConnection, ByteBuffer> parked = new LinkedHashMap<>();
    /** Null while the bundle is being replaced. */
    Proxies proxies;

    SimulatedDvsNode(SimulatedDvs world, int id, Options options) throws DvsException {
        this.world = world;
        this.id = id;
        this.options = options;
        loop = new SimulatedLoop(world);
        kernel = new KernelCore(() -> world.now() / 1_000_000, world::after, world::soon, 100 + id);
        kernel.dvsInit(id, "node" + id, SimulatedDvs.PARAMETERS);
        kernel.dcInit(DcSettings.of(SimulatedDvs.DC, "dc0", SimulatedDvs.PARAMETERS));
        ProxyPair pair = kernel.proxiesBind("node" + peer(), peer(), MAX_DATA, FrameLayout.MAX_BATCH);
        kernel.nodeUp("node" + peer(), peer(), peer());
        kernel.addNode(SimulatedDvs.DC, peer());
        start(pair, false);
    }

    Options options() {
        return options;
    }

    int peer() {
        return 1 - id;
    }

    private void start(ProxyPair pair, boolean takenOver) {
        proxies = new Proxies(this, new Proxies.NodeSettings(id, "node" + id, Tls.NONE, 3_000, 5_000, 200, 10_000),
                other -> Optional.of(Address.tcp("simulated", 1 + other)), () -> 0, world::now, world.random, new Drained());
        proxies.add(new PeerSettings(peer(), "node" + peer(), Optional.empty(), 0, 0, Optional.empty(), options), pair, kernel,
                MAX_DATA, takenOver);
    }

    Peer link() {
        return proxies.peer(peer()).orElseThrow();
    }

    /** The bundle goes; {@link #resume} brings its next version. */
    void park() {
        for (SimulatedConnection each : connections) {
            ByteBuffer state = each.isOpen() && !parked.containsKey(each) ? each.park() : null;
            if (state != null) {
                parked.put(each, state);
            }
        }
        proxies.stop();
        proxies = null;
    }

    /** @param handOver when the transport gives the next version what the one before left, if that is still there by then */
    void resume(long handOver) throws DvsException {
        boolean connected = kernel.proxy(peer()).flags() == 7;
        if (world.random.nextInt(8) == 0) {
            options = world.options();
        }
        start(kernel.proxyPair(peer()), connected);
        // The agreed state says at once where the other node listens.
        proxies.hurry(peer());
        Proxies version = proxies;
        world.at(world.now() + handOver, () -> {
            if (proxies == version) {
                handOver();
            }
        });
    }

    private void handOver() {
        for (Map.Entry<SimulatedConnection, ByteBuffer> each : List.copyOf(parked.entrySet())) {
            parked.remove(each.getKey());
            if (each.getKey().isOpen()) {
                try {
                    each.getKey().serve(proxies.resumed(each.getKey(), ParkedState.read(each.getValue())));
                } catch (DvsException e) {
                    each.getKey().cut();
                }
            }
        }
    }

    // ---- as a transport

    @Override
    public CompletableFuture<Connection> connect(String name, String protocol, Address address, ConnectOptions how) {
        CompletableFuture<Connection> made = new CompletableFuture<>();
        SimulatedDvsNode to = world.nodes[peer()];
        // Handshakes take their time where there is much else to do.
        long answered = world.now() + world.delay() + (world.random.nextInt(3) == 0 ? world.below(1_000_000_000) : 0);
        world.at(answered, () -> {
            if (!world.reachable || to.proxies == null || proxies == null) {
                made.completeExceptionally(new DvsException(ErrorCode.CONNREFUSED, "nobody there"));
                return;
            }
            SimulatedConnection mine = new SimulatedConnection(world, this, to, true);
            SimulatedConnection theirs = new SimulatedConnection(world, to, this, false);
            mine.join(theirs);
            connections.add(mine);
            to.connections.add(theirs);
            try {
                theirs.serve(to.proxies.opened(theirs));
                mine.serve(proxies.opened(mine));
                made.complete(mine);
            } catch (DvsException e) {
                made.completeExceptionally(e);
            }
        });
        return made;
    }

    @Override
    public List<Loop> loops() {
        return List.of(loop);
    }

    @Override
    public List<ListenerInfo> listeners() {
        return List.of();
    }

    @Override
    public Optional<Listener> listener(String name) {
        return Optional.empty();
    }

    @Override
    public List<ConnectionInfo> connections() {
        return parked.keySet().stream().filter(SimulatedConnection::isOpen).map(each -> new ConnectionInfo(each.name(),
                Proxies.PROTOCOL, each.peer(), each.outgoing(), true, 0, 0, 0, 0, 0, 0)).toList();
    }

    @Override
    public Listener listen(String name, String protocol, Address address, ListenOptions how) {
        throw new UnsupportedOperationException();
    }
}
