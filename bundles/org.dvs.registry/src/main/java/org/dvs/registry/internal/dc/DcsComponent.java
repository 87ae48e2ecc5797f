package org.dvs.registry.internal.dc;

import java.time.Duration;
import java.util.Optional;

import org.dvs.api.DvsException;
import org.dvs.cluster.api.Cluster;
import org.dvs.kernel.api.DcSettings;
import org.dvs.kernel.api.Kernel;
import org.dvs.registry.api.AgreedDc;
import org.dvs.registry.api.AgreedDcs;
import org.dvs.registry.api.Dcs;
import org.dvs.registry.api.LocalKernel;
import org.dvs.registry.internal.Refresh;
import org.dvs.registry.internal.kernel.Taken;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Changes the table of DCs, then waits for this node's kernel to follow. */
@Component(service = Dcs.class)
public final class DcsComponent implements Dcs {
    private final Dcs table;
    private final LocalKernel kernel;

    @Activate
    public DcsComponent(@Reference Cluster cluster, @Reference LocalKernel kernel) {
        this(new DcTable(cluster.state(), cluster.local(),
                new Refresh(cluster.state(), cluster.local(), cluster::joined, System::nanoTime), System::nanoTime,
                System::currentTimeMillis), kernel);
    }

    DcsComponent(Dcs table, LocalKernel kernel) {
        this.table = table;
        this.kernel = kernel;
    }

    @Override
    public void init(DcSettings settings, String request, Duration limit) throws DvsException, InterruptedException {
        long start = System.nanoTime();
        table.init(settings, request, limit);
        Taken.by(kernel, there -> runs(there, settings.dcid()), left(start, limit));
    }

    @Override
    public void end(int dcid, String request, Duration limit) throws DvsException, InterruptedException {
        long start = System.nanoTime();
        table.end(dcid, request, limit);
        Taken.by(kernel, there -> !runs(there, dcid), left(start, limit));
    }

    @Override
    public void addNode(int dcid, int nodeId, String request, Duration limit) throws DvsException, InterruptedException {
        long start = System.nanoTime();
        table.addNode(dcid, nodeId, request, limit);
        // Whether the node is in this kernel's table depends on its proxies: that is not waited for.
        Taken.by(kernel, there -> true, left(start, limit));
    }

    @Override
    public void deleteNode(int dcid, int nodeId, String request, Duration limit) throws DvsException, InterruptedException {
        long start = System.nanoTime();
        table.deleteNode(dcid, nodeId, request, limit);
        Taken.by(kernel, there -> !has(there, dcid, nodeId), left(start, limit));
    }

    @Override
    public Optional<AgreedDc> dc(int dcid, Duration limit) throws DvsException, InterruptedException {
        return table.dc(dcid, limit);
    }

    @Override
    public AgreedDcs all(Duration limit) throws DvsException, InterruptedException {
        return table.all(limit);
    }

    private static boolean runs(Kernel kernel, int dcid) {
        try {
            return kernel.dc(dcid).running();
        } catch (DvsException e) {
            return false;
        }
    }

    private static boolean has(Kernel kernel, int dcid, int nodeId) {
        try {
            return kernel.dc(dcid).nodes().get(nodeId);
        } catch (DvsException e) {
            return false;
        }
    }

    private static Duration left(long start, Duration limit) {
        return limit.minusNanos(System.nanoTime() - start);
    }
}
