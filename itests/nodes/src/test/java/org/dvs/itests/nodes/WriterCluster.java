package org.dvs.itests.nodes;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import org.awaitility.core.ConditionTimeoutException;
import org.dvs.security.tool.Main;
import org.dvs.testkit.Ports;

/**
 * Nodes in small processes of their own, each in a network namespace where there can be such, else on loopback, where a cut is
 * made by dropping what arrives. Closing it, or the end of this JVM, ends them all.
 */
final class WriterCluster implements AutoCloseable {
    static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final int PORT = 7800;
    private static final int JCMD_S = 10;
    /** Compiled quickly: they live for seconds. (TLS is slow then, some MB/s.) */
    private static final List<String> JVM = List.of("-Xmx256m", "-Xss512k", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1",
            "-Dorg.slf4j.simpleLogger.defaultLogLevel=info", "-Dorg.slf4j.simpleLogger.showDateTime=true",
            "-Dorg.slf4j.simpleLogger.dateTimeFormat=HH:mm:ss.SSS", "-Dorg.slf4j.simpleLogger.log.org.jgroups=warn",
            "-Dorg.slf4j.simpleLogger.log.org.jgroups.protocols.pbcast.GMS=debug",
            "-Dorg.slf4j.simpleLogger.log.org.jgroups.protocols.MERGE3=debug");

    private final Path home;
    private final int size;
    private final List<String> addresses;
    private final Namespaces network;
    private final boolean[][] cut;
    private final WriterProcess[] nodes;
    private final List<String> wrong = new CopyOnWriteArrayList<>();
    private final Thread hook = new Thread(this::end, "dvs-itests-cleanup-2");

    WriterCluster(String name, int size) throws IOException, InterruptedException {
        this.size = size;
        this.nodes = new WriterProcess[size];
        this.cut = new boolean[size][size];
        home = Path.of(System.getProperty("dvs.target", "target"), "clusters", name + "-" + ProcessHandle.current().pid())
                .toAbsolutePath();
        Files.createDirectories(home);
        String why = Namespaces.unavailable();
        network = why.isEmpty() ? new Namespaces(size) : null;
        System.out.println(name + ": " + (network != null ? "each node has a network namespace, a cut is silent there"
                : "the nodes are on loopback, where a cut drops what arrives, since " + why));
        addresses = network == null ? loopback()
                : IntStream.range(0, size).mapToObj(id -> network.address(id) + ":" + PORT).toList();
        Runtime.getRuntime().addShutdownHook(hook);
        makeKeys();
    }

    private List<String> loopback() throws IOException {
        int first = Ports.row(size);
        return IntStream.range(first, first + size).mapToObj(port -> "127.0.0.1:" + port).toList();
    }

