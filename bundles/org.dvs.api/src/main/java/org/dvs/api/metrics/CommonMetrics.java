package org.dvs.api.metrics;

/** What more than one bundle offers, each with its own label values. */
public final class CommonMetrics {
    /**
     * Calls, messages and connections that a full queue or a limit refused; the label tells which, e.g. {@code
     * transport_connections}.
     */
    public static final Metric LIMIT_REJECTIONS =
            Metric.counter("dvs_limit_rejections_total", "What was refused because a limit was reached.", "limit");

    private CommonMetrics() {
    }
}
