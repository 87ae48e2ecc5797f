package org.dvs.benchmark;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

import org.dvs.api.DvsException;
import org.dvs.cluster.api.Member;
import org.dvs.config.internal.BlockFilesComponent;
import org.dvs.kernel.api.DvsParameters;
import org.dvs.kernel.api.Kernel;
import org.dvs.kernel.internal.ipc.KernelCore;
import org.dvs.proxy.internal.ProxyComponent;
import org.dvs.proxy.internal.config.ProxyConfig;
import org.dvs.registry.api.LocalKernel;
import org.dvs.security.internal.identity.NodeIdentity;
import org.dvs.security.internal.keys.KeyFolder;
import org.dvs.security.internal.keys.NodeName;
import org.dvs.testkit.Configured;
import org.dvs.testkit.ImmediateCluster;
import org.dvs.transport.api.Tls;
import org.dvs.transport.netty.internal.TransportComponent;

/**
 * {@code IdlePeer node|others PORT PEERS SECONDS KEYS}: node 0, which says what its idle peers cost it, or all of those, nodes 1 to
 * PEERS in one process. The folder KEYS holds those of node N as {@code N}.
 */
final class IdlePeer implements LocalKernel {
    private static final long WAIT_MS = 120_000;
    private static final double KIB = 1024;

    private final KernelCore kernel;
    private final TransportComponent transport;
    private final ImmediateCluster cluster;
    private final Path etc;
    private ProxyComponent proxies;

    private IdlePeer(ScheduledThreadPoolExecutor executor, int id, int nodes, Path keys, String file) throws Exception {
        kernel = new KernelCore(System::currentTimeMillis, (ms, task) -> {
            var due = executor.schedule(task, ms, TimeUnit.MILLISECONDS);
            return () -> due.cancel(false);
        }, executor, (int) ProcessHandle.current().pid());
        kernel.dvsInit(id, "node" + id, new DvsParameters("dvs", 1, nodes, 221, 35, 64, 65_536, 1_048_576, 0));
        cluster = new ImmediateCluster(new Member(id, "node" + id), true);
        transport = Configured.component(TransportComponent.class, Map.of("spinMicros", 0, "threads", 1));
        transport.setIdentity(NodeIdentity.of(keys(keys.resolve(Integer.toString(id)))));
        etc = Files.createTempDirectory("dvs-peers");
        Path written = Files.writeString(etc.resolve("proxies.conf"), file);
        // The folder first: what is named last is deleted first, and a folder only when it is empty.
        etc.toFile().deleteOnExit();
        written.toFile().deleteOnExit();
    }

    private static KeyFolder keys(Path folder) {
        return new KeyFolder(folder, Clock.systemUTC(), new SecureRandom());
    }

    /** Keys of a cluster of so many nodes. */
    static void issue(Path folder, int nodes) throws Exception {
        KeyFolder authority = keys(folder.resolve("authority"));
        authority.init("idle");
        for (int id = 0; id < nodes; id++) {
            authority.issue(new NodeName(id, "node" + id, List.of()), keys(folder.resolve(Integer.toString(id))));
        }
    }

    private void start(int basePort) throws Exception {
        proxies = new ProxyComponent(transport, cluster, this, new BlockFilesComponent(), etc,
                Configured.settings(ProxyConfig.class, Map.of("basePort", basePort)), Tls.CLUSTER);
        transport.addProtocol(proxies);
    }

    public static void main(String[] words) throws Exception {
        int port = Integer.parseInt(words[1]);
        int peers = Integer.parseInt(words[2]);
        Path keys = Path.of(words[4]);
        ScheduledThreadPoolExecutor executor = new ScheduledThreadPoolExecutor(1);
        if (words[0].equals("node")) {
            node(executor, port, peers, Integer.parseInt(words[3]), keys);
            System.exit(0);
        }
        for (int id = 1; id <= peers; id++) {
            new IdlePeer(executor, id, peers + 1, keys, "proxy 127.0.0.1 { proxyid 0; sport " + port + "; };\n").start(0);
        }
        System.out.println("ready all");
        new CountDownLatch(1).await();
    }

    private static void node(ScheduledThreadPoolExecutor executor, int port, int peers, int seconds, Path keys)
            throws Exception {
        StringBuilder file = new StringBuilder("node node0 { nodeid 0; baseport " + port + "; };\n");
        for (int id = 1; id <= peers; id++) {
            // Nobody listens there: the others connect.
            file.append("proxy 127.0.1.").append(id).append(" { proxyid ").append(id).append("; sport 1; };\n");
        }
        IdlePeer node = new IdlePeer(executor, 0, peers + 1, keys, file.toString());
        double before = memory();
        long residentBefore = resident();
        node.start(port);
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(WAIT_MS);
        while (node.up() < peers) {
            if (System.nanoTime() > end) {
                throw new IOException(node.up() + " of " + peers + " peers are connected after " + WAIT_MS + " ms");
            }
            new CountDownLatch(1).await(100, TimeUnit.MILLISECONDS);
        }
        double after = memory();
        long residentAfter = resident();
        long busy = Machine.processorNanos();
        long begin = System.nanoTime();
        new CountDownLatch(1).await(seconds, TimeUnit.SECONDS);
        double share = 100.0 * (Machine.processorNanos() - busy) / (System.nanoTime() - begin);
        if (node.up() < peers) {
            throw new IOException("only " + node.up() + " of " + peers + " peers have stayed");
        }
        System.out.printf(Locale.ROOT, "ready %.3f %.1f %.1f%n", share, (after - before) / KIB / peers,
                (after - before + residentAfter - residentBefore) / KIB / peers);
    }

    private long up() throws Exception {
        return proxies.links().get(WAIT_MS, TimeUnit.MILLISECONDS).stream().filter(link -> link.state().equals("up")).count();
    }

    /** Heap in use once what nobody uses is gone. */
    private static double memory() {
        System.gc();
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }

    private static long resident() throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
            if (line.startsWith("VmRSS:")) {
                return Long.parseLong(line.replaceAll("[^0-9]", "")) << 10;
            }
        }
        return 0;
    }

    @Override
    public Kernel get() {
        return kernel;
    }

    @Override
    public CompletableFuture<Void> align() {
        try {
            for (var pair : kernel.proxies()) {
                kernel.nodeUp("node" + pair.id(), pair.id(), pair.id());
            }
            return CompletableFuture.completedFuture(null);
        } catch (DvsException e) {
            return CompletableFuture.failedFuture(e);
        }
    }
}
