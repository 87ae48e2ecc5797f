package org.dvs.benchmark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

import org.dvs.api.DvsException;
import org.dvs.cluster.api.Member;
import org.dvs.config.internal.BlockFilesComponent;
import org.dvs.kernel.api.DcSettings;
import org.dvs.kernel.api.DvsParameters;
import org.dvs.kernel.api.Kernel;
import org.dvs.kernel.internal.ipc.KernelCore;
import org.dvs.proxy.internal.ProxyComponent;
import org.dvs.proxy.internal.config.ProxyConfig;
import org.dvs.registry.api.LocalKernel;
import org.dvs.testkit.Configured;
import org.dvs.testkit.ImmediateCluster;
import org.dvs.transport.api.Tls;
import org.dvs.transport.netty.internal.TransportComponent;

/**
 * A node without a container: kernel, transport and proxies as they are shipped, node 0 or node 1 of two, on loopback and without
 * TLS, as the peers that it is measured beside have none.
 */
final class ProxyNode implements LocalKernel {
    static final int DC = 0;
    /** All endpoints that are used are system processes': they may send and copy, not only ask. */
    private static final DvsParameters PARAMETERS = new DvsParameters("dvs", 1, 2, 2_000, 35, 2_014, 65_536, 1_048_576, 0);
    private static final long WAIT_MS = 20_000;

    final KernelCore kernel;
    private final int peer;
    private final ScheduledThreadPoolExecutor executor = new ScheduledThreadPoolExecutor(1);
    private final ProxyComponent proxies;

    /**
     * @param basePort both nodes'
     * @param options  of the pair's block, such as {@code batch YES;}
     * @param spin     microseconds that the loop looks for work before it sleeps
     */
    ProxyNode(int id, int basePort, String options, int spin) throws Exception {
        peer = 1 - id;
        executor.setRemoveOnCancelPolicy(true);
        kernel = new KernelCore(System::currentTimeMillis, (ms, task) -> {
            var due = executor.schedule(task, ms, TimeUnit.MILLISECONDS);
            return () -> due.cancel(false);
        }, executor, (int) ProcessHandle.current().pid());
        kernel.dvsInit(id, "node" + id, PARAMETERS);
        kernel.dcInit(DcSettings.of(DC, "dc0", PARAMETERS));
        TransportComponent transport = Configured.component(TransportComponent.class, Map.of("spinMicros", spin, "threads", 1));
        proxies = new ProxyComponent(transport, new ImmediateCluster(new Member(id, "node" + id), true), this,
                new BlockFilesComponent(), file(id, basePort, options),
                Configured.settings(ProxyConfig.class, Map.of()), Tls.NONE);
        transport.addProtocol(proxies);
    }

    private static Path file(int id, int basePort, String options) throws IOException {
        Path etc = Files.createTempDirectory("dvs-proxies");
        Path file = etc.resolve("proxies.conf");
        Files.writeString(file, "node node0 { nodeid 0; baseport " + basePort
                + "; };\nnode node1 { nodeid 1; baseport " + basePort + "; };\nproxy localhost { proxyid " + (1 - id) + "; " + options + " };\n");
        // The folder first: what is named last is deleted first, and a folder only when it is empty.
        etc.toFile().deleteOnExit();
        file.toFile().deleteOnExit();
        return etc;
    }

    /** Waits until the other node is there. */
    ProxyNode connected() throws Exception {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(WAIT_MS);
        while (!proxies.links().get(WAIT_MS, TimeUnit.MILLISECONDS).stream().anyMatch(link -> link.state().equals("up"))) {
            if (System.nanoTime() - end > 0) {
                throw new IOException("the other node is not there after " + WAIT_MS + " ms");
            }
            Thread.onSpinWait();
        }
        return this;
    }

    /** Waits until the kernel knows the other node. */
    ProxyNode paired() throws Exception {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(WAIT_MS);
        while (!kernel.dc(DC).nodes().get(peer)) {
            if (System.nanoTime() - end > 0) {
                throw new IOException("the kernel has no other node after " + WAIT_MS + " ms");
            }
            Thread.onSpinWait();
        }
        return this;
    }

    @Override
    public Kernel get() {
        return kernel;
    }

    /** What the registry does when the pair was bound. */
    @Override
    public CompletableFuture<Void> align() {
        try {
            kernel.nodeUp("node" + peer, peer, peer);
            kernel.addNode(DC, peer);
            return CompletableFuture.completedFuture(null);
        } catch (DvsException e) {
            return CompletableFuture.failedFuture(e);
        }
    }
}
