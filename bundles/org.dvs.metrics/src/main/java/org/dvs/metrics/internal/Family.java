package org.dvs.metrics.internal;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.dvs.api.metrics.Metric;

/**
 * A metric and its series at one moment.
 *
 * @param series label values to the value, a {@link Double} or a {@link org.dvs.api.metrics.Histogram.Snapshot}
 */
record Family(Metric metric, Map<List<String>, Object> series) {
    Family(Metric metric) {
        this(metric, new LinkedHashMap<>());
    }
}
