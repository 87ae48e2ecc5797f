package org.dvs.metrics.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import org.dvs.api.metrics.Histogram;
import org.dvs.api.metrics.Metric;
import org.dvs.api.metrics.MetricSource;
import org.dvs.testkit.Exposition;
import org.junit.jupiter.api.Test;

/** Names finish the sentence "a scrape …". */
class ScraperTest {
    private static final Metric FRAMES = Metric.counter("dvs_frames_total", "Frames.", "peer", "direction");
    private static final Metric WAIT = Metric.histogram("dvs_wait_seconds", "Time \\ that\nit \"takes\".", "command");
    private static final Metric BUILD = Metric.info("dvs_build_info", "Build.", "version");
    private static final Metric UP = Metric.gauge("dvs_up", "Up.");

    private final Scraper scraper = new Scraper();

    private Map<String, Exposition.Family> prometheus() {
        return Exposition.prometheus(TextFormat.PROMETHEUS.write(scraper.scrape()));
    }

    private Map<String, Exposition.Family> openMetrics() {
        return Exposition.openMetrics(TextFormat.OPENMETRICS.write(scraper.scrape()));
    }

    private static MetricSource everything() {
        Histogram histogram = new Histogram();
        histogram.record(3, TimeUnit.MILLISECONDS);
        return new FakeSource(List.of(FRAMES, WAIT, BUILD, UP), sink -> {
            sink.put(FRAMES, 1e15, "node1", "in");
            sink.put(FRAMES, 0, "quote \" slash \\ line \n bell \u0007 half \ud800 whole \ud83d\ude00", null);
            sink.put(WAIT, histogram.snapshot(), "RQST_PS");
            sink.put(BUILD, 1, "0.1.0");
            sink.put(UP, Double.NaN);
        });
    }

    @Test
    void isWhatAStrictReaderOfPrometheusTextReads() {
        scraper.add(everything());
        Map<String, Exposition.Family> read = prometheus();
        assertEquals("counter", read.get("dvs_frames_total").type());
        assertEquals(1e15, read.get("dvs_frames_total").value("peer", "node1", "direction", "in"));
        assertEquals(0, read.get("dvs_frames_total").value("direction", "",
                "peer", "quote \" slash \\ line \n bell ? half ? whole \ud83d\ude00"));
        assertEquals("gauge", read.get("dvs_build_info").type());
        assertEquals(1, read.get("dvs_wait_seconds").samples().stream()
                .filter(sample -> "0.005".equals(sample.labels().get("le"))).findFirst().orElseThrow().value());
        assertTrue(Double.isNaN(read.get("dvs_up").value()));
    }

    @Test
    void isWhatAStrictReaderOfOpenMetricsReads() {
        scraper.add(everything());
        Map<String, Exposition.Family> read = openMetrics();
        assertEquals("counter", read.get("dvs_frames").type());
        assertEquals("info", read.get("dvs_build").type());
        assertEquals("Time \\\\ that\\nit \\\"takes\\\".", read.get("dvs_wait_seconds").help());
    }

    @Test
    void leavesOutWhatWentWithItsSource() {
        MetricSource source = new FakeSource(List.of(UP), sink -> sink.put(UP, 1));
        scraper.add(source);
        assertTrue(prometheus().containsKey("dvs_up"));
        scraper.remove(source);
        assertFalse(prometheus().containsKey("dvs_up"));
    }

    @Test
    void namesWhatIsDeclaredThoughNobodyHasAValue() {
        scraper.add(new FakeSource(List.of(FRAMES), sink -> { }));
        assertEquals(List.of(), prometheus().get("dvs_frames_total").samples());
    }

    @Test
    void bringsTogetherWhatSeveralSourcesSayOfOneMetric() {
        scraper.add(new FakeSource(List.of(FRAMES), sink -> sink.put(FRAMES, 1, "node1", "in")));
        scraper.add(new FakeSource(List.of(FRAMES), sink -> sink.put(FRAMES, 2, "node2", "in")));
        assertEquals(2, prometheus().get("dvs_frames_total").samples().size());
    }

