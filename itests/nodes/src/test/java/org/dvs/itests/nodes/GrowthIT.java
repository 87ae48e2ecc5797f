package org.dvs.itests.nodes;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Duration;
import java.util.Map;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Names finish the sentence "a cluster of one …". */
@Tag("R-CMD-18")
class GrowthIT {
    private static final Duration START = Duration.ofSeconds(240);

    @Test
    void takesInASecondNodeAndGoesOnWithWhatWasAgreed() throws IOException {
        try (LocalCluster cluster = new LocalCluster("growing", Map.of())) {
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
        }
    }
}
