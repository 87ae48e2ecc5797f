package org.dvs.itests.nodes;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Three nodes, each in a network namespace of its own. Names finish the sentence "a divided cluster …". */
@Tag("R-CMD-18")
class PartitionIT {
    private static Namespaces network;
    private static LocalCluster cluster;
    private boolean passed;

    @BeforeAll
    static void start() throws IOException, InterruptedException {
        String why = Namespaces.unavailable();
        if (!why.isEmpty()) {
            System.out.println("PartitionIT is skipped: " + why);
        }
        assumeTrue(why.isEmpty(), why);
        network = new Namespaces(3);
        Map<String, String> environment = new HashMap<>(network.environment());
        cluster = new LocalCluster("divided", environment);
        Path contexts = Files.createDirectories(cluster.home().resolve("xdg/dvs/contexts"));
        environment = cluster.environment();
        environment.put("XDG_CONFIG_HOME", cluster.home().resolve("xdg").toString());
        cluster.up("3");
        for (JsonNode node : cluster.dvs("status", "-o", "json").json()) {
            Files.writeString(contexts.resolve(node.path("node").asText()), "url = " + node.path("https").asText() + "\ncacert = "
                    + cluster.folder("node0").resolve("keys/ca.pem") + "\ntoken-file = " + cluster.home().resolve("keys/operator.token")
                    + "\n");
        }
    }

    @AfterEach
    void keepLogs() throws IOException {
        if (!passed && cluster != null) {
            ThreeNodes.keepLogs(cluster, "PartitionIT");
        }
    }

    @AfterAll
    static void stop() throws IOException {
        try {
            if (cluster != null) {
                cluster.close();
            }
        } finally {
            if (network != null) {
                network.close();
            }
        }
    }

    /** Asks one node, whatever the others think. */
    private static Printed ask(String node, String... words) {
        String[] all = new String[words.length + 2];
        all[0] = "--context";
        all[1] = node;
        System.arraycopy(words, 0, all, 2, words.length);
        return cluster.dvs(all);
    }

    /** How many such events a node tells of. */
    private static long events(String node, String event, String changed) {
        return ask(node, "cluster", "events", "-o", "jsonl").out().lines()
                .filter(line -> line.contains("\"" + event + "\"") && line.contains("\"" + changed + "\"")).count();
    }

    /** @param before how many there were: the other test has left some too */
    private static void awaitEvent(String node, String event, String changed, long before) {
        await().atMost(60, SECONDS).until(() -> events(node, event, changed) > before);
    }

    /** What a node tells of its cluster. */
    private static JsonNode info(String node) {
        return ask(node, "cluster", "info", "-o", "json").json().path("nodes").path(0).path("rows").path(0);
    }

    @Test
    @Tag("R-CMD-10")
    void goesOnWhereTheMajorityIsRefusesChangesWhereItIsNotAndIsOneAgainAfterwards() throws Exception {
        assertEquals(0, ask("node0", "host", "df", "--all").exit());

        long parted = events("node0", "PARTITION", "node2");
        long alone = events("node2", "PARTITION", "node0");
        network.cut(2, 0);
        network.cut(2, 1);
        awaitEvent("node0", "PARTITION", "node2", parted);
        awaitEvent("node2", "PARTITION", "node0", alone);
        // It may lose one of the two first, and has the majority with the other one until it loses that too.
        await().atMost(60, SECONDS).until(() -> !info("node2").path("primary").asBoolean(true));

        // The majority: agrees, and says who is missing.
        Printed df = ask("node1", "host", "df", "--all", "--timeout", "10s", "-o", "json");
        assertEquals(4, df.exit(), df.text());
        assertEquals("2,0,1,0", df.counts());
        assertEquals("silent", df.node("node2").path("state").asText());
        assertEquals(0, ask("node0", "dvs", "init", "--nodes", "node[0-1]", "--name", "majority").exit());
        assertEquals(0, ask("node0", "dc", "init", "1", "--nodes", "node[0-1]").exit());

        // The minority: reads, says how old that is, and changes nothing.
        Printed refused = ask("node2", "dvs", "init", "--nodes", "node2", "--name", "minority", "--timeout", "10s");
        assertEquals(7, refused.exit(), refused.text());
        assertTrue(refused.text().contains("DVS-CLU-0106"), refused.text());
        for (String change : List.of("dc init 2", "dc end 1 --yes", "dc node add 1 node2", "dc node delete 1 node1 --yes")) {
            Printed dc = ask("node2", (change + " --nodes node2 --timeout 10s").split(" "));
            assertEquals(7, dc.exit(), dc.text());
            assertTrue(dc.text().contains("DVS-CLU-0106"), dc.text());
            assertTrue(dc.text().contains("node2 has no majority of the cluster behind it: it sees 1 node"), dc.text());
        }
        assertEquals(0, ask("node2", "host", "df").exit());
        JsonNode info = info("node2");
        assertEquals(false, info.path("primary").asBoolean(true), info.toString());
        assertTrue(info.path("age").asLong() > 1_000, info.toString());

        long merged = events("node0", "MERGE", "node2");
        long joined = events("node2", "MERGE", "node0");
        network.mend(2, 0);
        network.mend(2, 1);
        awaitEvent("node2", "MERGE", "node0", joined);
        awaitEvent("node0", "MERGE", "node2", merged);
        await().atMost(60, SECONDS).until(() -> ask("node2", "host", "df", "--all", "-o", "json").counts().equals("3,0,0,0"));
        await().atMost(30, SECONDS).until(() -> ask("node2", "dvs", "info", "--nodes", "node0").out().contains("majority"));
        assertEquals(0, ask("node2", "dc", "node", "delete", "1", "node1", "--nodes", "node1", "--yes").exit());
        JsonNode dc = ask("node0", "dc", "list", "-o", "json").json().path("nodes").get(0).path("rows").get(0);
        assertEquals("node0", dc.path("nodes").asText(), dc.toString());
        assertEquals(0, ask("node2", "dvs", "end", "--nodes", "node[0-1]", "--yes").exit());
        passed = true;
    }

    @Test
    void endsARequestThatWasUnderWayToTheOtherPart() throws Exception {
        await().atMost(60, SECONDS).until(() -> ask("node0", "host", "df", "--all").exit() == 0);
        var answer = java.util.concurrent.CompletableFuture.supplyAsync(
                () -> ask("node0", "host", "command", "--all", "--timeout", "50s", "-o", "json", "sleep", "25"));
        await().atMost(20, SECONDS).until(() -> Processes.running("sleep", "25").size() == 3);

        network.cut(0, 2);
        network.cut(1, 2);
        try {
            Printed printed = answer.get(70, SECONDS);
            assertEquals(4, printed.exit(), printed.text());
            assertEquals("2,0,1,0", printed.counts());
            assertEquals(-64, printed.node("node2").path("rcode").asInt(), printed.text());
        } finally {
            network.mend(0, 2);
            network.mend(1, 2);
        }
        await().atMost(60, SECONDS).until(() -> ask("node0", "host", "df", "--all").exit() == 0);
        passed = true;
    }
}