    @Test
    void keepsTheFirstOfTwoThatAreTheSameAndCountsTheOther() {
        scraper.add(new FakeSource(List.of(UP), sink -> {
            sink.put(UP, 1);
            sink.put(UP, 2);
        }));
        assertEquals(1, prometheus().get("dvs_up").value());
        assertEquals(1, prometheus().get("dvs_scrape_dropped_series").value());
    }

    @Test
    void goesOnWithoutASourceThatThrowsOrSaysWhatItDidNotDeclare() {
        scraper.add(new FakeSource(List.of(FRAMES), sink -> {
            sink.put(FRAMES, 7, "node1", "in");
            throw new IllegalStateException("broken");
        }));
        scraper.add(new FakeSource(List.of(), sink -> sink.put(UP, 1)));
        scraper.add(new FakeSource(List.of(FRAMES), sink -> sink.put(FRAMES, 1, "too few")));
        scraper.add(new FakeSource(List.of(WAIT), sink -> sink.put(WAIT, 1, "no histogram")));
        scraper.add(new FakeSource(List.of(Metric.gauge("dvs_up", "Another."), UP), sink -> { }));
        scraper.add(new FakeSource(List.of(BUILD), sink -> sink.put(BUILD, 1, "0.1.0")));
        Map<String, Exposition.Family> read = prometheus();
        assertEquals(7, read.get("dvs_frames_total").value("peer", "node1", "direction", "in"));
        assertEquals(1, read.get("dvs_build_info").value("version", "0.1.0"));
        assertEquals(5, read.get("dvs_scrape_failures_total").value());
    }

    @Test
    void holdsNoMoreSeriesThanTheLimitHoweverManyASourceHas() {
        scraper.add(new FakeSource(List.of(FRAMES), sink -> {
            for (int i = 0; i < Scraper.MAX_SERIES + 5; i++) {
                sink.put(FRAMES, i, "node" + i, "in");
            }
        }));
        scraper.add(new FakeSource(List.of(WAIT), sink -> sink.put(WAIT, new Histogram().snapshot(), "RQST_PS")));
        Map<String, Exposition.Family> read = prometheus();
        assertEquals(Scraper.MAX_SERIES, read.get("dvs_frames_total").samples().size());
        assertEquals(Scraper.MAX_SERIES, read.get("dvs_scrape_series").value());
        assertEquals(6, read.get("dvs_scrape_dropped_series").value());
    }

    @Test
    void cutsALabelThatIsTooLong() {
        scraper.add(new FakeSource(List.of(FRAMES), sink -> sink.put(FRAMES, 1, "x".repeat(1000), "in")));
        assertEquals(Scrape.LABEL_CHARS, prometheus().get("dvs_frames_total").samples().get(0).labels().get("peer").length());
    }

    @Test
    void tellsWhatTheMachineAndTheJvmSay() {
        scraper.add(new JvmMetrics());
        scraper.add(new ProcessMetrics());
        Map<String, Exposition.Family> read = prometheus();
        assertTrue(read.get("dvs_jvm_heap_bytes").value() > 1 << 20, read::toString);
        assertTrue(read.get("dvs_jvm_heap_max_bytes").value() >= read.get("dvs_jvm_heap_bytes").value(), read::toString);
        assertTrue(read.get("dvs_jvm_threads").value() >= 1, read::toString);
        assertTrue(read.get("dvs_process_cpu_seconds_total").value() > 0, read::toString);
        assertTrue(read.get("dvs_process_resident_bytes").value() > 1 << 20, read::toString);
        assertTrue(read.get("dvs_process_open_files").value() < read.get("dvs_process_open_files_max").value(), read::toString);
        assertEquals(0, read.get("dvs_scrape_failures_total").value());
    }
}
