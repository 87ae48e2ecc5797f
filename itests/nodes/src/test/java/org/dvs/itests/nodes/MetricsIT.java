package org.dvs.itests.nodes;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import org.dvs.testkit.Exposition;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Names finish the sentence "the metrics of a running node …". */
@Tag("R-PXY-13")
@ExtendWith(ThreeNodes.class)
class MetricsIT {
    private static final Path DOCUMENT = Path.of(System.getProperty("dvs.project", "../..")).resolve("docs/metrics.md");
    private static final Pattern ROW =
            Pattern.compile("(?m)^\\| `(dvs_\\w+)` \\| (\\w+) \\| (?:(`[^|]*`) )?\\| ([^|]+?) \\|(?: ([^|]+?))? \\|$");
    private static final String OPEN_METRICS = "application/openmetrics-text";
    private static final double MAX_SCRAPE_SECONDS = 0.1;

    /** Of conventions 7, as far as there is something to measure by now: name to type and labels. */
    private static final Map<String, String> AGREED = Map.ofEntries(
            Map.entry("dvs_build_info", "info [java, revision, version]"),
            Map.entry("dvs_cluster_members", "gauge []"), Map.entry("dvs_cluster_view_id", "gauge []"),
            Map.entry("dvs_cluster_view_changes_total", "counter [cause]"), Map.entry("dvs_cluster_quorum", "gauge []"),
            Map.entry("dvs_cluster_merges_total", "counter [outcome]"),
            Map.entry("dvs_requests_total", "counter [command, outcome]"),
            Map.entry("dvs_request_duration_seconds", "histogram [command]"), Map.entry("dvs_request_targets", "gauge [state]"),
            Map.entry("dvs_jobs_active", "gauge []"), Map.entry("dvs_proxy_up", "gauge [peer]"),
            Map.entry("dvs_proxy_frames_total", "counter [direction, peer]"),
            Map.entry("dvs_proxy_bytes_total", "counter [direction, peer, stage]"),
            Map.entry("dvs_proxy_rejected_frames_total", "counter [cause, peer]"),
            Map.entry("dvs_proxy_queue_bytes", "gauge [peer]"),
            Map.entry("dvs_proxy_reconnects_total", "counter [cause, peer]"), Map.entry("dvs_proxy_rtt_seconds", "gauge [peer]"),
            Map.entry("dvs_audit_events_total", "counter [outcome]"), Map.entry("dvs_auth_failures_total", "counter [cause]"),
            Map.entry("dvs_config_reloads_total", "counter [outcome]"), Map.entry("dvs_config_hash_info", "info [hash]"),
            Map.entry("dvs_limit_rejections_total", "counter [limit]"), Map.entry("dvs_bundle_state", "gauge [state]"));

    /** One row of the document. */
    private record Row(String type, Set<String> labels, String help) {
        static Row of(MatchResult row) {
            Set<String> labels = row.group(3) == null ? Set.of()
                    : new TreeSet<>(Arrays.asList(row.group(3).replace("`", "").split(" ")));
            return new Row(row.group(2), labels, row.group(4));
        }

        @Override
        public String toString() {
            return type + ' ' + new TreeSet<>(labels);
        }
    }

    private static Map<String, Row> document() throws Exception {
        String text = Files.readString(DOCUMENT);
        Map<String, Row> rows = ROW.matcher(text).results()
                .collect(Collectors.toMap(row -> row.group(1), Row::of, (a, b) -> {
                    throw new AssertionError("twice in " + DOCUMENT + ": " + a);
                }, TreeMap::new));
        assertEquals(text.lines().filter(line -> line.startsWith("| `")).count(), rows.size(), "rows that cannot be read");
        return rows;
    }

    private static Map<String, Exposition.Family> scrape(Api api) throws Exception {
        HttpResponse<String> response = api.get("/metrics", "");
        assertEquals(200, response.statusCode(), response.body());
        return Exposition.prometheus(response.body());
    }

    private static String labels(Exposition.Family family) {
        return family.samples().stream().map(sample -> new TreeSet<>(sample.labels().keySet()))
                .peek(names -> names.remove("le")).distinct().map(TreeSet::toString).collect(Collectors.joining(" or "));
    }

    @Test
    void areThoseOfTheDocumentWithTheirTypesLabelsAndMeanings(LocalCluster cluster) throws Exception {
        Map<String, Row> documented = document();
        Map<String, Exposition.Family> scraped = scrape(new Api(cluster, "node0"));
        assertEquals(documented.keySet(), new TreeSet<>(scraped.keySet()));
        scraped.forEach((name, family) -> {
            Row row = documented.get(name);
            assertEquals(row.type().equals("info") ? "gauge" : row.type(), family.type(), name);
            assertEquals(row.help(), family.help(), name);
            if (!family.samples().isEmpty()) {
                assertEquals(new TreeSet<>(row.labels()).toString(), labels(family), name);
            }
        });
    }

