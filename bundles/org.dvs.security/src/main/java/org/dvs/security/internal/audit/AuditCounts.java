package org.dvs.security.internal.audit;

import java.util.List;
import java.util.concurrent.atomic.LongAdder;

import org.dvs.api.metrics.Metric;
import org.dvs.api.metrics.MetricSource;
import org.dvs.api.security.AuditEntry;

/** How many lines the audit has taken since this bundle started. Thread-safe. */
final class AuditCounts implements MetricSource {
    private static final Metric EVENTS = Metric.counter("dvs_audit_events_total",
            "Steps of requests that the audit took, allowed or refused, and those that it could not keep.", "outcome");

    private final LongAdder allowed = new LongAdder();
    private final LongAdder refused = new LongAdder();
    private final LongAdder lost = new LongAdder();

    void taken(AuditEntry entry) {
        (entry.allowed() ? allowed : refused).increment();
    }

    void lost() {
        lost.increment();
    }

    @Override
    public List<Metric> metrics() {
        return List.of(EVENTS);
    }

    @Override
    public void read(Sink sink) {
        sink.put(EVENTS, allowed.sum(), "allowed");
        sink.put(EVENTS, refused.sum(), "refused");
        sink.put(EVENTS, lost.sum(), "lost");
    }
}
