package org.dvs.registry.internal;

import java.nio.file.Path;
import java.time.Duration;

import org.dvs.api.DvsException;
import org.dvs.api.request.RowSink;
import org.dvs.cluster.api.Cluster;
import org.dvs.cluster.api.ViewEvent;
import org.dvs.cluster.api.ViewListener;
import org.dvs.kernel.api.DvsParameters;
import org.dvs.kernel.api.Kernel;
import org.dvs.registry.api.Dvs;
import org.dvs.registry.api.DvsInfo;
import org.dvs.registry.api.LocalKernel;
import org.dvs.registry.internal.kernel.Taken;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.Designate;

/** Puts table, events and journal into a container. */
@Component(configurationPid = "org.dvs.registry", service = {Dvs.class, ViewListener.class, RegistryState.class},
        immediate = true)
@Designate(ocd = RegistryConfig.class)
public final class RegistryComponent implements Dvs, ViewListener, RegistryState {
    private final Cluster cluster;
    private final LocalKernel kernel;
    private final DvsTable table;
    private final Journal journal;
    private final Events events;
    private final Path scripts;

    @Activate
    public RegistryComponent(@Reference Cluster cluster, @Reference LocalKernel kernel, BundleContext context,
            RegistryConfig config) {
        this.cluster = cluster;
        this.kernel = kernel;
        table = new DvsTable(cluster, System::nanoTime);
        journal = new Journal(config.journalSize());
        String etc = context.getProperty("karaf.etc");
        scripts = Path.of(etc == null ? "etc" : etc, "scripts");
        events = new Events(cluster, ScriptPlan.of(config), runner(config), journal, config.queueSize(),
                kernel::align, System::currentTimeMillis);
    }

    /** All but the length of the queue counts at once; the journal is kept. */
    @Modified
    void modified(RegistryConfig config) {
        journal.resize(config.journalSize());
        events.configure(ScriptPlan.of(config), runner(config));
    }

    private ScriptRunner runner(RegistryConfig config) {
        return new ScriptRunner(scripts, config.maxOutputBytes(), System::nanoTime);
    }

    @Deactivate
    void stop() {
        events.close();
    }

    @Override
    public int init(DvsParameters parameters, Duration limit) throws DvsException, InterruptedException {
        long start = System.nanoTime();
        int id = table.init(parameters, limit);
        Taken.by(kernel, there -> parameters.equals(dvsOf(there)), left(start, limit));
        return id;
    }

    @Override
    public DvsInfo info(Duration limit) throws DvsException, InterruptedException {
        return table.info(limit);
    }

    @Override
    public void end(Duration limit) throws DvsException, InterruptedException {
        long start = System.nanoTime();
        table.end(limit);
        Taken.by(kernel, there -> dvsOf(there) == null, left(start, limit));
    }

    private static DvsParameters dvsOf(Kernel kernel) {
        try {
            return kernel.dvs();
        } catch (DvsException e) {
            return null;
        }
    }

    private static Duration left(long start, Duration limit) {
        return limit.minusNanos(System.nanoTime() - start);
    }

    @Override
    public void happened(ViewEvent event) {
        events.happened(event);
    }

    @Override
    public Cluster cluster() {
        return cluster;
    }

    @Override
    public DvsTable table() {
        return table;
    }

    @Override
    public void events(RowSink rows, int count) throws DvsException {
        journal.into(rows, count);
    }

    @Override
    public long eventCount() {
        return journal.count();
    }

    @Override
    public long scriptFailures() {
        return journal.failures();
    }
}
