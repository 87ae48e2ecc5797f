package org.dvs.itests.nodes;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Names finish the sentence "the answer of three nodes …". */
@ExtendWith(ThreeNodes.class)
class AnswersIT {

    @Test
    @Tag("R-CMD-05")
    @Tag("R-CMD-06")
    void comesOnceAndAddsUp(LocalCluster cluster) {
        Printed df = cluster.dvs("host", "df", "--all", "-o", "json");

        assertEquals(0, df.exit(), df.text());
        assertEquals("3,0,0,0", df.counts());
        assertEquals(3, df.json().path("target").path("count").asInt());
        for (String node : List.of("node0", "node1", "node2")) {
            assertEquals("ok", df.node(node).path("state").asText());
        }
        assertFalse(df.json().path("job").asText().isEmpty());
    }

    @Test
    @Tag("R-CMD-05")
    void isFoldedWhereNodesAnswerAlike(LocalCluster cluster) {
        Printed echo = cluster.dvs("host", "command", "--all", "-o", "json", "echo", "alike");

        assertEquals(0, echo.exit(), echo.text());
        for (JsonNode node : echo.json().path("nodes")) {
            assertEquals("alike\n", node.path("rows").get(0).path("stdout").asText());
        }
        String table = cluster.dvs("requests").out();
        assertTrue(table.contains("RQST_DF"), table);
    }

    @Test
    @Tag("R-CMD-06")
    void streamsManyRowsOfEachNode(LocalCluster cluster) {
        Printed vmstat = cluster.dvs("host", "vmstat", "--all", "--interval", "100ms", "--count", "5", "-o", "json");

        assertEquals(0, vmstat.exit(), vmstat.text());
        for (JsonNode node : vmstat.json().path("nodes")) {
            assertEquals(5, node.path("rows").size());
        }
    }

    @Test
    void namesNodesAndRequestsThatAreNotThere(LocalCluster cluster) {
        Printed unknown = cluster.dvs("host", "df", "--nodes", "node7");
        assertEquals(3, unknown.exit(), unknown.text());
        assertTrue(unknown.err().contains("node7"), unknown.err());

        Printed empty = cluster.dvs("host", "df", "--nodes", "node[0-2],!*");
        assertEquals(3, empty.exit(), empty.text());
        assertTrue(empty.err().contains("DVS-CLI-1001"), empty.err());

        Printed nonsense = cluster.dvs("host", "nonsense");
        assertEquals(2, nonsense.exit(), nonsense.text());
        assertTrue(nonsense.out().isEmpty(), nonsense.out());
    }

    @Test
    void comesAtOnceWithADeadlineOfZero(LocalCluster cluster) {
        Printed zero = cluster.dvs("host", "df", "--all", "--timeout", "0s", "-o", "json");

        assertTrue(zero.elapsedMs() < 10_000, zero.toString());
        assertEquals(4, zero.exit(), zero.text());
        assertEquals("0,0,3,0", zero.counts());
        assertEquals(0, cluster.dvs("host", "df", "--all").exit());
    }

    @Test
    void tellsNodesApartThatDoNotOfferARequest(LocalCluster cluster) throws Exception {
        Path first = cluster.deploy("node0", "dvs.sample");
        Path second = cluster.deploy("node1", "dvs.sample");
        try {
            await().atMost(30, SECONDS).until(() -> cluster.dvs("host", "load", "--nodes", "node[0-1]").exit() == 0);

            Printed load = cluster.dvs("host", "load", "--all", "-o", "json");

            assertEquals(1, load.exit(), load.text());
            assertEquals("2,1,0,0", load.counts());
            assertEquals(-38, load.node("node2").path("rcode").asInt());
            Printed table = cluster.dvs("host", "load", "--all");
            assertTrue(table.text().contains("DVS-REQ-0038") && table.text().contains("not offered here"), table.text());
        } finally {
            Files.delete(first);
            Files.delete(second);
        }
        await().atMost(30, SECONDS).until(() -> cluster.dvs("host", "load").exit() == 2);
    }

