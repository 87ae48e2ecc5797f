package org.dvs.api.metrics;

import java.util.List;

import org.osgi.annotation.versioning.ConsumerType;

/**
 * Metrics of a bundle. An OSGi service (whiteboard): its series are there exactly while it is. It counts as it likes, where it
 * works; reading is the scrape's affair, so a metric that nobody reads costs no more than its counter.
 */
@ConsumerType
public interface MetricSource {

    /** All that {@link #read} may give, always the same. */
    List<Metric> metrics();

    /**
     * Gives the values as they are now. Called on threads of the HTTP server, several at once; all sources together have 100 ms,
     * so it waits for nothing longer than 30 ms. A source that throws is counted and logged, the others are read all the same.
     */
    void read(Sink sink);

    /** Takes values. Each set of label values once; what is beyond the limit of series is dropped and counted. */
    interface Sink {
        /**
         * @param metric one of {@link #metrics}, no histogram
         * @param labels values, as many as the metric has labels; null counts as empty
         */
        void put(Metric metric, double value, String... labels);

        /** @param metric one of {@link #metrics}, a histogram */
        void put(Metric metric, Histogram.Snapshot value, String... labels);
    }
}
