package org.dvs.registry.internal.migration;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

import org.dvs.api.DvsException;
import org.dvs.cluster.api.Member;
import org.dvs.kernel.api.BindKind;
import org.dvs.kernel.api.DcSettings;
import org.dvs.kernel.api.DvsParameters;
import org.dvs.kernel.api.Endpoint;
import org.dvs.kernel.api.EndpointNumbers;
import org.dvs.kernel.internal.ipc.KernelCore;
import org.dvs.registry.internal.Caretaker;
import org.dvs.registry.internal.DvsTable;
import org.dvs.registry.internal.Refresh;
import org.dvs.registry.internal.dc.DcTable;
import org.dvs.testkit.ImmediateCluster;
import org.dvs.testkit.KernelLoopback;

/** Three nodes in one JVM: a kernel each, joined by pairs that carry commands as bytes, and a registry each; one DC on all. */
final class ThreeKernels implements AutoCloseable {
    static final int DC = 3;
    static final int COUNT = 3;
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final DvsParameters DVS = DvsParameters.DEFAULT;
    private static final Member[] MEMBERS = {new Member(0, "node0"), new Member(1, "node1"), new Member(2, "node2")};

    private final ScheduledThreadPoolExecutor executor = new ScheduledThreadPoolExecutor(2);
    private final List<AutoCloseable> closed = new ArrayList<>();
    private final List<KernelCore> kernels = new ArrayList<>();
    private final List<KernelLoopback> links = new ArrayList<>();
    private final List<MigrationTable> tables = new ArrayList<>();
    final ImmediateCluster cluster = new ImmediateCluster();

    ThreeKernels() throws Exception {
        executor.setRemoveOnCancelPolicy(true);
        cluster.members(true, MEMBERS[1], MEMBERS[2]);
        for (Member member : MEMBERS) {
            new DvsTable(cluster.state(), member, System::nanoTime).init(DVS, LIMIT);
            new DcTable(cluster.state(), member,
                    new Refresh(cluster.state(), member, () -> CompletableFuture.completedFuture(null), System::nanoTime),
                    System::nanoTime, () -> 1).init(DcSettings.of(DC, "web", DVS), "r", LIMIT);
            kernels.add(kernel(member));
        }
        for (int a = 0; a < COUNT; a++) {
            for (int b = a + 1; b < COUNT; b++) {
                KernelLoopback link = KernelLoopback.join(kernels.get(a), kernels.get(b)).start();
                KernelLoopback.members(DC, kernels.get(a), kernels.get(b));
                links.add(link);
                closed.add(link);
            }
        }
        for (Member member : MEMBERS) {
            tables.add(registry(member));
        }
    }

    private KernelCore kernel(Member member) throws DvsException {
        KernelCore kernel = new KernelCore(System::currentTimeMillis, (ms, task) -> {
            var due = executor.schedule(task, ms, TimeUnit.MILLISECONDS);
            return () -> due.cancel(false);
        }, executor, 100 + member.id());
        kernel.dvsInit(member.id(), member.name(), DVS);
        kernel.dcInit(DcSettings.of(DC, "web", DVS));
        return kernel;
    }

    private MigrationTable registry(Member member) {
        int session = 1_000 + member.id();
        Caretaker[] self = new Caretaker[1];
        MigrationCare care = new MigrationCare(cluster.state(), member, cluster::view, () -> Optional.of(kernel(member.id())),
                session, System::nanoTime, delay -> self[0].pokeAfter(delay));
        self[0] = new Caretaker("test-registry-" + member.name(), care);
        closed.add(cluster.state().watch("", (key, entry) -> self[0].poke()));
        closed.add(self[0]::close);
        return new MigrationTable(cluster.state(), member, cluster::view, session, System::nanoTime);
    }

    KernelCore kernel(int node) {
        return kernels.get(node);
    }

    MigrationTable table(int node) {
        return tables.get(node);
    }

    /** Of the two nodes. */
    KernelLoopback link(int a, int b) {
        return links.get(a + b - 1);
    }

    /** A program of a node, which all others know to be there. */
    Endpoint bind(int node, int endpoint) throws DvsException {
        Endpoint bound = kernel(node).bind(DC, endpoint, "p" + endpoint, BindKind.SELF, EndpointNumbers.LOCALNODE);
        for (int other = 0; other < COUNT; other++) {
            if (other != node) {
                kernel(other).rmtbind(DC, endpoint, "p" + endpoint, node);
            }
        }
        return bound;
    }

    /** A program that may move between two nodes: at the first, with a stand-by at the second; the third has a stub. */
    List<Endpoint> bindMovable(int endpoint, int node, int standBy) throws DvsException {
        Endpoint primary = kernel(node).bind(DC, endpoint, "p" + endpoint, BindKind.SELF, EndpointNumbers.LOCALNODE);
        Endpoint backup = kernel(standBy).bind(DC, endpoint, "p" + endpoint, BindKind.BACKUP, node);
        kernel(COUNT - node - standBy).rmtbind(DC, endpoint, "p" + endpoint, node);
        return List.of(primary, backup);
    }

    @Override
    public void close() throws Exception {
        for (KernelCore kernel : kernels) {
            kernel.dvsEnd();
        }
        for (AutoCloseable each : closed) {
            each.close();
        }
        executor.shutdownNow();
    }
}
