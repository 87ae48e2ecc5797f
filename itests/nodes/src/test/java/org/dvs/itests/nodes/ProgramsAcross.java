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
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

import com.fasterxml.jackson.databind.JsonNode;

/** README's programs on node0 and node1, as typed: dc0 on all nodes, servers on node1, and who asks them. */
final class ProgramsAcross implements AutoCloseable {
    static final long PATIENCE_S = 120;
    private static final int CLIENT = 40;
    private static final int CLIENTS = 50;

    private final LocalCluster cluster;
    private final List<Process> started = new CopyOnWriteArrayList<>();
    private final AtomicInteger clients = new AtomicInteger();

    ProgramsAcross(LocalCluster cluster) {
        this.cluster = cluster;
        cluster.dvs("dvs", "init", "--all");
        Printed init = cluster.dvs("dc", "init", "0", "--all");
        assertEquals(0, init.exit(), init.text());
        awaitPair();
    }

    /** Waits until the DC's members node0 and node1 reach each other by their pair. */
    void awaitPair() {
        await().atMost(PATIENCE_S, SECONDS).until(() -> reaches("node0", 1) && reaches("node1", 0));
    }

    private boolean reaches(String node, int other) {
        for (JsonNode row : rows(node, "node", "show")) {
            if (row.path("id").asInt(-1) == other) {
                return row.path("flags").asText().equals("E") && row.path("dcs").asText().equals("0");
            }
        }
        return false;
    }

    /** The rows of an answer of one node. */
    JsonNode rows(String node, String... words) {
        return asked(node, words).json().path("nodes").path(0).path("rows");
    }

    private Printed asked(String node, String... words) {
        List<String> all = new ArrayList<>(List.of(words));
        all.addAll(List.of("--nodes", node, "-o", "json"));
        return cluster.dvs(all.toArray(String[]::new));
    }

    /** The one row of an answer of one node, which must be a good one. */
    JsonNode row(String node, String... words) {
        Printed printed = asked(node, words);
        assertTrue(printed.exit() == 0 && printed.counts().equals("1,0,0,0"), printed.text());
        return printed.json().path("nodes").path(0).path("rows").path(0);
    }

    /** Of node0's pair to node1, from {@code proxy list}. */
    JsonNode pair() {
        return pair("node0", 1);
    }

    JsonNode pair(String node, int peer) {
        for (JsonNode row : rows(node, "proxy", "list")) {
            if (row.path("proxy").asInt(-1) == peer) {
                return row;
            }
        }
        return rows(node, "proxy", "list").path(-1);
    }

    void awaitState(String state) {
        await().atMost(PATIENCE_S, SECONDS).until(() -> pair().path("state").asText().equals(state));
    }

    /** Starts {@code dvs-latency} or {@code dvs-m3ftp}; what it prints goes into the file. */
    Process start(String program, Path out, String node, String... words) throws IOException {
        List<String> command = new ArrayList<>(List.of(cluster.home().resolve("image/bin").resolve(program).toString(),
                "--socket", cluster.folder(node).resolve("data/kernel.sock").toString()));
        command.addAll(List.of(words));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(out.toFile()).start();
        started.add(process);
        return process;
    }

    Path output(String name) throws IOException {
        return Files.createTempFile(cluster.home(), name, ".txt");
    }

    /** Starts a server on node1, and tells node0 of it. */
    void serve(String program, int endpoint, String... words) throws IOException {
        serveOn("node1", program, endpoint, words);
        bind(endpoint, "node1", "node0");
    }

    /** Starts a server, and waits until it can receive. */
    Process serveOn(String node, String program, int endpoint, String... words) throws IOException {
        Path out = output("server");
        List<String> all = new ArrayList<>(List.of("server", "0", Integer.toString(endpoint)));
        all.addAll(List.of(words));
        Process server = start(program, out, node, all.toArray(String[]::new));
        await().atMost(PATIENCE_S, SECONDS).until(() -> {
            assertTrue(server.isAlive(), () -> read(out));
            return read(out).contains("endpoint " + endpoint + " of dc0 ");
        });
        return server;
    }

    /** Tells a node where an endpoint is. */
    void bind(int endpoint, String where, String told) {
        await().atMost(PATIENCE_S, SECONDS).until(
                () -> cluster.dvs("proxy", "bind", "0", Integer.toString(endpoint), where, "--nodes", told).exit() == 0);
    }

    void serveLatency() throws IOException {
        serve("dvs-latency", 10);
    }

    /** An endpoint for a client: not those of the last ones, as a node may learn late that a program has ended. */
    String endpoint() {
        return Integer.toString(CLIENT + clients.getAndIncrement() % CLIENTS);
    }

    /** A client on node0 that asks so often. */
    Process client(Path out, int loops) throws IOException {
        return start("dvs-latency", out, "node0", "client", "0", endpoint(), "10", Integer.toString(loops));
    }

    /** Asks a few times, which must end well. */
    void ask() throws Exception {
        Path out = output("client");
        assertEquals("", ended(client(out, 300), out, 0, "300 round trips: min "));
    }

    /** A client that asks on and on, and has begun. */
    Process asking(Path out) throws IOException {
        long before = sent();
        Process client = client(out, 1_000_000);
        await().atMost(PATIENCE_S, SECONDS).until(() -> sent() > before + 1_000 || !client.isAlive());
        return client;
    }

    /** @return what is wrong with how a program ended; empty if nothing */
    static String ended(Process program, Path out, int exit, String begin) throws InterruptedException {
        if (!program.waitFor(PATIENCE_S, SECONDS)) {
            return "it does not end";
        }
        String text = read(out);
        return program.exitValue() == exit && text.startsWith(begin) ? "" : "exit " + program.exitValue() + ": " + text;
    }

    static String read(Path file) {
        return Processes.text(file);
    }

    /** Commands that node0 has sent to node1. */
    long sent() {
        return pair().path("sent").asLong(0);
    }

    @Override
    public void close() throws Exception {
        for (Process process : started) {
            process.destroyForcibly().waitFor();
        }
        cluster.whole();
        cluster.dvs("dc", "end", "0", "--yes");
        cluster.dvs("dvs", "end", "--all", "--yes");
    }
}
