package org.dvs.api.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Names finish the sentence "a metric …". */
class MetricTest {

    @ParameterizedTest
    @CsvSource({"COUNTER, dvs_events", "COUNTER, other_total", "GAUGE, dvs_events_total", "GAUGE, dvs_build_info",
            "INFO, dvs_build",
            "HISTOGRAM, dvs_wait_millis", "GAUGE, dvs_Upper", "GAUGE, dvs__double", "GAUGE, dvs_space x"})
    void refusesANameThatDoesNotTellItsType(Metric.Type type, String name) {
        assertThrows(IllegalArgumentException.class, () -> new Metric(name, type, "Help.", List.of()));
    }

    @Test
    void refusesALabelThatMayHaveAnyValueAndOneThatComesTwice() {
        assertThrows(IllegalArgumentException.class, () -> Metric.gauge("dvs_files", "Help.", "path"));
        assertThrows(IllegalArgumentException.class, () -> Metric.gauge("dvs_files", "Help.", "node", "node"));
    }

    @Test
    void countsADurationInEachBucketThatReachesSoFar() {
        Histogram histogram = new Histogram();
        histogram.record(1, TimeUnit.MILLISECONDS);
        histogram.record(1_000_001, TimeUnit.NANOSECONDS);
        histogram.record(3, TimeUnit.SECONDS);
        histogram.record(11, TimeUnit.SECONDS);
        histogram.record(-5, TimeUnit.SECONDS);
        assertEquals(new Histogram.Snapshot(List.of(2L, 3L, 3L, 3L, 3L, 3L, 3L, 3L, 3L, 3L, 3L, 4L, 4L, 5L), 14.002000001),
                histogram.snapshot());
        assertEquals(5, histogram.snapshot().count());
    }
}
