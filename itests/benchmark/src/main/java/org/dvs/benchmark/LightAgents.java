package org.dvs.benchmark;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import org.dvs.api.Caller;
import org.dvs.api.DvsException;
import org.dvs.api.Role;
import org.dvs.api.dispatch.Answer;
import org.dvs.api.dispatch.JobListener;
import org.dvs.api.dispatch.NodeState;
import org.dvs.api.dispatch.Order;
import org.dvs.api.dispatch.Pace;
import org.dvs.api.dispatch.Selection;
import org.dvs.security.tool.Main;

/**
 * Many nodes in this JVM: engine over loopback TCP with TLS, dispatcher and host agent, without containers. The time until
 * the last answer is shown beside what the operating system alone takes for the same work.
 */
final class LightAgents {
    private static final int FIRST_PORT = 12_000;
    private static final int LAST_PORT = 14_999;
    private static final int AT_ONCE = 8;
    private static final int WARM_UP = 20;
    private static final String UPTIME = "/usr/bin/uptime";

    private LightAgents() {
    }

    static void measure(int count, int runs) throws Exception {
        Path folder = Files.createTempDirectory(Path.of(System.getProperty("dvs.target", "target")), "agents");
        List<LightNode> nodes = new ArrayList<>();
        try {
            long start = System.nanoTime();
            start(folder, count, nodes);
            System.out.printf("%nLight agents: %d in one JVM, joined after %.1f s%n", count, (System.nanoTime() - start) / 1e9);
            LightNode requester = nodes.get(0);
            Figures first = new Figures("df, the first " + WARM_UP + ", while it warms up", "ms");
            ask(requester, count, "RQST_DF", Map.of(), WARM_UP, first);
            ask(requester, count, "RQST_COMMAND", Map.of("argv", List.of("uptime")), Math.max(3, runs / 3), new Figures("warm-up", "ms"));

            Figures df = new Figures("df, last of " + count + " answers", "ms");
            Figures work = new Figures("df, processor time of all nodes meanwhile", "ms");
            Figures command = new Figures("command uptime, last of " + count + " answers", "ms");
            Figures floor = new Figures(count + " plain fork+exec of uptime, two at once", "ms");
            Figures shell = new Figures(count + " plain fork+exec of uptime, by a shell, one by one", "ms");
            for (int run = 0; run < runs; run++) {
                long before = Machine.processorNanos();
                ask(requester, count, "RQST_DF", Map.of(), 1, df);
                work.addNanos(Machine.processorNanos() - before);
                ask(requester, count, "RQST_COMMAND", Map.of("argv", List.of("uptime")), 1, command);
                plain(count, floor);
                byShell(count, shell);
            }
            System.out.println("  load at the end " + Machine.load());
            first.print();
            df.print();
            work.print();
            command.print();
            floor.print();
            shell.print();
            System.out.printf("  goal: df at most 50 ms with 64 agents%n");
            command.over(floor, "at most 3 x");
            command.over(shell, "at most 3 x");
        } finally {
            nodes.forEach(LightNode::close);
            delete(folder);
        }
    }

    private static void start(Path folder, int count, List<LightNode> nodes) throws Exception {
        List<String> words = new ArrayList<>(List.of("layout", "--dir", folder.resolve("authority").toString(), "--name", "benchmark"));
        for (int id = 0; id < count; id++) {
            words.add("--node");
            words.add(id + ":node" + id + ":" + folder.resolve("node" + id).resolve("keys"));
        }
        layout(words);
        Path allow = Files.writeString(folder.resolve("allow"), UPTIME + "\n");
        Files.setPosixFilePermissions(allow, PosixFilePermissions.fromString("rw-------"));
        List<InetSocketAddress> addresses = freeAddresses(count);
        List<InetSocketAddress> seeds = addresses.subList(0, Math.min(3, count));
        List<String> founders = Stream.iterate(0, id -> id + 1).limit(seeds.size()).map(id -> "node" + id).toList();
        for (int id = 0; id < count; id++) {
            LightNode node = new LightNode(folder.resolve("node" + id), count, addresses.get(id), seeds, founders, allow);
            nodes.add(node);
            // The founders first: the others find a cluster to join. Then a few at once: each must shake hands with all.
            if (id >= seeds.size() - 1 && (id - seeds.size() + 1) % AT_ONCE == 0) {
                for (LightNode joining : nodes) {
                    joining.awaitJoined();
                }
            }
        }
        for (LightNode node : nodes) {
            node.awaitMembers(count);
        }
    }

    /** In a JVM of its own, since the tool ends the one it runs in. */
    private static void layout(List<String> words) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-cp",
                System.getProperty("java.class.path"), Main.class.getName()));
        command.addAll(words);
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes());
        if (process.waitFor() != 0) {
            throw new IOException("keys: " + output);
        }
    }

    /** Below the ports that the system gives to outgoing connections: these are taken one after another meanwhile. */
    private static List<InetSocketAddress> freeAddresses(int count) throws IOException {
        List<InetSocketAddress> addresses = new ArrayList<>();
        for (int port = FIRST_PORT; addresses.size() < count; port++) {
            if (port > LAST_PORT) {
                throw new IOException("no " + count + " free ports in " + FIRST_PORT + ".." + LAST_PORT);
            }
            try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                addresses.add(new InetSocketAddress(socket.getInetAddress(), port));
            } catch (BindException e) {
                // Somebody else's.
                continue;
            }
        }
        return addresses;
    }

    private static void ask(LightNode requester, int count, String request, Map<String, Object> values, int runs, Figures figures)
            throws DvsException, Exception {
        Caller caller = new Caller("benchmark", Set.of(Role.OPERATOR), "internal", "local");
        for (int run = 0; run < runs; run++) {
            Order order = new Order(request, values, Selection.ALL, Duration.ofSeconds(30), Pace.DEFAULT, caller, "");
            long start = System.nanoTime();
            Answer answer = requester.dispatcher().dispatch(order, JobListener.NONE).answer().get(60, TimeUnit.SECONDS);
            figures.addNanos(System.nanoTime() - start);
            if (answer.count(NodeState.OK) != count) {
                throw new IllegalStateException(request + ": " + answer.count(NodeState.OK) + " of " + count + " are ok: "
                        + answer.nodes().stream().filter(node -> node.state() != NodeState.OK).limit(3).toList());
            }
        }
    }

    private static void plain(int count, Figures figures) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(2);
        try {
            long start = System.nanoTime();
            List<Future<Integer>> running = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                running.add(threads.submit(() -> {
                    Process process = new ProcessBuilder(UPTIME).start();
                    process.getInputStream().readAllBytes();
                    return process.waitFor();
                }));
            }
            for (Future<Integer> each : running) {
                each.get();
            }
            figures.addNanos(System.nanoTime() - start);
        } finally {
            threads.shutdown();
        }
    }

    private static void byShell(int count, Figures figures) throws IOException, InterruptedException {
        long start = System.nanoTime();
        new ProcessBuilder("/bin/sh", "-c", "i=0; while [ $i -lt " + count + " ]; do " + UPTIME + " >/dev/null; i=$((i+1)); done").start()
                .waitFor();
        figures.addNanos(System.nanoTime() - start);
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
