package org.dvs.testkit;

import java.util.Map;
import java.util.TreeMap;

import org.dvs.api.metrics.Histogram;
import org.dvs.api.metrics.Metric;
import org.dvs.api.metrics.MetricSource;

/** What a source of metrics says, read once. What it did not declare, or says twice, is an {@link AssertionError}. */
public final class Measured implements MetricSource.Sink {
    private final MetricSource source;
    private final Map<String, Double> values = new TreeMap<>();

    private Measured(MetricSource source) {
        this.source = source;
    }

    /** @return {@code name{value,value}} to the value; of a histogram to its count */
    public static Map<String, Double> of(MetricSource source) {
        Measured measured = new Measured(source);
        source.read(measured);
        return measured.values;
    }

    @Override
    public void put(Metric metric, double value, String... labels) {
        keep(metric, metric.type() != Metric.Type.HISTOGRAM, value, labels);
    }

    @Override
    public void put(Metric metric, Histogram.Snapshot value, String... labels) {
        keep(metric, metric.type() == Metric.Type.HISTOGRAM, value.count(), labels);
    }

    private void keep(Metric metric, boolean fits, double value, String... labels) {
        if (!fits || !source.metrics().contains(metric) || labels.length != metric.labels().size()) {
            throw new AssertionError(metric + " was not declared so");
        }
        if (values.put(metric.name() + (labels.length == 0 ? "" : "{" + String.join(",", labels) + "}"), value) != null) {
            throw new AssertionError(metric.name() + " comes twice for " + String.join(",", labels));
        }
    }
}
