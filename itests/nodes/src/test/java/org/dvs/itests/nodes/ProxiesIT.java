package org.dvs.itests.nodes;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.awaitility.Awaitility.await;
import static org.dvs.itests.nodes.ProgramsAcross.PATIENCE_S;
import static org.dvs.itests.nodes.ProgramsAcross.ended;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.ConnectException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;

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
    private static final int FILE_BYTES = 40_000_003;
    private static final Path README = Path.of(System.getProperty("dvs.project", "../.."), "README.md").toAbsolutePath();

    private LocalCluster cluster;
    private ProgramsAcross programs;

    @BeforeEach
    void startADc(LocalCluster three) {
        cluster = three;
        programs = new ProgramsAcross(cluster);
    }

    @AfterEach
    void end() throws Exception {
        programs.close();
    }

    @Test
    @Tag("R-PXY-05")
    @Tag("R-CMD-13")
    void askEachOtherAndHearWhenANodeIsKilled() throws Exception {
        programs.serveLatency();
        programs.ask();
        JsonNode pair = programs.rows("node0", "proxy", "status", "1").path(0);
        assertEquals("up", pair.path("state").asText());
        assertEquals("", pair.path("differences").asText());
        assertEquals(0, cluster.dvs("proxy", "list", "--all").exit());
        awaitClientAtServersNode(false);

        Path waits = programs.output("waits");
        Process waiting = programs.asking(waits);
        awaitClientAtServersNode(true);
        waiting.destroyForcibly();
        awaitClientAtServersNode(false);

        waiting = programs.asking(waits);
        awaitClientAtServersNode(true);
        cluster.kill("node1");
        assertEquals("", ended(waiting, waits, 4, "DVS-"));

        cluster.whole();
        programs.awaitPair();
        programs.serveLatency();
        programs.ask();
    }

    /** Whether the server's node has a stub of a client that it has bound by itself. */
    private void awaitClientAtServersNode(boolean there) {
        await().atMost(PATIENCE_S, SECONDS).until(
                () -> cluster.dvs("proc", "list", "0", "--nodes", "node1").out().contains("rclient") == there);
    }

    @Test
    @Tag("R-PXY-05")
    void hearWhenANodeIsPausedAndAskItAgainWhenItGoesOn() throws Exception {
        programs.serveLatency();
        Path waits = programs.output("waits");
        Process waiting = programs.asking(waits);
        long pid = cluster.pid("node1");
        cluster.signal("STOP", pid);
        try {
            assertEquals("", ended(waiting, waits, 4, "DVS-"));
        } finally {
            cluster.signal("CONT", pid);
        }

        cluster.whole();
        programs.awaitPair();
        // The server is where it was, and nobody has to say so.
        programs.ask();
        assertEquals(pid, cluster.pid("node1"));
    }

    @Test
    @Tag("R-CMD-13")
    void areToldWhenAnOperatorDrainsDisconnectsAndConnects() throws Exception {
        programs.serveLatency();
        Path asks = programs.output("asks");
        Process asking = programs.asking(asks);
        // In half a second of a machine under load a program may have done nothing.
        await().atMost(PATIENCE_S, SECONDS).until(() -> programs.rows("node0", "proxy", "watch", "--period", "500ms"),
                rates -> rates.path(0).path("sent_s").asLong() > 0);
        assertEquals(0, cluster.dvs("proxy", "watch", "--all").exit());

        assertEquals(0, cluster.dvs("proxy", "disconnect", "1", "--nodes", "node0").exit());
        assertEquals("", ended(asking, asks, 4, "DVS-"));
        assertEquals("drained", programs.pair().path("state").asText());
        await().atMost(PATIENCE_S, SECONDS).until(
                () -> programs.pair("node1", 0).path("last_fault").asText().equals("drained"));
        assertEquals(0, cluster.dvs("proxy", "connect", "1", "--nodes", "node0").exit());
        programs.awaitState("up");
        programs.ask();

        Path more = programs.output("more");
        Process drained = programs.asking(more);
        assertEquals(0, cluster.dvs("proxy", "drain", "1", "--nodes", "node0").exit());
        assertEquals("", ended(drained, more, 4, "DVS-"));
        programs.awaitState("drained");
        assertEquals(0, cluster.dvs("proxy", "connect", "1", "--nodes", "node0").exit());
        programs.awaitState("up");
        programs.ask();
        JsonNode sender = programs.rows("node0", "proxy", "info", "1").path(0);
        assertEquals(0, sender.path("unknown").asInt(-1), sender.toString());
        Printed nobody = cluster.dvs("proxy", "drain", "17", "--nodes", "node0");
        assertEquals(1, nobody.exit(), nobody.text());
        assertTrue(nobody.text().contains("DVS-PXY-0327"), nobody.text());
    }

    @Test
    @Tag("R-PXY-04")
    void areNotDisturbedByStrangersAtTheProxiesPort() throws Exception {
        programs.serveLatency();
        programs.awaitState("up");
        // One of the two is where the other node listens.
        for (JsonNode pair : new JsonNode[] {programs.pair("node0", 1), programs.pair("node1", 0)}) {
            String where = pair.path("where").asText();
            int colon = where.lastIndexOf(':');
            int port = Integer.parseInt(where.substring(colon + 1));
            try (Socket stranger = new Socket(where.substring(0, colon).replace("/", ""), port)) {
                stranger.getOutputStream().write("GET / HTTP/1.0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            } catch (ConnectException e) {
                // The end that dialed.
                continue;
            }
        }
        await().atMost(PATIENCE_S, SECONDS).until(() -> cluster.dvs("proxy", "faults", "--all").out().contains("handshake"));
        programs.ask();
        assertEquals("up", programs.pair().path("state").asText());
    }

    @Test
    @Tag("R-PXY-05")
    void goOnWithAFileWhoseNodeWasKilledInAWhole() throws Exception {
        Path folder = Files.createTempDirectory(cluster.home(), "served");
        byte[] bytes = new byte[FILE_BYTES];
        new Random(1).nextBytes(bytes);
        Path file = Files.write(folder.resolveSibling(folder.getFileName() + "-file"), bytes);
        String[] put = {"put", "0", "100", "20", file.toString(), "copy", "--resume", "--block", "8192"};
        programs.serve("dvs-m3ftp", 20, folder.toString());
        Path puts = programs.output("put");
        Path part = folder.resolve(".copy.part");
        Path whole = folder.resolve("copy");
        // All that takes a while is done before: the file is under way for seconds only.
        long server = cluster.pid("node1");
        Process killed = programs.start("dvs-m3ftp", puts, "node0", put);
        await().atMost(PATIENCE_S, SECONDS).pollInterval(20, MILLISECONDS).until(() -> part.toFile().length() > 1_000_000
                || Files.exists(whole));
        LocalCluster.kill(server);
        assertEquals("", ended(killed, puts, 4, "DVS-"));

        cluster.whole();
        programs.awaitPair();
        programs.serve("dvs-m3ftp", 20, folder.toString());
        assertEquals("", ended(programs.start("dvs-m3ftp", puts, "node0", put), puts, 0, FILE_BYTES + " bytes"));
        assertArrayEquals(bytes, Files.readAllBytes(whole));
    }

    @Test
    @Tag("R-CMD-14")
    void askAServerThatHasComeToTheOtherNodeFromOutsideAndFromTheContainer() throws Exception {
        Process first = programs.serveOn("node0", "dvs-latency", 10);
        first.destroy();
        assertTrue(first.waitFor(PATIENCE_S, SECONDS), "the server does not end");
        programs.serveLatency();
        programs.ask();
        awaitBound("node0", 40, false);
        JsonNode figures = programs.row("node0", "proc", "latency", "0", "--server", "10", "--style", "bound", "--loops", "300");
        assertEquals(300, figures.path("loops").asInt(), figures.toString());
    }

    @Test
    @Tag("R-CMD-14")
    void leaveAFileWithTheOtherNodeThatTheirContainerGetsAndPutsBack() throws Exception {
        Path folder = Files.createTempDirectory(cluster.home(), "served");
        programs.serveOn("node0", "dvs-m3ftp", 20, folder.toString());
        programs.bind(20, "node0", "node1");
        Path puts = programs.output("put");
        Process put = programs.start("dvs-m3ftp", puts, "node1", "put", "0", "41", "20", README.toString(), "from-node1");
        assertEquals("", ended(put, puts, 0, Files.size(README) + " bytes"));
        assertEquals(-1, Files.mismatch(README, folder.resolve("from-node1")));
        awaitBound("node1", 41, false);

        JsonNode got = programs.row("node1", "proc", "m3ftp", "get", "0", "20", "from-node1", "--client", "41");
        assertEquals(Files.size(README), got.path("bytes").asLong(), got.toString());
        assertEquals(-1, Files.mismatch(README, local("node1", "from-node1")));
        programs.row("node1", "proc", "m3ftp", "put", "0", "20", "back", "--local", "from-node1", "--client", "41");
        assertEquals(-1, Files.mismatch(README, folder.resolve("back")));
    }

    /** A file of {@code proc m3ftp} on a node. */
    private Path local(String node, String name) {
        return cluster.folder(node).resolve("data/m3ftp").resolve(name);
    }

    @Test
    @Tag("R-CMD-14")
    void bringFilesFromContainerToContainer() throws Exception {
        byte[] bytes = new byte[3_000_001];
        new Random(1).nextBytes(bytes);
        Files.createDirectories(local("node1", "mine").getParent());
        Files.write(local("node1", "mine"), bytes);
        Path settings = cluster.folder("node0").resolve("etc/org.dvs.apps.m3ftp.cfg");
        String before = Files.readString(settings);
        Files.writeString(settings, before + "server = true\nendpoint = 21\nwritable = true\n");
        try {
            awaitBound("node0", 21, true);
            programs.bind(21, "node0", "node1");
            programs.row("node1", "proc", "m3ftp", "put", "0", "21", "theirs", "--local", "mine", "--client", "41");
            assertArrayEquals(bytes, Files.readAllBytes(local("node0", "theirs")));
            programs.row("node1", "proc", "m3ftp", "get", "0", "21", "theirs", "--local", "back", "--client", "41");
            assertArrayEquals(bytes, Files.readAllBytes(local("node1", "back")));
        } finally {
            Files.writeString(settings, before);
        }
        awaitBound("node0", 21, false);
    }

    /** Of a program that ends, its node hears a moment later. */
    private void awaitBound(String node, int endpoint, boolean there) {
        await().atMost(PATIENCE_S, SECONDS).until(() -> {
            boolean bound = false;
            for (JsonNode row : programs.rows(node, "proc", "list", "0")) {
                bound |= row.path("endp").asInt(-1) == endpoint;
            }
            return bound == there;
        });
    }
}
