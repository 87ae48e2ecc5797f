package org.dvs.itests.nodes;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The example Moving on three real nodes, by commands alone. Names finish "a process that an operator binds …". */
@ExtendWith(ThreeNodes.class)
@Tag("R-CMD-14")
class MigrationIT {
    private static final Path PROJECT = Path.of(System.getProperty("dvs.project", "../..")).toAbsolutePath().normalize();
    private static final long PATIENCE_SECONDS = 120;

    private final List<Process> started = new ArrayList<>();
    private LocalCluster cluster;
    /** Endpoint of the next one that asks: a node may learn late that the last one has ended. */
    private int endpoint = 40;

    @BeforeEach
    void startADcWhoseNodesReachEachOther(LocalCluster three) {
        cluster = three;
        done("dvs", "init", "--all");
        done("dc", "init", "0", "--all");
        await().atMost(PATIENCE_SECONDS, SECONDS).until(() -> {
            JsonNode nodes = cluster.dvs("node", "show", "--all", "-o", "json").json().path("nodes");
            int reached = 0;
            for (JsonNode node : nodes) {
                for (JsonNode row : node.path("rows")) {
                    reached += row.path("flags").asText().equals("E") && row.path("dcs").asText().equals("0") ? 1 : 0;
                }
            }
            return reached == 9;
        });
    }

    @AfterEach
    void end() throws Exception {
        for (Process process : started) {
            process.destroyForcibly().waitFor();
        }
        cluster.whole();
        cluster.dvs("dc", "end", "0", "--yes");
        cluster.dvs("dvs", "end", "--all", "--yes");
    }

    private void done(String... words) {
        Printed printed = cluster.dvs(words);
        assertEquals(0, printed.exit(), printed.text());
    }

    private void refused(String code, String... words) {
        Printed printed = cluster.dvs(words);
        assertEquals(1, printed.exit(), printed.text());
        assertTrue(printed.text().contains(code), printed.text());
    }

    private String socket(String node) {
        return cluster.folder(node).resolve("data/kernel.sock").toString();
    }

    private String image(String program) {
        return cluster.home().resolve("image/bin").resolve(program).toString();
    }

    /** Starts a program; what it prints goes into the file. */
    private Process start(Path out, String... command) throws IOException {
        Process process = new ProcessBuilder(command).directory(PROJECT.toFile()).redirectErrorStream(true)
                .redirectOutput(out.toFile()).start();
        started.add(process);
        return process;
    }

    /** Starts a program that waits to be bound, and waits until the node knows it. */
    private Process moving(String node) throws Exception {
        Process path = new ProcessBuilder(image("dvs-classpath")).start();
        String classPath = new String(path.getInputStream().readAllBytes()).trim();
        assertEquals(0, path.waitFor());
        Process process = start(output("moving"), "java", "-cp", classPath, "docs/examples/Moving.java", socket(node));
        await().atMost(PATIENCE_SECONDS, SECONDS).until(() -> {
            JsonNode rows = cluster.dvs("proc", "waiting", "--nodes", node, "-o", "json").json().path("nodes").path(0)
                    .path("rows");
            return rows.size() == 1 && rows.path(0).path("pid").asLong() == process.pid()
                    && rows.path(0).path("name").asText().equals("moving");
        });
        return process;
    }

    private Path output(String name) throws IOException {
        return Files.createTempFile(cluster.home(), name, ".txt");
    }

    /** @return what a client on that node, of whom nobody was told, prints */
    private String ask(String node) throws Exception {
        Path clients = output("client");
        Process client = start(clients, image("dvs-latency"), "--socket", socket(node), "client", "0",
                Integer.toString(endpoint++), "10", "100");
        assertTrue(client.waitFor(PATIENCE_SECONDS, SECONDS), "the client does not end");
        return Files.readString(clients);
    }

    /** Where each node has it; nodes that do not know it are missing. */
    private Map<String, Integer> places() {
        Map<String, Integer> places = new TreeMap<>();
        for (JsonNode node : cluster.dvs("proc", "list", "0", "--all", "-o", "json").json().path("nodes")) {
            for (JsonNode row : node.path("rows")) {
                if (row.path("endp").asInt() == 10) {
                    assertEquals("moving", row.path("name").asText());
                    places.put(node.path("node").asText(), row.path("nd").asInt(-1));
                }
            }
        }
        return places;
    }

    @Test
    void movesAndIsCalledFromANodeThatNeverKnewIt() throws Exception {
        Process first = moving("node0");
        Process second = moving("node1");
        String firstPid = Long.toString(first.pid());
        String secondPid = Long.toString(second.pid());
        refused("DVS-IPC-0305", "proc", "bind", "0", "10", "--pid", secondPid, "--nodes", "node0");
        done("proc", "bind", "0", "10", "--pid", firstPid, "--nodes", "node0");
        refused("DVS-IPC-0337", "proc", "bind", "0", "10", "--pid", secondPid, "--nodes", "node0");
        done("proc", "bind", "0", "10", "--pid", secondPid, "--kind", "backup", "--primary", "node0", "--nodes", "node1");
        assertEquals(Map.of("node0", 0, "node1", 0), places());
        assertTrue(ask("node2").contains("DVS-IPC-0105"));
        assertTrue(ask("node0").startsWith("100 round trips: "));

        done("proc", "migrate", "0", "10", "--to", "node1");
        assertEquals(Map.of("node0", 1, "node1", 1, "node2", 1), places());
        for (String node : List.of("node2", "node0", "node1")) {
            String printed = ask(node);
            assertTrue(printed.startsWith("100 round trips: "), node + ": " + printed);
        }

        // The one that moved away ends, as a process does whose state is gone: nobody misses it.
        first.destroyForcibly().waitFor();
        await().atMost(PATIENCE_SECONDS, SECONDS).until(() -> places().equals(Map.of("node0", 1, "node1", 1, "node2", 1)));
        assertTrue(ask("node0").startsWith("100 round trips: "));
        second.destroyForcibly().waitFor();
        await().atMost(PATIENCE_SECONDS, SECONDS).until(() -> !places().containsKey("node1"));
        assertTrue(ask("node2").contains("DVS-IPC-01"));
        // What the one that moved away had left on node 0, and what node 2 had heard, has ended with the primary.
        await().atMost(PATIENCE_SECONDS, SECONDS).until(() -> places().isEmpty());
    }
}
