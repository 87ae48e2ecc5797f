package org.dvs.itests.nodes;

import static org.awaitility.Awaitility.await;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

import com.fasterxml.jackson.databind.JsonNode;
import org.dvs.testkit.Ports;

/**
 * Nodes on this machine, laid out, started and asked with the script {@code dvs}, as a user does. Closing it, or the end of
 * this JVM, ends every process of it.
 */
final class LocalCluster implements AutoCloseable {
    static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration START = Duration.ofSeconds(300);
    private static final Path PROJECT = Path.of(System.getProperty("dvs.project", "../..")).toAbsolutePath().normalize();
    private static final int PORTS_EACH = 20;

    private final Path home;
    private final Map<String, String> environment = new HashMap<>();
    private final Thread hook = new Thread(this::killAll, "dvs-itests-cleanup-1");

    /**
     * @param name  of its folder below target
     * @param extra environment for the script
     */
    LocalCluster(String name, Map<String, String> extra) throws IOException {
        home = Path.of(System.getProperty("dvs.target", "target"), "clusters", name + "-" + ProcessHandle.current().pid()).toAbsolutePath();
        Files.createDirectories(home);
        int base = Ports.row(3 * PORTS_EACH);
        environment.put("DVS_HOME", home.toString());
        environment.put("DVS_PORT_CLUSTER", Integer.toString(base));
        environment.put("DVS_PORT_HTTPS", Integer.toString(base + PORTS_EACH));
        environment.put("DVS_PORT_SSH", Integer.toString(base + 2 * PORTS_EACH));
        environment.put("DVS_UP_TIMEOUT", "240");
        // Nodes of tests live for seconds: the second compiler would not pay.
        environment.put("DVS_JVM", "-XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Xshare:auto -XX:+ExitOnOutOfMemoryError");
        environment.putAll(extra);
        Runtime.getRuntime().addShutdownHook(hook);
    }

    Path home() {
        return home;
    }

    Path folder(String node) {
        return home.resolve(node);
    }

    Map<String, String> environment() {
        return environment;
    }

    /** Starts the script; its end is for the caller to see to. */
    Process start(String... words) throws IOException {
        return builder(words).start();
    }

    /** The script, with nothing on its standard input. */
    ProcessBuilder builder(String... words) {
        List<String> command = new ArrayList<>(List.of(PROJECT.resolve("dvs").toString()));
        command.addAll(List.of(words));
        ProcessBuilder builder = new ProcessBuilder(command).directory(home.toFile()).redirectInput(new File("/dev/null"));
        builder.environment().putAll(environment);
        builder.environment().remove("DVS_CONTEXT");
        return builder;
    }

    Printed dvs(String... words) {
        return dvs(PATIENCE, words);
    }

