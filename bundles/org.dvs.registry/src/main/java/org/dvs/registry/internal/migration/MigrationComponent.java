package org.dvs.registry.internal.migration;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import org.dvs.api.DvsException;
import org.dvs.cluster.api.Cluster;
import org.dvs.cluster.api.ViewEvent;
import org.dvs.cluster.api.ViewListener;
import org.dvs.kernel.api.Kernel;
import org.dvs.registry.api.LocalKernel;
import org.dvs.registry.api.MigrationInfo;
import org.dvs.registry.api.Migrations;
import org.dvs.registry.internal.Caretaker;
import org.dvs.registry.internal.Hearing;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Has migrations carried on, on a thread of its own, whenever something about them or the cluster changes. */
@Component(service = {Migrations.class, ViewListener.class}, immediate = true)
public final class MigrationComponent implements Migrations, ViewListener {
    private static final Logger LOG = LoggerFactory.getLogger(MigrationComponent.class);

    private final MigrationTable table;
    private final Caretaker caretaker;
    private final List<AutoCloseable> watches = new ArrayList<>();

    @Activate
    public MigrationComponent(@Reference Cluster cluster, @Reference LocalKernel kernel) {
        long session = cluster.incarnation() ^ System.nanoTime();
        table = new MigrationTable(cluster.state(), cluster.local(), cluster::view, session, System::nanoTime);
        MigrationCare care = new MigrationCare(cluster.state(), cluster.local(), cluster::view, () -> kernel(kernel), session,
                System::nanoTime, this::later);
        Hearing hearing = new Hearing(cluster.state());
        caretaker = new Caretaker("dvs-registry-migration-1", () -> {
            hearing.once();
            care.run();
        });
        for (String prefix : List.of(MigrationRecords.ALL, "dvs/node/", "dc/id/")) {
            watches.add(cluster.state().watch(prefix, (key, entry) -> caretaker.poke()));
        }
        cluster.joined().whenComplete((view, why) -> caretaker.poke());
    }

    private static Optional<Kernel> kernel(LocalKernel local) {
        try {
            return Optional.of(local.get());
        } catch (DvsException e) {
            return Optional.empty();
        }
    }

    private void later(Duration delay) {
        caretaker.pokeAfter(delay);
    }

    @Override
    public void happened(ViewEvent event) {
        table.viewChanged();
        caretaker.poke();
    }

    @Override
    public void start(int dcid, int endpoint, int target, String request, Duration keep, Duration limit)
            throws DvsException, InterruptedException {
        table.start(dcid, endpoint, target, request, keep, limit);
    }

    @Override
    public void commit(int dcid, int endpoint, int pid, String request, Duration limit)
            throws DvsException, InterruptedException {
        table.commit(dcid, endpoint, pid, request, limit);
    }

    @Override
    public void rollback(int dcid, int endpoint, String request, Duration limit) throws DvsException, InterruptedException {
        table.rollback(dcid, endpoint, request, limit);
    }

    @Override
    public void move(int dcid, int endpoint, int target, int pid, String request, Duration limit)
            throws DvsException, InterruptedException {
        table.move(dcid, endpoint, target, pid, request, limit);
    }

    @Override
    public List<MigrationInfo> all() throws DvsException {
        return table.all();
    }

    @Deactivate
    void stop() {
        for (AutoCloseable watch : watches) {
            try {
                watch.close();
            } catch (Exception e) {
                LOG.warn("a watch of the agreed state did not end", e);
            }
        }
        caretaker.close();
    }
}
