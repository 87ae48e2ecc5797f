package org.dvs.proxy.internal;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.api.metrics.Metric;
import org.dvs.api.metrics.MetricSource;
import org.dvs.cluster.api.Cluster;
import org.dvs.cluster.api.Member;
import org.dvs.cluster.api.Standing;
import org.dvs.cluster.api.View;
import org.dvs.cluster.api.ViewEvent;
import org.dvs.cluster.api.ViewListener;
import org.dvs.config.api.Block;
import org.dvs.config.api.BlockFiles;
import org.dvs.kernel.api.DvsParameters;
import org.dvs.kernel.api.Kernel;
import org.dvs.proxy.api.ProxyLink;
import org.dvs.proxy.api.ProxyLinks;
import org.dvs.proxy.internal.config.PeerSettings;
import org.dvs.proxy.internal.config.ProxyBlocks;
import org.dvs.proxy.internal.config.ProxyConfig;
import org.dvs.proxy.internal.frame.Options;
import org.dvs.registry.api.LocalKernel;
import org.dvs.transport.api.Connection;
import org.dvs.transport.api.Handler;
import org.dvs.transport.api.Limits;
import org.dvs.transport.api.Protocol;
import org.dvs.transport.api.Tls;
import org.dvs.transport.api.Transport;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.Designate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The proxies of this node. A thread of its own ({@code dvs-proxy-care-1}) looks twice a second, and when the members of the
 * cluster change, which pairs there should be; frames are the loop's affair. When the bundle is replaced, pairs, listeners and
 * connections stay as they are, and the next version goes on with them.
 */
@Component(configurationPid = "org.dvs.proxy", immediate = true,
        service = {Protocol.class, ProxyLinks.class, ViewListener.class, MetricSource.class})
@Designate(ocd = ProxyConfig.class)
public final class ProxyComponent implements Protocol, ProxyLinks, ViewListener, MetricSource {
    private static final Logger LOG = LoggerFactory.getLogger(ProxyComponent.class);
    private static final int CARE_MS = 500;
    private static final int LOOP_MS = 5_000;

    private final ProxyConfig config;
    private final Options options;
    private final boolean single;
    private final Cluster cluster;
    private final LocalKernel kernel;
    private final Proxies proxies;
    private final LoopCalls calls;
    private final ProxyMetrics metrics;
    private final Care care;
    private final Listening listening;
    private final Directory directory;
    private final BlockFile file;
    private final AutoCloseable watch;
    private final ScheduledThreadPoolExecutor executor;

    @Activate
    public ProxyComponent(@Reference Transport transport, @Reference Cluster cluster, @Reference LocalKernel kernel,
            @Reference BlockFiles files, @Reference Drained drained, BundleContext context, ProxyConfig config) {
        this(transport, cluster, kernel, files, Path.of(Optional.ofNullable(context.getProperty("karaf.etc")).orElse("etc")),
                config, Tls.CLUSTER, drained);
    }

    /** Without a container: for tests and measurements. @param tls {@link Tls#NONE} on loopback only */
    public ProxyComponent(Transport transport, Cluster cluster, LocalKernel kernel, BlockFiles files, Path etc,
            ProxyConfig config, Tls tls) {
        this(transport, cluster, kernel, files, etc, config, tls, new Drained());
    }

    ProxyComponent(Transport transport, Cluster cluster, LocalKernel kernel, BlockFiles files, Path etc, ProxyConfig config,
            Tls tls, Drained drained) {
        this.config = config;
        this.cluster = cluster;
        this.kernel = kernel;
        options = new Options(config.batch(), config.compress(), config.autobind(), config.sequence(), config.sendpid(),
                config.digest());
        Member local = cluster.local();
        directory = new Directory(cluster.state(), local.id());
        proxies = new Proxies(transport, new Proxies.NodeSettings(local.id(), local.name(), tls, heartbeatMs(config),
                config.greetingMs(), config.reconnectMinMs(), config.reconnectMaxMs()), directory::of, () -> 0,
                System::nanoTime, new Random(new SecureRandom().nextLong()), drained);
        calls = new LoopCalls(proxies.loop());
        metrics = new ProxyMetrics(proxies, calls);
        care = new Care(proxies, task -> calls.run(task, LOOP_MS));
        listening = new Listening(transport, proxies.loop(), tls);
        single = config.ports() == ProxyConfig.Ports.SINGLE;
        file = new BlockFile(files, etc.resolve(config.file()), blocks -> read(blocks, local.id()), System::nanoTime);
        executor = new ScheduledThreadPoolExecutor(1, task -> new Thread(task, "dvs-proxy-care-1"));
        executor.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        executor.setRemoveOnCancelPolicy(true);
        // An event may come while the bundle goes: then the next version looks.
        executor.setRejectedExecutionHandler(new ThreadPoolExecutor.DiscardPolicy());
        // Before the service is there, since connections of the version before come with it.
        look();
        watch = directory.watch(id -> proxies.loop().execute(() -> proxies.hurry(id)));
        executor.scheduleWithFixedDelay(this::look, CARE_MS, CARE_MS, TimeUnit.MILLISECONDS);
    }

    /** A peer gives signs of life as often as this node does, so two of them must fit into this node's patience. */
    private static int heartbeatMs(ProxyConfig config) {
        return Math.min(config.heartbeatMs(), config.silenceMs() / 2);
    }

