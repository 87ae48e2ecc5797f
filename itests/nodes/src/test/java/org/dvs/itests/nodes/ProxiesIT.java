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

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** README's programs on two nodes, as typed. Names finish the sentence "programs on two nodes …". */
@ExtendWith(ThreeNodes.class)
@Tag("R-PXY-14")
class ProxiesIT {
    private static final long PATIENCE_SECONDS = 120;

    private final List<Process> started = new ArrayList<>();
    private LocalCluster cluster;

    @BeforeEach
    void startADc(LocalCluster three) {
        cluster = three;
        cluster.dvs("dvs", "init", "--all");
        Printed init = cluster.dvs("dc", "init", "0", "--all");
        assertEquals(0, init.exit(), init.text());
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

    /** Starts latency; what it prints goes into the file. */
    private Process latency(Path out, String node, String... words) throws IOException {
        List<String> command = new ArrayList<>(List.of(cluster.home().resolve("image/bin/dvs-latency").toString(), "--socket",
                cluster.folder(node).resolve("data/kernel.sock").toString()));
        command.addAll(List.of(words));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(out.toFile()).start();
        started.add(process);
        return process;
    }

    private Path output(String name) throws IOException {
        return Files.createTempFile(cluster.home(), name, ".txt");
    }

    /** Waits until node0 reaches the DC's member node1 by its pair. */
    private void awaitPair() {
        await().atMost(PATIENCE_SECONDS, SECONDS).until(() -> {
            JsonNode rows = cluster.dvs("node", "show", "--nodes", "node0", "-o", "json").json().path("nodes").path(0)
                    .path("rows");
            for (JsonNode row : rows) {
                if (row.path("id").asInt(-1) == 1) {
                    return row.path("flags").asText().equals("E") && row.path("dcs").asText().equals("0");
                }
            }
            return false;
        });
    }

    private Process server() throws IOException {
        Path servers = output("server");
        Process server = latency(servers, "node1", "server", "0", "10");
        await().atMost(PATIENCE_SECONDS, SECONDS).until(() -> Files.readString(servers).contains("endpoint 10 of dc0 answers"));
        return server;
    }

    private void ask() throws Exception {
        Path clients = output("client");
        Process client = latency(clients, "node0", "client", "0", "40", "10", "300");
        assertTrue(client.waitFor(PATIENCE_SECONDS, SECONDS), "the client does not end");
        assertTrue(Files.readString(clients).startsWith("300 round trips: min "), Files.readString(clients));
        assertEquals(0, client.exitValue());
    }

    @Test
    @Tag("R-PXY-05")
    @Tag("R-CMD-13")
    void askEachOtherAndHearWhenANodeIsKilled() throws Exception {
        awaitPair();
        server();
        Printed bind = cluster.dvs("proxy", "bind", "0", "10", "node1", "--nodes", "node0");
        assertEquals(0, bind.exit(), bind.text());
        ask();
        JsonNode pair = cluster.dvs("proxy", "status", "1", "--nodes", "node0", "-o", "json").json().path("nodes").path(0)
                .path("rows").path(0);
        assertEquals("up", pair.path("state").asText());
        assertEquals("", pair.path("differences").asText());
        assertEquals(0, cluster.dvs("proxy", "list", "--all").exit());

        Path waits = output("waits");
        Process waiting = latency(waits, "node0", "client", "0", "41", "10", "1000000");
        await().atMost(PATIENCE_SECONDS, SECONDS).until(() -> sent() > 1_000 || !waiting.isAlive());
        cluster.kill("node1");
        assertTrue(waiting.waitFor(PATIENCE_SECONDS, SECONDS), "nobody tells the client that the node is gone");
        assertEquals(1, waiting.exitValue());
        assertTrue(Files.readString(waits).startsWith("DVS-"), Files.readString(waits));

        cluster.up();
        cluster.whole();
        awaitPair();
        server();
        await().atMost(PATIENCE_SECONDS, SECONDS)
                .until(() -> cluster.dvs("proxy", "bind", "0", "10", "node1", "--nodes", "node0").exit() == 0);
        ask();
    }

    private long sent() {
        JsonNode rows = cluster.dvs("proxy", "info", "1", "--nodes", "node0", "-o", "json").json().path("nodes").path(0)
                .path("rows");
        return rows.path(0).path("commands").asLong(0);
    }
}
