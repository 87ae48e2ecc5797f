package org.dvs.cluster.jgroups.internal.osgi;

import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

import org.dvs.api.metrics.Metric;
import org.dvs.api.metrics.MetricSource;
import org.dvs.cluster.api.AgreedState;
import org.dvs.cluster.api.View;
import org.dvs.cluster.api.ViewEvent;
import org.dvs.cluster.api.ViewListener;
import org.dvs.cluster.jgroups.internal.agree.LogFigures;
import org.dvs.cluster.jgroups.internal.engine.Engine;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Members, views, and the agreed log. */
@Component(service = {MetricSource.class, ViewListener.class})
public final class ClusterMetrics implements MetricSource, ViewListener {
    private static final Metric MEMBERS = Metric.gauge("dvs_cluster_members", "Nodes in this node's view, itself included.");
    private static final Metric REGISTERED = Metric.gauge("dvs_cluster_nodes", "Nodes that are registered, in the view or not.");
    private static final Metric VIEW = Metric.gauge("dvs_cluster_view_id", "Number of this node's view.");
    private static final Metric CHANGES = Metric.counter("dvs_cluster_view_changes_total",
            "Changes of the view, by what happened.", "cause");
    private static final Metric QUORUM = Metric.gauge("dvs_cluster_quorum",
            "1 if the view has a majority of the voters, else 0.");
    private static final Metric MERGES = Metric.counter("dvs_cluster_merges_total",
            "Parts of the cluster that met again, by whether the majority is in the new view.", "outcome");
    private static final Metric DROPPED = Metric.counter("dvs_cluster_dropped_total",
            "Messages of other nodes that were not taken: in a foreign name, broken, for no receiver, or about another log.",
            "cause");
    private static final Metric LEADER = Metric.gauge("dvs_log_leader", "1 on the node that leads the agreed log, else 0.");
    private static final Metric LED = Metric.gauge("dvs_log_has_leader",
            "1 if this node knows who leads the agreed log, else 0.");
    private static final Metric TERM = Metric.gauge("dvs_log_term", "Term of the agreed log; a new one with each election.");
    private static final Metric COMMITTED = Metric.gauge("dvs_log_committed_entries", "Entries that are agreed, ever since.");
    private static final Metric LAST = Metric.gauge("dvs_log_entries", "Entries that this node has, ever since.");
    private static final Metric DURABLE = Metric.gauge("dvs_log_durable_entries",
            "Entries that are safe on this node's disk, ever since.");
    private static final Metric BYTES = Metric.gauge("dvs_log_bytes", "Size of the agreed log's files.");
    private static final Metric AGE = Metric.gauge("dvs_state_age_seconds",
            "Time since this node last knew that it had all that was agreed; +Inf if it never did.");
    private static final String PRIMARY = "primary";
    private static final String MINORITY = "minority";
    private static final Map<String, String> CAUSES = Map.of("impersonated", "impersonated", "brokenFrames", "broken",
            "undeliverable", "undeliverable", "otherLogs", "otherlog");

    private final ClusterComponent cluster;
    private final Map<ViewEvent.Kind, LongAdder> changes = new EnumMap<>(ViewEvent.Kind.class);
    private final Map<String, LongAdder> merges = Map.of(PRIMARY, new LongAdder(), MINORITY, new LongAdder());

    @Activate
    public ClusterMetrics(@Reference ClusterComponent cluster) {
        this.cluster = cluster;
        for (ViewEvent.Kind kind : ViewEvent.Kind.values()) {
            changes.put(kind, new LongAdder());
        }
    }

    @Override
    public void happened(ViewEvent event) {
        changes.get(event.kind()).increment();
        if (event.kind() == ViewEvent.Kind.MERGE) {
            merges.get(event.after().primary() ? PRIMARY : MINORITY).increment();
        }
    }

    @Override
    public List<Metric> metrics() {
        return List.of(MEMBERS, REGISTERED, VIEW, CHANGES, QUORUM, MERGES, DROPPED, LEADER, LED, TERM, COMMITTED, LAST, DURABLE,
                BYTES, AGE);
    }

    @Override
    public void read(Sink sink) {
        Engine engine = cluster.engine();
        View view = engine.view();
        sink.put(MEMBERS, view.members().size());
        sink.put(REGISTERED, engine.nodes().size());
        sink.put(VIEW, view.id());
        sink.put(QUORUM, view.primary() ? 1 : 0);
        changes.forEach((kind, count) -> sink.put(CHANGES, count.sum(), kind.name().toLowerCase(Locale.ROOT)));
        merges.forEach((outcome, count) -> sink.put(MERGES, count.sum(), outcome));
        Map<String, Long> dropped = engine.counters();
        CAUSES.forEach((counter, cause) -> sink.put(DROPPED, dropped.get(counter), cause));
        String leader = engine.leader().orElse("");
        sink.put(LEADER, leader.equals(engine.local().name()) ? 1 : 0);
        sink.put(LED, leader.isEmpty() ? 0 : 1);
        LogFigures log = engine.log();
        sink.put(TERM, log.term());
        sink.put(COMMITTED, log.committed());
        sink.put(LAST, log.last());
        sink.put(DURABLE, log.durable());
        sink.put(BYTES, log.bytes());
        Duration age = engine.state().age();
        sink.put(AGE, age.equals(AgreedState.NEVER) ? Double.POSITIVE_INFINITY : age.toMillis() / 1e3);
    }
}
