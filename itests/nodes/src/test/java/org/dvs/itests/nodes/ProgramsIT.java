package org.dvs.itests.nodes;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** README's programs on a real node, as typed. Names finish the sentence "programs outside the container …". */
@ExtendWith(ThreeNodes.class)
@Tag("R-CMD-14")
class ProgramsIT {
    private static final Path PROJECT = Path.of(System.getProperty("dvs.project", "../..")).toAbsolutePath().normalize();
    private static final long PATIENCE_SECONDS = 90;

    private final List<Process> started = new ArrayList<>();
    private LocalCluster cluster;

    @BeforeEach
    void startADc(LocalCluster three) {
        cluster = three;
        cluster.dvs("dvs", "init", "--nodes", "node0");
        Printed init = cluster.dvs("dc", "init", "0", "--nodes", "node0");
        assertTrue(init.exit() == 0 || init.text().contains("0342"), init.text());
    }

    @AfterEach
    void end() throws Exception {
        for (Process process : started) {
            process.destroyForcibly().waitFor();
        }
        cluster.dvs("dc", "end", "0", "--yes");
        cluster.dvs("dvs", "end", "--nodes", "node0", "--yes");
    }

    private String socket() {
        return cluster.folder("node0").resolve("data/kernel.sock").toString();
    }

    private Path image(String program) {
        return cluster.home().resolve("image/bin").resolve(program);
    }

    /** Starts a program; what it prints goes into the file. */
    private Process start(Path out, String... command) throws IOException {
        Process process = new ProcessBuilder(command).directory(PROJECT.toFile()).redirectErrorStream(true).redirectOutput(out.toFile())
                .start();
        started.add(process);
        return process;
    }

    private Process example(Path out, String name) throws Exception {
        Process path = new ProcessBuilder(image("dvs-classpath").toString()).start();
        String classPath = new String(path.getInputStream().readAllBytes()).trim();
        assertEquals(0, path.waitFor());
        return start(out, "java", "-cp", classPath, "docs/examples/" + name + ".java", socket());
    }

    private Path output(String name) throws IOException {
        return Files.createTempFile(cluster.home(), name, ".txt");
    }

    /** Endpoints in use in the DC on the node. */
    private int bound() {
        JsonNode rows = cluster.dvs("dc", "show", "--nodes", "node0", "-o", "json").json().path("nodes").path(0).path("rows");
        return rows.path(0).path("bound").asInt(-1);
    }

    /** A program's endpoint is free a moment after it has ended: nobody tells the node but the end of the connection. */
    private void awaitBound(int count) {
        await().atMost(PATIENCE_SECONDS, SECONDS).until(() -> bound() == count);
    }

    private static String columns(String line) {
        return line.strip().replaceAll(" +", " ");
    }

    @Test
    void exchangeMessagesAndABlock() throws Exception {
        Path holders = output("holder");
        Path askers = output("asker");
        Process holder = example(holders, "Holder");
        Process asker = example(askers, "Asker");
        assertTrue(asker.waitFor(PATIENCE_SECONDS, SECONDS), "the asker does not end");
        assertEquals("copied 65536 bytes: a block from process " + holder.pid() + "\n", Files.readString(askers));
        assertTrue(holder.waitFor(PATIENCE_SECONDS, SECONDS), "the holder does not end");
        assertEquals("holder is endpoint 10\nasked by 11: your block?\ndone\n", Files.readString(holders));
    }

