package org.dvs.itests.nodes;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Names finish the sentence "Prometheus, with what is shipped for it, …". */
@Tag("R-PXY-13")
@ExtendWith(ThreeNodes.class)
class PrometheusIT {
    /** What a panel has in place of the chosen node, and of the time between two looks. */
    private static final List<List<String>> VARIABLES = List.of(List.of("$job", "dvs"), List.of("$node", ".*"),
            List.of("$__rate_interval", "30s"));
    /** Panels of what has not happened: without this, what they are made of is there. */
    private static final String SOME = " > 0";
    private Prometheus prometheus;

    @BeforeEach
    void start(LocalCluster cluster) throws Exception {
        prometheus = new Prometheus(cluster);
        await().atMost(LocalCluster.PATIENCE).ignoreExceptionsMatching(IOException.class::isInstance).untilAsserted(() ->
                assertEquals(3, series("up{job=\"dvs\"} == 1"), () -> targets()));
    }

    @AfterEach
    void end() throws Exception {
        if (prometheus != null) {
            prometheus.close();
        }
    }

    private int series(String expression) throws Exception {
        return prometheus.query(expression).size();
    }

    private String targets() {
        try {
            return prometheus.targets().toString();
        } catch (IOException e) {
            return e.toString();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "interrupted";
        }
    }

    /** Its own reader of OpenMetrics, which it asks for first, takes all or nothing. */
    @Test
    void readsEveryNodeToTheLastLine(LocalCluster cluster) throws Exception {
        await().atMost(LocalCluster.PATIENCE).untilAsserted(this::assertAllIsRead);
    }

    /** Of one look; on a machine under load one may be late. */
    private void assertAllIsRead() throws Exception {
        for (JsonNode target : prometheus.targets()) {
            assertEquals("", target.path("lastError").asText(), target::toString);
            assertEquals("up", target.path("health").asText(), target::toString);
        }
        for (JsonNode samples : prometheus.query("scrape_samples_scraped{job=\"dvs\"}")) {
            assertTrue(samples.path("value").path(1).asInt() > 150, samples::toString);
        }
        assertEquals(3, series("dvs_build_info{instance=~\".+\"}"));
    }

    @Test
    void findsNoFaultWithTheMetricsTheRulesAndTheConfiguration(LocalCluster cluster) throws Exception {
        String metrics = new Api(cluster, "node0").get("/metrics", "").body();
        assertEquals("0 ", Prometheus.promtool(prometheus.folder(), metrics, "check", "metrics"));
        String rules = Prometheus.promtool(prometheus.folder(), "", "check", "rules", "alerts.yml");
        assertTrue(rules.startsWith("0 "), rules);
        String configuration = Prometheus.promtool(prometheus.folder(), "", "check", "config", "prometheus.yml");
        assertTrue(configuration.startsWith("0 "), configuration);
    }

    @Test
    void hasSomethingForEachPanelOfTheDashboard(LocalCluster cluster) throws Exception {
        assertEquals(0, cluster.dvs("dvs", "init", "--all").exit());
        try {
            assertEquals(0, cluster.dvs("dc", "init", "0", "--all").exit());
            List<String> expressions = new ArrayList<>();
            JsonNode dashboard = new ObjectMapper().readTree(Prometheus.shipped("grafana-dashboard.json"));
            dashboard.path("panels").forEach(panel -> panel.path("targets").forEach(target ->
                    expressions.add(target.path("expr").asText())));
            assertTrue(expressions.size() > 15, expressions::toString);
            for (String expression : expressions) {
                String asked = expression.endsWith(SOME) ? expression.substring(0, expression.length() - SOME.length())
                        : expression;
                for (List<String> variable : VARIABLES) {
                    asked = asked.replace(variable.get(0), variable.get(1));
                }
                String now = asked;
                await(expression).atMost(LocalCluster.PATIENCE).until(() -> {
                    cluster.dvs("host", "df", "--all");
                    return numbers(now) > 0;
                });
            }
        } finally {
            cluster.dvs("dc", "end", "0", "--yes");
            cluster.dvs("dvs", "end", "--all", "--yes");
        }
    }

    /** Series of which the value is a number. */
    private int numbers(String expression) throws Exception {
        int found = 0;
        for (JsonNode each : prometheus.query(expression)) {
            found += Set.of("NaN", "+Inf", "-Inf").contains(each.path("value").path(1).asText()) ? 0 : 1;
        }
        return found;
    }

    @Test
    void raisesTheAlarmOfANodeThatDied(LocalCluster cluster) throws Exception {
        // Of a look that was late, or of a node that another test has just started again, it may say so at first.
        await().atMost(LocalCluster.PATIENCE).untilAsserted(() ->
                assertEquals(0, series("ALERTS{alertname=~\"DvsNodeDown|DvsMemberMissing\"}")));
        cluster.kill("node2");
        await().atMost(LocalCluster.PATIENCE).untilAsserted(() -> {
            assertEquals(1, series("ALERTS{alertname=\"DvsNodeDown\"}"));
            assertEquals(2, series("ALERTS{alertname=\"DvsMemberMissing\"}"));
        });
    }
}
