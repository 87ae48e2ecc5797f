package org.dvs.metrics.internal;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.LongAdder;

import org.dvs.api.metrics.Metric;
import org.dvs.api.metrics.MetricSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Holds the sources there are, and reads them. What it says of itself comes last, to be about the same scrape. Thread-safe.
 */
final class Scraper {
    /** Of one node. Source: conventions 7. */
    static final int MAX_SERIES = 10_000;

    private static final Logger LOG = LoggerFactory.getLogger(Scraper.class);
    private static final Metric SERIES = Metric.gauge("dvs_scrape_series", "Series that this scrape holds.");
    private static final Metric DROPPED = Metric.gauge("dvs_scrape_dropped_series",
            "Series that this scrape does not hold, because they are beyond the limit or came twice.");
    private static final Metric FAILURES = Metric.counter("dvs_scrape_failures_total",
            "Sources of metrics that could not be read.");
    private static final Metric DURATION = Metric.gauge("dvs_scrape_duration_seconds",
            "Time that it took to read all sources, without sending.");

    private final List<MetricSource> sources = new CopyOnWriteArrayList<>();
    private final LongAdder failures = new LongAdder();
    /** So that a source that fails at each scrape has one line in the log. */
    private final Set<MetricSource> failing = ConcurrentHashMap.newKeySet();

    void add(MetricSource source) {
        sources.add(source);
    }

    void remove(MetricSource source) {
        sources.remove(source);
        failing.remove(source);
    }

    /** Never fails: what cannot be read is left out, counted and logged. */
    Collection<Family> scrape() {
        long start = System.nanoTime();
        Scrape scrape = new Scrape(MAX_SERIES);
        Collection<MetricSource> all = new ArrayList<>(sources);
        for (MetricSource source : all) {
            try {
                scrape.read(source);
                failing.remove(source);
            } catch (RuntimeException | LinkageError e) {
                failures.increment();
                if (failing.add(source)) {
                    LOG.warn("The metrics of {} cannot be read", source.getClass().getName(), e);
                }
                if (!sources.contains(source)) {
                    failing.remove(source);
                }
            }
        }
        Scrape itself = new Scrape(Integer.MAX_VALUE);
        itself.read(new MetricSource() {
            @Override
            public List<Metric> metrics() {
                return List.of(SERIES, DROPPED, FAILURES, DURATION);
            }

            @Override
            public void read(Sink sink) {
                sink.put(SERIES, scrape.series());
                sink.put(DROPPED, scrape.dropped());
                sink.put(FAILURES, failures.sum());
                sink.put(DURATION, (System.nanoTime() - start) / 1e9);
            }
        });
        List<Family> families = new ArrayList<>(scrape.families());
        families.addAll(itself.families());
        return families;
    }
}