    @Test
    void timeTheirRoundTrips() throws Exception {
        Path servers = output("server");
        Process server = start(servers, image("dvs-latency").toString(), "--socket", socket(), "server", "0", "10");
        await().atMost(PATIENCE_SECONDS, SECONDS).until(() -> Files.readString(servers).contains("endpoint 10 of dc0 answers"));
        Path clients = output("client");
        Process client = start(clients, image("dvs-latency").toString(), "--socket", socket(), "client", "0", "11", "10", "500");
        assertTrue(client.waitFor(PATIENCE_SECONDS, SECONDS), "the client does not end");
        assertTrue(Files.readString(clients).startsWith("500 round trips: min "), Files.readString(clients));
        assertEquals(0, client.exitValue());

        awaitBound(1);
        List<String> listed = cluster.dvs("proc", "list", "0", "--nodes", "node0").out().lines().toList();
        assertEquals("DCID P_NR ENDP LPID VPID ND FLAG MISC GETF SNDT WMIG PRXY NAME", columns(listed.get(0)));
        assertEquals("0 10 10 " + server.pid() + " -1 0 8 20 31438 27342 27342 27342 latencyd", columns(listed.get(1)));

        // Killed without a word: unbound the moment its socket closes, and who asks is told.
        server.destroyForcibly().waitFor();
        awaitBound(0);
        Path late = output("late");
        Process refused = start(late, image("dvs-latency").toString(), "--socket", socket(), "client", "0", "11", "10");
        assertTrue(refused.waitFor(PATIENCE_SECONDS, SECONDS), "the late client does not end");
        assertEquals(1, refused.exitValue());
        assertTrue(Files.readString(late).contains("DVS-IPC-0105"), Files.readString(late));
    }

    @Test
    @Tag("R-PXY-14")
    void bringAFileByBlocksAndGoOnAfterAKill() throws Exception {
        Path folder = Files.createDirectory(cluster.home().resolve("served"));
        byte[] bytes = new byte[20_000_003];
        new Random(1).nextBytes(bytes);
        Path file = Files.write(cluster.home().resolve("file"), bytes);
        Path servers = output("m3ftpd");
        start(servers, image("dvs-m3ftp").toString(), "--socket", socket(), "server", "0", "20", folder.toString());
        await().atMost(PATIENCE_SECONDS, SECONDS).until(() -> Files.readString(servers).contains("endpoint 20 of dc0 serves"));
        Process killed = start(output("killed"), image("dvs-m3ftp").toString(), "--socket", socket(), "put", "0", "100", "20",
                file.toString(), "copy", "--block", "4096");
        Path part = folder.resolve(".copy.part");
        Path whole = folder.resolve("copy");
        // Where it is whole before somebody looks, there is nothing to go on with, but nothing wrong either.
        await().atMost(PATIENCE_SECONDS, SECONDS).pollInterval(20, MILLISECONDS).until(() -> part.toFile().length() > 0
                || Files.exists(whole));
        killed.destroyForcibly().waitFor();
        // The next one is bound where this one was.
        awaitBound(1);
        Path puts = output("put");
        Process put = start(puts, image("dvs-m3ftp").toString(), "--socket", socket(), "put", "0", "100", "20", file.toString(),
                "copy", "--resume");
        assertTrue(put.waitFor(PATIENCE_SECONDS, SECONDS), "put does not end");
        assertTrue(Files.readString(puts).startsWith("20000003 bytes"), Files.readString(puts));
        assertArrayEquals(bytes, Files.readAllBytes(whole));

        Printed got = cluster.dvs("proc", "m3ftp", "get", "0", "20", "copy", "--nodes", "node0", "-o", "json");
        assertEquals("1,0,0,0", got.counts(), got.text());
        assertArrayEquals(bytes, Files.readAllBytes(cluster.folder("node0").resolve("data/m3ftp/copy")));
        Printed refused = cluster.dvs("proc", "m3ftp", "get", "0", "20", "../file", "--nodes", "node0");
        assertTrue(refused.text().contains("DVS-SEC-0013"), refused.text());
    }

    @Test
    void findTheSameProgramInTheContainer() {
        Printed figures = cluster.dvs("proc", "latency", "0", "--nodes", "node0", "--loops", "1000", "-o", "json");
        assertEquals("1,0,0,0", figures.counts(), figures.text());
        assertEquals(1000, figures.json().path("nodes").path(0).path("rows").path(0).path("loops").asInt());
    }
}
