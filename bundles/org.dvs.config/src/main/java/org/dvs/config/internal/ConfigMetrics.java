package org.dvs.config.internal;

import java.util.List;

import org.dvs.api.metrics.Metric;
import org.dvs.api.metrics.MetricSource;
import org.dvs.config.api.ConfigStatus;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** What became of the files of this node's configuration. */
@Component
public final class ConfigMetrics implements MetricSource {
    private static final Metric RELOADS = Metric.counter("dvs_config_reloads_total",
            "Files of the configuration that were checked, and taken or rejected.", "outcome");
    private static final Metric PROBLEMS = Metric.gauge("dvs_config_problems", "Faults that the configuration has now.");
    private static final Metric HASH = Metric.info("dvs_config_hash_info",
            "SHA-256 over all settings taken: equal on nodes that are set alike.", "hash");

    private final ConfigStatus status;

    @Activate
    public ConfigMetrics(@Reference ConfigStatus status) {
        this.status = status;
    }

    @Override
    public List<Metric> metrics() {
        return List.of(RELOADS, PROBLEMS, HASH);
    }

    @Override
    public void read(Sink sink) {
        sink.put(RELOADS, status.accepted(), "accepted");
        sink.put(RELOADS, status.rejected(), "rejected");
        sink.put(PROBLEMS, status.problems().size());
        sink.put(HASH, 1, status.hash());
    }
}
