package org.dvs.dispatcher.internal;

import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;

import org.dvs.api.DvsException;
import org.dvs.api.dispatch.Dispatcher;
import org.dvs.api.dispatch.Job;
import org.dvs.api.dispatch.JobListener;
import org.dvs.api.dispatch.NodeDirectory;
import org.dvs.api.dispatch.Order;
import org.dvs.api.dispatch.Plan;
import org.dvs.api.metrics.Metric;
import org.dvs.api.metrics.MetricSource;
import org.dvs.api.security.Accounts;
import org.dvs.api.security.Audit;
import org.dvs.cluster.api.Cluster;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.osgi.service.metatype.annotations.Designate;

/**
 * Cluster, names and settings may change while the dispatcher stays: its users keep their service, and its jobs stay known.
 * Without audit and accounts there is no dispatcher.
 */
@Component(configurationPid = Config.PID)
@Designate(ocd = Config.class)
public final class DispatcherComponent implements Dispatcher, MetricSource {
    private final DispatcherService service;
    private final DispatcherMetrics metrics;

    @Activate
    public DispatcherComponent(@Reference HandlerCatalogue catalogue, @Reference Audit audit, @Reference Accounts accounts,
                               Config config) {
        service = new DispatcherService(Settings.of(config), catalogue, new Witness(audit, accounts), new SecureRandom());
        metrics = new DispatcherMetrics(service);
    }

    @Modified
    void modified(Config config) {
        service.configure(Settings.of(config));
    }

    @Deactivate
    void deactivate() {
        service.leave();
    }

    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void bindCluster(Cluster cluster) {
        service.join(cluster);
    }

    void unbindCluster(Cluster cluster) {
        service.leave(cluster);
    }

    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void bindDirectory(NodeDirectory directory) {
        service.use(directory);
    }

    void unbindDirectory(NodeDirectory directory) {
        if (service.directory() == directory) {
            service.use(null);
        }
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
    public Plan plan(Order order) throws DvsException {
        return service.plan(order);
    }

    @Override
    public Job dispatch(Order order, JobListener listener) throws DvsException {
        return service.dispatch(order, listener);
    }

    @Override
    public Optional<Job> job(String id) {
        return service.job(id);
    }

    @Override
    public List<Job> jobs() {
        return service.jobs();
    }

    @Override
    public Job retry(String jobId, Order order, JobListener listener) throws DvsException {
        return service.retry(jobId, order, listener);
    }
}
