package org.dvs.proxy.internal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

import org.dvs.api.DvsException;
import org.dvs.api.security.Identity;
import org.dvs.cluster.api.Member;
import org.dvs.config.internal.BlockFilesComponent;
import org.dvs.kernel.api.DcSettings;
import org.dvs.kernel.api.DvsParameters;
import org.dvs.kernel.api.Kernel;
import org.dvs.kernel.api.NodeInfo;
import org.dvs.kernel.api.ProxyInfo;
import org.dvs.kernel.internal.ipc.KernelCore;
import org.dvs.proxy.api.ProxyLink;
import org.dvs.proxy.internal.config.ProxyConfig;
import org.dvs.registry.api.LocalKernel;
import org.dvs.testkit.Configured;
import org.dvs.testkit.ImmediateCluster;
import org.dvs.transport.api.Tls;
import org.dvs.transport.netty.internal.TransportComponent;

/** A node in this JVM: kernel, transport and proxies as they are shipped, joined by a block file. */
final class TestNode implements AutoCloseable, LocalKernel {
    static final int DC = 0;
    static final long WAIT_MS = 20_000;

    final int id;
    final KernelCore kernel;
    final TransportComponent transport;
    final ImmediateCluster cluster;
    private final ScheduledThreadPoolExecutor executor = new ScheduledThreadPoolExecutor(2);
    private final Path etc;
    private final Map<String, Object> settings = new HashMap<>();
    private final Drained drained = new Drained();
    private Tls tls = Tls.NONE;
    ProxyComponent proxies;

    /** @param file what its block file says */
    TestNode(Path folder, int id, String file) throws Exception {
        this(folder, id, file, DvsParameters.DEFAULT, Map.of());
    }

    /** @param limits settings of its transport */
    TestNode(Path folder, int id, String file, DvsParameters parameters, Map<String, Object> limits) throws Exception {
        this.id = id;
        cluster = new ImmediateCluster(new Member(id, "node" + id), true);
        etc = Files.createDirectories(folder.resolve("node" + id));
        Files.writeString(etc.resolve("proxies.conf"), file);
        executor.setRemoveOnCancelPolicy(true);
        kernel = new KernelCore(System::currentTimeMillis, (ms, task) -> {
            var due = executor.schedule(task, ms, TimeUnit.MILLISECONDS);
            return () -> due.cancel(false);
        }, executor, (int) ProcessHandle.current().pid());
        kernel.dvsInit(id, "node" + id, parameters);
        kernel.dcInit(DcSettings.of(DC, "dc0", parameters));
        Map<String, Object> all = new HashMap<>(Map.of("spinMicros", 0, "threads", 2));
        all.putAll(limits);
        transport = Configured.component(TransportComponent.class, all);
    }

    /** Connects with TLS as a node of the cluster whose certificate this is. */
    TestNode as(Identity identity) {
        transport.setIdentity(identity);
        tls = Tls.CLUSTER;
        return this;
    }

    TestNode set(String key, Object value) {
        settings.put(key, value);
        return this;
    }

    TestNode start() throws Exception {
        proxies = new ProxyComponent(transport, cluster, this, new BlockFilesComponent(), etc,
                Configured.settings(ProxyConfig.class, settings), tls, drained);
        transport.addProtocol(proxies);
        return this;
    }

    /** An editor's change of the block file; the node finds it by itself. */
    void edit(String from, String to) throws IOException {
        Path file = etc.resolve("proxies.conf");
        String before = Files.readString(file);
        Path next = etc.resolve("proxies.conf.new");
        Files.writeString(next, before.replace(from, to));
        Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
    }

    /** As when the bundle stops. */
    void stop() throws Exception {
        transport.removeProtocol(proxies);
        proxies.stop();
    }

    @Override
    public Kernel get() {
        return kernel;
    }

    /** What the registry does when a pair was bound. */
    @Override
    public CompletableFuture<Void> align() {
        try {
            List<Integer> known = kernel.nodes().stream().map(NodeInfo::id).toList();
            for (ProxyInfo pair : kernel.proxies()) {
                if (!known.contains(pair.id())) {
                    kernel.nodeUp(pair.name(), pair.id(), pair.id());
                    kernel.addNode(DC, pair.id());
                }
            }
            return CompletableFuture.completedFuture(null);
        } catch (DvsException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    ProxyLink link(int peer) throws Exception {
        return proxies.links().get(WAIT_MS, TimeUnit.MILLISECONDS).stream().filter(link -> link.proxyId() == peer).findFirst()
                .orElseThrow();
    }

    @Override
    public void close() throws Exception {
        if (proxies != null) {
            proxies.stop();
        }
        transport.stop();
        executor.shutdownNow();
    }
}