    @Test
    void survivesHandlersThatThrowHangOrNeverStop(LocalCluster cluster) throws Exception {
        List<Path> deployed = new ArrayList<>();
        for (String node : List.of("node0", "node1", "node2")) {
            deployed.add(cluster.deploy(node, "dvs.faulty"));
        }
        try {
            await().atMost(30, SECONDS).until(() -> {
                Printed known = cluster.dvs("host", "fault", "--all", "-o", "json", "throw");
                return known.exit() == 1 && known.text().contains("-99") && !known.text().contains("-38");
            });
            Printed thrown = cluster.dvs("host", "fault", "--all", "throw");
            assertEquals(1, thrown.exit(), thrown.text());
            assertTrue(thrown.text().contains("DVS-SYS-0099"), thrown.text());
            assertFalse(thrown.text().contains("IllegalState") || thrown.text().contains("\u001b") || thrown.text().contains("\tat "),
                    thrown.text());

            // The first is stopped in time to say so itself; the second does not listen, and is answered for.
            for (String how : List.of("hang", "deaf")) {
                Printed hung = cluster.dvs("host", "fault", "--all", "--timeout", "2s", "-o", "json", how);
                assertTrue(hung.exit() == 1 || hung.exit() == 4, hung.text());
                assertEquals(0, hung.json().path("summary").path("ok").asInt(), hung.text());
                assertTrue(hung.elapsedMs() < 20_000, hung.toString());
                for (String node : List.of("node0", "node1", "node2")) {
                    assertEquals(-61, hung.node(node).path("rcode").asInt(), hung.text());
                }
            }

            Printed flood = cluster.dvs("host", "fault", "--nodes", "node1", "--timeout", "20s", "flood");
            assertEquals(1, flood.exit(), flood.err());
            assertTrue(flood.text().contains("DVS-REQ-0073"), flood.err());
        } finally {
            for (Path jar : deployed) {
                Files.delete(jar);
            }
        }
        assertEquals(0, cluster.dvs("host", "df", "--all").exit());
    }

    @Test
    @Tag("R-CMD-07")
    void comesFor500RequestsAtOnceOrSaysThatTheNodeIsBusy(LocalCluster cluster) throws Exception {
        Api api = new Api(cluster, "node0");
        List<CompletableFuture<List<String>>> calls = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            calls.add(api.call("host", "df", "--all", "-o", "json"));
        }

        int ok = 0;
        int busy = 0;
        for (CompletableFuture<List<String>> call : calls) {
            List<String> lines = call.get(120, SECONDS);
            String end = lines.get(lines.size() - 1);
            if (end.equals("x0")) {
                ok++;
            } else {
                assertTrue(String.join("\n", lines).contains("DVS-REQ-0011") || end.equals("HTTP 503") || end.equals("HTTP 429"),
                        lines.toString());
                busy++;
            }
        }
        System.out.println("500 requests at once: " + ok + " answered, " + busy + " told to try again");
        assertEquals(500, ok + busy);
        assertTrue(ok >= 100, "answered " + ok);
        cluster.whole();
    }

    @Test
    @Tag("R-CMD-03")
    void showsInADryRunWhatWouldBeSentAndSendsNothing(LocalCluster cluster) {
        Printed dry = cluster.dvs("dvs", "init", "--all", "--dry-run");

        assertEquals(0, dry.exit(), dry.text());
        assertTrue(dry.text().contains("RQST_DVSINIT") && dry.text().contains("node[0-2]") && dry.text().contains("operator"), dry.text());
        assertEquals(1, cluster.dvs("dvs", "info", "--all").exit());
    }

    @Test
    void isCancelledEverywhereWhenTheOperatorInterruptsTheScript(LocalCluster cluster) throws Exception {
        Process script = cluster.start("host", "command", "--all", "sleep", "47");
        try {
            await().atMost(20, SECONDS).until(() -> Processes.running("sleep", "47").size() == 3);
            cluster.signal("INT", script.pid());
        } finally {
            script.descendants().forEach(ProcessHandle::destroy);
            script.destroy();
        }

        await().atMost(Duration.ofSeconds(30)).until(() -> Processes.running("sleep", "47").isEmpty());
    }
}
