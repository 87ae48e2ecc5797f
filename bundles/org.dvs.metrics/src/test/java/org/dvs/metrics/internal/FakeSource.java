package org.dvs.metrics.internal;

import java.util.List;
import java.util.function.Consumer;

import org.dvs.api.metrics.Metric;
import org.dvs.api.metrics.MetricSource;

/** Says what it is told to say. */
record FakeSource(List<Metric> metrics, Consumer<Sink> values) implements MetricSource {
    @Override
    public void read(Sink sink) {
        values.accept(sink);
    }
}
