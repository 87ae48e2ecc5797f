package org.dvs.metrics.internal;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

import org.dvs.api.metrics.Histogram;
import org.dvs.api.metrics.Metric;
import org.dvs.api.metrics.MetricSource;

/** Reads sources, one after another, and keeps what they give as far as it is in order. For one thread, used once. */
final class Scrape {
    /** Longest value of a label; longer ones are cut. */
    static final int LABEL_CHARS = 128;

    private static final int HISTOGRAM_SERIES = Histogram.BOUNDS.size() + 3;

    private final int maxSeries;
    private final SortedMap<String, Family> families = new TreeMap<>();
    private int series;
    private int dropped;

    /** @param maxSeries that are kept; a histogram counts as one for each bucket, its sum and its count */
    Scrape(int maxSeries) {
        this.maxSeries = maxSeries;
    }

    /** @throws RuntimeException what the source throws, or because it gives what it did not declare; what came before is kept */
    void read(MetricSource source) {
        Set<Metric> declared = new HashSet<>();
        for (Metric metric : source.metrics()) {
            Family family = families.computeIfAbsent(metric.name(), name -> new Family(metric));
            if (!family.metric().equals(metric)) {
                throw new IllegalArgumentException(metric + " is offered by another bundle as " + family.metric());
            }
            declared.add(metric);
        }
        source.read(new Keep(declared));
    }

    /** By name; those declared of which nobody gave a value too. */
    Collection<Family> families() {
        return families.values();
    }

    int series() {
        return series;
    }

    /** Series beyond the limit, and those given twice. */
    int dropped() {
        return dropped;
    }

    private final class Keep implements MetricSource.Sink {
        private final Set<Metric> declared;

        Keep(Set<Metric> declared) {
            this.declared = declared;
        }

        @Override
        public void put(Metric metric, double value, String... labels) {
            keep(metric, metric.type() != Metric.Type.HISTOGRAM, 1, value, labels);
        }

        @Override
        public void put(Metric metric, Histogram.Snapshot value, String... labels) {
            keep(metric, metric.type() == Metric.Type.HISTOGRAM, HISTOGRAM_SERIES, value, labels);
        }

        private void keep(Metric metric, boolean fits, int size, Object value, String... labels) {
            if (!declared.contains(metric) || !fits || labels.length != metric.labels().size()) {
                throw new IllegalArgumentException(
                        metric.name() + " was not declared so: " + String.join(",", labels) + ' ' + value);
            }
            List<String> values = new ArrayList<>(labels.length);
            for (String label : labels) {
                values.add(label == null ? "" : label.substring(0, Math.min(LABEL_CHARS, label.length())));
            }
            if (series + size > maxSeries || families.get(metric.name()).series().putIfAbsent(values, value) != null) {
                dropped++;
            } else {
                series += size;
            }
        }
    }
}