    @Test
    void haveTheAgreedNamesTypesAndLabels() throws Exception {
        Map<String, Row> documented = document();
        AGREED.forEach((name, what) -> assertEquals(what, String.valueOf(documented.get(name)), name));
    }

    @Test
    void areTheSameInBothFormats(LocalCluster cluster) throws Exception {
        Api api = new Api(cluster, "node1");
        HttpResponse<String> response = api.get("/metrics", OPEN_METRICS);
        assertTrue(response.headers().firstValue("Content-Type").orElseThrow().startsWith(OPEN_METRICS),
                response.headers()::toString);
        Set<String> open = Exposition.openMetrics(response.body()).values().stream().map(family -> switch (family.type()) {
            case "counter" -> family.name() + "_total";
            case "info" -> family.name() + "_info";
            default -> family.name();
        }).collect(Collectors.toCollection(TreeSet::new));
        assertEquals(new TreeSet<>(scrape(api).keySet()), open);
    }

    @Test
    void showMembersMajorityLeaderAndTheRequestsThatWereSent(LocalCluster cluster) throws Exception {
        await().atMost(LocalCluster.PATIENCE).untilAsserted(() -> {
            double leaders = 0;
            for (String node : List.of("node0", "node1", "node2")) {
                leaders += whole(node, scrape(new Api(cluster, node)));
            }
            assertEquals(1, leaders);
        });

        Api api = new Api(cluster, "node2");
        double before = sent(api);
        assertEquals("0", last(api.call("host", "df", "--all").get()));
        assertEquals(before + 1, sent(api));
    }

    /** @return 1 if the node leads the agreed log */
    private static double whole(String node, Map<String, Exposition.Family> metrics) {
        assertEquals(3, metrics.get("dvs_cluster_members").value(), node);
        assertEquals(3, metrics.get("dvs_cluster_nodes").value(), node);
        assertEquals(1, metrics.get("dvs_cluster_quorum").value(), node);
        assertEquals(1, metrics.get("dvs_log_has_leader").value(), node);
        assertTrue(metrics.get("dvs_log_committed_entries").value() > 0, node);
        assertTrue(metrics.get("dvs_log_bytes").value() > 0, node);
        assertTrue(metrics.get("dvs_bundle_state").value("state", "active") > 50, node);
        assertEquals(0, metrics.get("dvs_scrape_dropped_series").value(), node);
        return metrics.get("dvs_log_leader").value();
    }

    private static String last(List<String> lines) {
        return lines.get(lines.size() - 1).substring(1).strip();
    }

    private static double sent(Api api) throws Exception {
        return scrape(api).get("dvs_requests_total").samples().stream()
                .filter(sample -> sample.labels().equals(Map.of("command", "RQST_DF", "outcome", "ok")))
                .mapToDouble(Exposition.Sample::value).findFirst().orElse(0);
    }

    @Test
    void countWhoIsRefusedAndWhatIsAudited(LocalCluster cluster) throws Exception {
        Api api = new Api(cluster, "node1");
        double wrong = scrape(api).get("dvs_auth_failures_total").value("cause", "token");
        double taken = scrape(api).get("dvs_audit_events_total").value("outcome", "allowed");
        assertEquals(401, Api.withUnknownToken(cluster, "node1").get("/metrics", "").statusCode());
        api.call("host", "df").get();
        assertEquals(wrong + 1, scrape(api).get("dvs_auth_failures_total").value("cause", "token"));
        await().atMost(LocalCluster.PATIENCE)
                .until(() -> scrape(api).get("dvs_audit_events_total").value("outcome", "allowed") > taken);
    }

    @Test
    void tellOfTheNodeThatWent(LocalCluster cluster) throws Exception {
        Api api = new Api(cluster, "node0");
        double before = scrape(api).get("dvs_cluster_view_changes_total").value("cause", "disconnect");
        cluster.kill("node2");
        await().atMost(LocalCluster.PATIENCE).until(() -> scrape(api).get("dvs_cluster_members").value() == 2);
        await().atMost(LocalCluster.PATIENCE)
                .until(() -> scrape(api).get("dvs_cluster_view_changes_total").value("cause", "disconnect") > before);
        assertEquals(1, scrape(api).get("dvs_cluster_quorum").value());
    }

    @Test
    void areReadWithinATenthOfASecond(LocalCluster cluster) throws Exception {
        Api api = new Api(cluster, "node0");
        double best = Double.MAX_VALUE;
        for (int i = 0; i < 20; i++) {
            long start = System.nanoTime();
            scrape(api);
            best = Math.min(best, (System.nanoTime() - start) / 1e9);
        }
        System.out.printf("best of 20 scrapes: %.1f ms%n", best * 1e3);
        assertTrue(best <= MAX_SCRAPE_SECONDS, "best of 20 scrapes took " + best + " s");
    }
}
