package org.dvs.benchmark;

import java.lang.annotation.Annotation;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import org.dvs.agent.host.internal.CommandHandler;
import org.dvs.agent.host.internal.DfHandler;
import org.dvs.agent.host.internal.HostConfig;
import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.api.dispatch.Dispatcher;
import org.dvs.api.security.Audit;
import org.dvs.api.security.AuditEntry;
import org.dvs.cluster.jgroups.internal.engine.Engine;
import org.dvs.cluster.jgroups.internal.engine.Settings;
import org.dvs.dispatcher.internal.DispatcherService;
import org.dvs.dispatcher.internal.HandlerCatalogue;
import org.dvs.dispatcher.internal.Witness;
import org.dvs.kernel.api.Kernel;
import org.dvs.registry.api.LocalKernel;
import org.dvs.security.internal.identity.NodeIdentity;
import org.dvs.security.internal.keys.KeyFolder;
import org.dvs.testkit.EveryAccount;

/** A node without a container: engine, dispatcher and host agent, wired by hand. */
final class LightNode implements AutoCloseable {
    private static final long JOIN_MS = 120_000;
    private static final long MERGE_MS_A_NODE = 400;
    private static final long HEARTBEAT_MS_A_NODE = 1_000;
    private static final long LEAST_HEARTBEAT_MS = 10_000;
    private static final long MOST_HEARTBEAT_MS = 60_000;
    private static final long PAUSE_MS = 50;
    /** What is measured here is the way of a request, not the disk. */
    private static final Witness UNSEEN = new Witness(new Audit() {
        @Override
        public void before(AuditEntry entry) {
            // not kept
        }

        @Override
        public void after(AuditEntry entry) {
            // not kept
        }
    }, new EveryAccount());

    /** There are no DCs here. */
    private static final LocalKernel NO_DCS = new LocalKernel() {
        @Override
        public Kernel get() throws DvsException {
            throw new DvsException(ErrorCode.NOSYS, "no kernel");
        }

        @Override
        public CompletableFuture<Void> align() {
            return CompletableFuture.completedFuture(null);
        }
    };

    private final Engine engine;
    private final DispatcherService dispatcher;

    /** @param count of all nodes in this JVM */
    LightNode(Path folder, int count, InetSocketAddress address, List<InetSocketAddress> seeds, List<String> founders, Path allow)
            throws Exception {
        Path log = Files.createDirectories(folder.resolve("log"));
        // Each tells all others all the time, and all share this machine: the more there are, the less often.
        long heartbeatMs = Math.min(MOST_HEARTBEAT_MS, Math.max(LEAST_HEARTBEAT_MS, count * HEARTBEAT_MS_A_NODE));
        long mergeMs = count * MERGE_MS_A_NODE;
        Settings settings = new Settings(address.getAddress(), address.getPort(), seeds, founders, log, heartbeatMs, 5_000,
                mergeMs,
                2 * mergeMs, 60_000, 8_192, 16L << 20);
        KeyFolder keys = new KeyFolder(folder.resolve("keys"), Clock.systemUTC(), new SecureRandom());
        engine = new Engine(settings, NodeIdentity.of(keys), () -> 0L);
        HandlerCatalogue catalogue = new HandlerCatalogue();
        catalogue.add(new DfHandler(new HostSettings(allow)), 0, 1);
        catalogue.add(new CommandHandler(new HostSettings(allow), NO_DCS, null, null), 0, 2);
        dispatcher = new DispatcherService(new org.dvs.dispatcher.internal.Settings(64, 1_024, 1L << 20, 64L << 20, 128L << 20,
                256, 32L << 20, 2, 1_024, 1_024, 4, 16, 32 * 1024, 256, 1_000, 16), catalogue, UNSEEN, new SecureRandom());
        engine.start();
        dispatcher.join(engine);
    }

    Dispatcher dispatcher() {
        return dispatcher;
    }

    void awaitJoined() throws Exception {
        engine.joined().get(JOIN_MS, TimeUnit.MILLISECONDS);
    }

    void awaitMembers(int count) throws InterruptedException {
        long deadline = System.nanoTime() + JOIN_MS * 1_000_000;
        CountDownLatch never = new CountDownLatch(1);
        while (engine.view().members().size() < count) {
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException(engine.local() + " sees " + engine.view().members().size() + " of " + count);
            }
            never.await(PAUSE_MS, TimeUnit.MILLISECONDS);
        }
    }

    @Override
    public void close() {
        dispatcher.leave();
        engine.close();
    }

    /** The host agent's settings, defaults but for the allow-list. */
    private record HostSettings(Path allow) implements HostConfig {
        @Override
        public long mountDeadlineMs() {
            return 200;
        }

        @Override
        public String allowList() {
            return allow.toAbsolutePath().toString();
        }

        @Override
        public int commandsAtOnce() {
            return 8;
        }

        @Override
        public long killDelayMs() {
            return 2_000;
        }

        @Override
        public String setsid() {
            return "/usr/bin/setsid";
        }

        @Override
        public Class<? extends Annotation> annotationType() {
            return HostConfig.class;
        }
    }
}
