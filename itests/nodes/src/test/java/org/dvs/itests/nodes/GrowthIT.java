package org.dvs.itests.nodes;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Names finish the sentence "a cluster of one …". */
@Tag("R-CMD-18")
class GrowthIT {
    private static final Duration START = Duration.ofSeconds(240);

    @Test
    void takesInASecondNodeAndGoesOnWithoutItWhenItIsDeleted() throws Exception {
        // The blank is on purpose: no script may part a path there.
        try (LocalCluster cluster = new LocalCluster("growing one", Map.of())) {
            cluster.up("1");
            assertEquals(0, cluster.dvs("dvs", "init", "--name", "small").exit());

            Printed added = cluster.dvs(START, "node", "add");
            assertEquals(0, added.exit(), added.text());

            Printed all = cluster.dvs("host", "df", "--all", "-o", "json");
            assertEquals("2,0,0,0", all.counts(), all.text());
            await().atMost(30, SECONDS).until(() -> cluster.dvs("node", "list", "-o", "jsonl").out().lines()
                    .filter(line -> line.contains("\"voter\"")).count() == 2);
            assertEquals(0, cluster.dvs("dvs", "init", "--nodes", "node1", "--name", "small").exit());
            assertTrue(cluster.dvs("dvs", "info", "--nodes", "node1").out().contains("small"));

            // To end the DVS of a node for ever takes an admin; the script's token is an operator's.
            Printed expelled = cluster.dvs("node", "delete", "node1", "--yes");
            assertEquals(6, expelled.exit(), expelled.text());
            assertTrue(expelled.text().contains("DVS-SEC-0335"), expelled.text());

            List<String> deleted = Api.asAdmin(cluster, "node0").call("node", "delete", "node1", "--yes").get(60, SECONDS);
            assertEquals("x0", deleted.get(deleted.size() - 1), deleted.toString());
            assertEquals("removed", state(cluster, "node1"));
            // Also when the script cannot know yet who was deleted, because nobody runs.
            assertEquals(0, cluster.dvs("down").exit());
            Printed up = cluster.dvs(START, "up");
            assertEquals(0, up.exit(), up.text());
            assertTrue(up.err().contains("node1 was taken out of the cluster; 'dvs node add node1'"), up.text());
            assertEquals(0, cluster.pid("node1"), "it does not run on in no cluster");
            assertEquals("removed", state(cluster, "node1"));
            Printed alone = cluster.dvs("dvs", "info", "--all", "-o", "json");
            assertEquals("1,0,0,0", alone.counts(), alone.text());

            Printed again = cluster.dvs(START, "node", "add", "node1");
            assertEquals(0, again.exit(), again.text());
            assertEquals("running", state(cluster, "node1"));
            Printed both = cluster.dvs("host", "df", "--all", "-o", "json");
            assertEquals("2,0,0,0", both.counts(), both.text());
        }
    }

    private static String state(LocalCluster cluster, String node) {
        for (JsonNode each : cluster.dvs("status", "-o", "json").json()) {
            if (each.path("node").asText().equals(node)) {
                return each.path("state").asText();
            }
        }
        return "not laid out";
    }
}