    Printed dvs(Duration patience, String... words) {
        long start = System.nanoTime();
        try {
            Path out = Files.createTempFile(home, "out", ".txt");
            Path err = Files.createTempFile(home, "err", ".txt");
            List<String> command = new ArrayList<>(List.of(PROJECT.resolve("dvs").toString()));
            command.addAll(List.of(words));
            ProcessBuilder builder = new ProcessBuilder(command).directory(home.toFile()).redirectInput(new File("/dev/null"))
                    .redirectOutput(out.toFile()).redirectError(err.toFile());
            builder.environment().putAll(environment);
            Process process = builder.start();
            boolean ended = process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS);
            if (!ended) {
                process.descendants().forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly().waitFor();
            }
            Printed printed = new Printed(ended ? process.exitValue() : -1, Files.readString(out), Files.readString(err),
                    (System.nanoTime() - start) / 1_000_000);
            Files.delete(out);
            Files.delete(err);
            return printed;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while " + String.join(" ", words) + " ran", e);
        }
    }

    /** Lays out and starts what does not run, and waits until all are ready. */
    void up(String... count) {
        List<String> words = new ArrayList<>(List.of("up"));
        words.addAll(List.of(count));
        Printed up = dvs(START, words.toArray(String[]::new));
        if (up.exit() != 0) {
            throw new AssertionError("dvs up: " + up);
        }
    }

    /** Starts what a test has ended and waits until every node sees all of them. */
    void whole() {
        if (pids().containsValue(0L)) {
            up();
        }
        int size = pids().size();
        await().atMost(PATIENCE).pollInterval(Duration.ofMillis(200)).until(() -> {
            Printed all = dvs("host", "command", "--all", "--timeout", "5s", "-o", "json", "true");
            return all.exit() == 0 && all.counts().equals(size + ",0,0,0");
        });
    }

    /** Waits until a node knows that no majority of the cluster is behind it: that it agrees on nothing any more. */
    void awaitNoMajority(String node) {
        await().atMost(PATIENCE).until(() -> {
            Printed info = dvs("cluster", "info", "--nodes", node, "-o", "json");
            return info.exit() == 0 && !info.node(node).path("rows").path(0).path("primary").asBoolean(true);
        });
    }

    /** Starts a node as the script does, from a folder of its own, and does not wait. Its end is for the caller to see to. */
    Process startIn(Path base) throws IOException {
        Files.createDirectories(base.resolve("data/tmp"));
        Files.createDirectories(base.resolve("data/log"));
        Files.createDirectories(base.resolve("deploy"));
        ProcessBuilder builder = new ProcessBuilder(home.resolve("image/bin/karaf").toString(), "server").directory(base.toFile())
                .redirectErrorStream(true).redirectOutput(base.resolve("data/log/console.log").toFile());
        builder.environment().putAll(Map.of("KARAF_BASE", base.toString(), "KARAF_DATA", base + "/data", "KARAF_ETC", base + "/etc",
                "KARAF_LOG", base + "/data/log", "CHECK_ROOT_INSTANCE_RUNNING", "false", "KARAF_EXEC", "exec"));
        return builder.start();
    }

    /** Name of each node, ascending, to its process, 0 if it does not run. */
    Map<String, Long> pids() {
        Map<String, Long> pids = new TreeMap<>();
        for (JsonNode node : dvs("status", "-o", "json").json()) {
            pids.put(node.path("node").asText(), node.path("pid").asLong(0));
        }
        return pids;
    }

    long pid(String node) {
        return pids().get(node);
    }

    /** Asks the script first which process it is; who has not that much time asks {@link #pid} before. */
    void kill(String node) {
        kill(pid(node));
    }

    static void kill(long pid) {
        ProcessHandle process = ProcessHandle.of(pid).orElseThrow();
        process.destroyForcibly();
        process.onExit().join();
    }

    /** @param signal {@code STOP} or {@code CONT} */
    void signal(String signal, long pid) throws IOException, InterruptedException {
        run("/bin/sh", "-c", "kill -" + signal + " " + pid);
    }

    static void run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException(String.join(" ", command) + ": " + output);
        }
    }

    /** Puts a bundle into a node's deploy folder, whole at once. */
    Path deploy(String node, String property) throws IOException {
        Path jar = Path.of(System.getProperty(property));
        Path folder = folder(node).resolve("deploy");
        Path hidden = folder.resolve("." + property + ".tmp");
        Files.copy(jar, hidden, StandardCopyOption.REPLACE_EXISTING);
        return Files.move(hidden, folder.resolve(property + ".jar"), StandardCopyOption.ATOMIC_MOVE);
    }

    String log(String node) {
        try {
            return Files.readString(folder(node).resolve("data/log/karaf.log"));
        } catch (IOException e) {
            return "";
        }
    }

    private void killAll() {
        try {
            for (long pid : pids().values()) {
                if (pid > 0) {
                    ProcessHandle.of(pid).ifPresent(process -> {
                        process.descendants().forEach(ProcessHandle::destroyForcibly);
                        process.destroyForcibly();
                    });
                }
            }
        } catch (RuntimeException e) {
            System.err.println("processes of " + home + " may be left: " + e);
        }
    }

    /** Stops the nodes; keeps their folders only if a test failed, which the caller tells by not calling this. */
    @Override
    public void close() throws IOException {
        Printed down = dvs(START, "down", "--destroy", "--yes");
        killAll();
        Runtime.getRuntime().removeShutdownHook(hook);
        if (down.exit() != 0) {
            throw new AssertionError("dvs down: " + down);
        }
    }
}