    private ProxyBlocks read(List<Block> blocks, int own) {
        ProxyBlocks read = ProxyBlocks.of(blocks, own, config.basePort(), !single, options);
        if (!single && !read.peers().isEmpty() && read.needsOneForAll()) {
            LOG.warn("ports = PAIR, and this node has no base port, neither by basePort nor by a node block of {}: pairs without"
                    + " an rport come to its one port", config.file());
        }
        return read;
    }

    // ---- care

    private void look() {
        try {
            Member local = cluster.local();
            ProxyBlocks blocks = file.blocks();
            if (care.run(kernelIfThere(), () -> wanted(blocks, local), file.isSure() && isKnown(blocks))) {
                kernel.align();
            }
            // The members of a cluster are told one address of each node.
            boolean forAll = single || blocks.needsOneForAll();
            listening.run(config.bindAddress(), blocks, local.id(), forAll);
            if (cluster.joined().isDone()) {
                if (forAll && !listening.isEverywhere()) {
                    listening.forAll().ifPresent(directory::announce);
                } else {
                    directory.withdraw();
                }
            }
        } catch (DvsException | RuntimeException e) {
            LOG.error("the proxy pairs could not be looked after, which is tried again", e);
        }
    }

    private Kernel kernelIfThere() {
        try {
            return kernel.get();
        } catch (DvsException e) {
            return null;
        }
    }

    /** The nodes of the file; without any, the others of the cluster, also those that are silent or off: they may come back. */
    private SortedMap<Integer, PeerSettings> wanted(ProxyBlocks blocks, Member local) {
        SortedMap<Integer, PeerSettings> wanted = new TreeMap<>(blocks.peers());
        if (wanted.isEmpty()) {
            Stream.concat(cluster.nodes().stream().map(Standing::member), cluster.view().members().stream())
                    .filter(member -> member.id() != local.id())
                    .forEach(member -> wanted.put(member.id(), new PeerSettings(member.id(), cut(member.name()), Optional.empty(),
                            0, 0, Optional.empty(), options)));
        }
        return wanted;
    }

    /** Members that this node has not heard of again may have pairs: where the cluster's bundle has started anew. */
    private boolean isKnown(ProxyBlocks blocks) {
        CompletableFuture<View> joined = cluster.joined();
        return !blocks.peers().isEmpty() || joined.isDone() && !joined.isCompletedExceptionally();
    }

    private static String cut(String name) {
        return name.length() <= DvsParameters.MAX_NAME ? name : name.substring(0, DvsParameters.MAX_NAME);
    }

    @Override
    public void happened(ViewEvent event) {
        executor.execute(this::look);
    }

    /** Figures that no pair has, for tests. */
    Proxies proxies() {
        return proxies;
    }

    // ---- the protocol

    @Override
    public String name() {
        return Proxies.PROTOCOL;
    }

    @Override
    public Limits limits(Limits configured) {
        return configured.frameBytes(Proxies.FRAME_BYTES).firstFrameMs(config.greetingMs()).idleMs(config.silenceMs());
    }

    @Override
    public Handler opened(Connection connection) throws DvsException {
        return proxies.opened(connection);
    }

    @Override
    public Handler resumed(Connection connection, ByteBuffer state) throws DvsException {
        return proxies.resumed(connection, ParkedState.read(state));
    }

    // ---- for operators

    @Override
    public CompletableFuture<List<ProxyLink>> links() {
        return calls.ask(() -> proxies.peers().values().stream().map(Proxies::figures).toList());
    }

    @Override
    public CompletableFuture<SortedMap<String, Long>> strangers() {
        return calls.ask(proxies::strangersFaults);
    }

    @Override
    public List<Metric> metrics() {
        return metrics.metrics();
    }

    @Override
    public void read(Sink sink) {
        metrics.read(sink);
    }

    @Override
    public void drain(int proxyId) throws DvsException {
        on(proxyId, Peer::drain);
    }

    @Override
    public void disconnect(int proxyId) throws DvsException {
        on(proxyId, Peer::disconnect);
    }

    @Override
    public void connect(int proxyId) throws DvsException {
        on(proxyId, Peer::connect);
    }

    private void on(int proxyId, Consumer<Peer> what) throws DvsException {
        boolean found = calls.get(() -> {
            Optional<Peer> peer = proxies.peer(proxyId);
            peer.ifPresent(what);
            return peer.isPresent();
        }, LOOP_MS);
        if (!found) {
            throw new DvsException(ErrorCode.BADPROXY, "no proxy pair " + proxyId);
        }
    }

    /** A look that had begun would go on with what is the next version's by then. */
    private void endCare() {
        executor.shutdownNow();
        try {
            if (!executor.awaitTermination(LOOP_MS, TimeUnit.MILLISECONDS)) {
                LOG.warn("the pairs were still looked after {} ms after the proxies were to end", LOOP_MS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Deactivate
    void stop() {
        endCare();
        try {
            watch.close();
        } catch (Exception e) {
            LOG.warn("the watch of the agreed state did not end", e);
        }
        try {
            // First, and by this thread: a loop that does not come to the rest must leave alone what is the next version's.
            proxies.halt();
            calls.run(proxies::stop, LOOP_MS);
        } catch (DvsException e) {
            LOG.warn("the proxies did not end in order: {}", e.getMessage());
        }
    }
}
