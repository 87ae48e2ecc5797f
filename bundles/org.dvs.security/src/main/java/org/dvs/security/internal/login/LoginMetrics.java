package org.dvs.security.internal.login;

import java.util.List;

import org.dvs.api.metrics.Metric;
import org.dvs.api.metrics.MetricSource;

/** How many logins were refused, by password and token, on all faces. */
final class LoginMetrics implements MetricSource {
    private static final Metric FAILURES = Metric.counter("dvs_auth_failures_total",
            "Logins that were refused, by what was wrong, or because there were too many tries.", "cause");

    private final Refusals refusals;

    LoginMetrics(Refusals refusals) {
        this.refusals = refusals;
    }

    @Override
    public List<Metric> metrics() {
        return List.of(FAILURES);
    }

    @Override
    public void read(Sink sink) {
        for (Refusals.Cause cause : Refusals.Cause.values()) {
            sink.put(FAILURES, refusals.count(cause), cause.word());
        }
    }
}