    private static List<String> java() {
        return List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-cp",
                System.getProperty("java.class.path"));
    }

    /** In a JVM of its own, since the tool ends the one it runs in. */
    private void makeKeys() throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(java());
        command.addAll(List.of(Main.class.getName(), "layout", "--dir", home.resolve("authority").toString(), "--name",
                "acceptance"));
        for (int id = 0; id < size; id++) {
            command.addAll(List.of("--node", id + ":node" + id + ":" + home.resolve("node" + id).resolve("keys")));
        }
        LocalCluster.run(command.toArray(String[]::new));
    }

    /** @param founders names; none on a node that is to be admitted */
    void start(int id, List<String> founders) throws IOException {
        List<String> command = new ArrayList<>();
        if (network != null) {
            command.addAll(List.of(network.environment().get("DVS_NODE_EXEC_PATTERN").formatted(id).split(" ")));
        }
        command.addAll(java());
        command.addAll(command.size() - 2, JVM);
        command.addAll(List.of(WriterNode.class.getName(), home.resolve("node" + id).toString(), addresses.get(id),
                String.join(",", addresses), founders.isEmpty() ? "-" : String.join(",", founders)));
        nodes[id] = new WriterProcess("node" + id, command, home.resolve("node" + id + ".log").toFile(), wrong::add);
        deafen(id);
    }

    WriterProcess node(int id) {
        return nodes[id];
    }

    Path home() {
        return home;
    }

    /** Waits for a condition; fails at once when a node says that something is wrong. */
    void until(String what, Callable<Boolean> condition) {
        try {
            await(what).atMost(PATIENCE).pollDelay(Duration.ZERO).pollInterval(Duration.ofMillis(20)).until(() -> {
                check();
                return condition.call();
            });
        } catch (ConditionTimeoutException e) {
            keepThreads();
            throw e;
        }
    }

    /** What each node was doing when something was awaited in vain. */
    private void keepThreads() {
        String jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
        for (WriterProcess node : nodes) {
            try {
                Process dump = new ProcessBuilder(jcmd, Long.toString(node.pid()), "Thread.print")
                        .redirectOutput(home.resolve(node.name() + ".threads").toFile()).redirectErrorStream(true).start();
                dump.waitFor(JCMD_S, TimeUnit.SECONDS);
            } catch (IOException | InterruptedException | RuntimeException e) {
                System.out.println("no threads of a node: " + e);
            }
        }
    }

    /** Fails if a node has said that something is wrong. */
    void check() {
        if (!wrong.isEmpty()) {
            throw new AssertionError(String.join("; ", wrong));
        }
    }

    /** @return id of the node that leads the log as most of these nodes know it; -1 for none */
    int leader(List<Integer> among) throws InterruptedException {
        int[] votes = new int[size];
        for (int id : among) {
            String name = nodes[id].ask("state").split(" ")[1];
            if (!name.equals("-")) {
                votes[Integer.parseInt(name.substring("node".length()))]++;
            }
        }
        int best = IntStream.range(0, size).boxed().max(Comparator.comparing(id -> votes[id])).orElseThrow();
        return votes[best] == 0 ? -1 : best;
    }

    /** What every one of these nodes holds under a prefix, after each has made sure that it has all. */
    Map<String, List<Ledger.Held>> dump(List<Integer> among, String prefix) {
        Map<String, List<Ledger.Held>> held = new LinkedHashMap<>();
        for (int id : among) {
            until("what " + nodes[id].name() + " holds", () -> {
                List<Ledger.Held> its = nodes[id].dump(prefix);
                held.put(nodes[id].name(), its);
                return its != null;
            });
        }
        return held;
    }

    // ------------------------------------------------------------------------------------------------------------- troubles

    void cut(int one, int other) throws IOException, InterruptedException {
        cut[one][other] = true;
        cut[other][one] = true;
        if (network != null) {
            network.cut(one, other);
        }
        deafen(one);
        deafen(other);
    }

    void mend() throws IOException, InterruptedException {
        for (int one = 0; one < size; one++) {
            for (int other = 0; other < one; other++) {
                if (cut[one][other] && network != null) {
                    network.mend(one, other);
                }
            }
        }
        for (int id = 0; id < size; id++) {
            Arrays.fill(cut[id], false);
        }
        for (int id = 0; id < size; id++) {
            deafen(id);
        }
    }

    /** Without namespaces: has a node drop what comes from those it is cut off from. */
    private void deafen(int id) {
        if (network == null && nodes[id] != null) {
            String deafTo = String.join(",", IntStream.range(0, size).filter(other -> cut[id][other]).mapToObj(Integer::toString)
                    .toList());
            nodes[id].say("deaf " + (deafTo.isEmpty() ? "-" : deafTo));
        }
    }

    private void killAll() {
        for (WriterProcess node : nodes) {
            if (node != null) {
                ProcessHandle.of(node.pid()).ifPresent(ProcessHandle::destroyForcibly);
            }
        }
    }

    private void end() {
        killAll();
        if (network != null) {
            network.close();
        }
    }

    /** Ends all; its folder stays if something was wrong, or it is told to keep it. */
    void close(boolean keep) throws IOException {
        end();
        Runtime.getRuntime().removeShutdownHook(hook);
        if (!keep && wrong.isEmpty()) {
            try (Stream<Path> files = Files.walk(home)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.deleteIfExists(file);
                }
            }
        } else {
            System.out.println("The logs stay in " + home);
        }
    }

    @Override
    public void close() throws IOException {
        close(false);
    }
}
