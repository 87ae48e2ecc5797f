package org.dvs.itests.nodes;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;
import org.dvs.api.ErrorCode;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Names finish the sentence "membership …". */
@Tag("R-CMD-18")
@ExtendWith(ThreeNodes.class)
class MembershipIT {

    private static String setting(Path file, String key) throws IOException {
        return Files.readAllLines(file).stream().filter(line -> line.startsWith(key + " = ")).map(line -> line.substring(key.length() + 3))
                .findFirst().orElseThrow(() -> new AssertionError(key + " is not in " + file));
    }

    private static void set(Path file, String key, String value) throws IOException {
        Files.writeString(file, Files.readString(file).replaceAll("(?m)^#?" + key + " *=.*$", key + " = " + value));
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.toList()) {
                Path target = to.resolve(from.relativize(file).toString());
                if (Files.isDirectory(file)) {
                    Files.createDirectories(target);
                } else {
                    Files.copy(file, target);
                }
            }
        }
    }

    private static void awaitLog(Path base, String text) {
        Path log = base.resolve("data/log/karaf.log");
        await().atMost(240, SECONDS).until(() -> Files.exists(log) && Files.readString(log).contains(text));
    }

    private static void end(Process process) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
        process.onExit().join();
    }

    /** Ports a little above those of the three nodes. */
    private static void otherPorts(LocalCluster cluster, Path etc) throws IOException {
        Path original = cluster.folder("node2").resolve("etc");
        set(etc.resolve("org.dvs.cluster.cfg"), "bindPort",
                Integer.toString(Integer.parseInt(setting(original.resolve("org.dvs.cluster.cfg"), "bindPort")) + 7));
        set(etc.resolve("org.dvs.web.cfg"), "port",
                Integer.toString(Integer.parseInt(setting(original.resolve("org.dvs.web.cfg"), "port")) + 7));
        set(etc.resolve("org.apache.karaf.shell.cfg"), "sshPort",
                Integer.toString(Integer.parseInt(setting(original.resolve("org.apache.karaf.shell.cfg"), "sshPort")) + 7));
    }

    @Test
    void refusesASecondNodeWithTheSameId(LocalCluster cluster) throws IOException {
        Path twin = cluster.home().resolve("twin");
        copy(cluster.folder("node2").resolve("etc"), twin.resolve("etc"));
        copy(cluster.folder("node2").resolve("keys"), twin.resolve("keys"));
        otherPorts(cluster, twin.resolve("etc"));
        Process process = cluster.startIn(twin);
        try {
            awaitLog(twin, "DVS-CLU-0315");
            Printed all = cluster.dvs("host", "df", "--all", "-o", "json");
            assertEquals("3,0,0,0", all.counts(), all.text());
        } finally {
            end(process);
        }
    }

    @Test
    void refusesANodeOfAnotherCluster(LocalCluster cluster) throws IOException {
        Path alien = cluster.home().resolve("alien");
        copy(cluster.folder("node2").resolve("etc"), alien.resolve("etc"));
        otherPorts(cluster, alien.resolve("etc"));
        // Without keys it founds an authority of its own at its first start; its seeds are our nodes.
        Process process = cluster.startIn(alien);
        try {
            awaitLog(alien, "DVS-SEC-1012");
            await().atMost(30, SECONDS).until(() -> cluster.log("node0").contains("DVS-SEC-1012")
                    || cluster.log("node1").contains("DVS-SEC-1012") || cluster.log("node2").contains("DVS-SEC-1012"));
            Printed all = cluster.dvs("host", "df", "--all", "-o", "json");
            assertEquals("3,0,0,0", all.counts(), all.text());
            assertEquals(3, cluster.dvs("node", "list", "-o", "jsonl").out().lines().filter(line -> line.contains("\"row\"")).count());
        } finally {
            end(process);
        }
    }

    @Test
    void runsTheScriptOfEachEventOnEveryNodeThatSeesIt(LocalCluster cluster, @TempDir Path folder) throws IOException {
        Path script = folder.resolve("event");
        Files.writeString(script, "#!/bin/sh\necho \"$DVS_EVENT local=$DVS_LOCAL_NODE changed=$DVS_NODES_CHANGED primary=$DVS_PRIMARY"
                + " new=$DVS_NODES_NEW\" >>'" + folder + "/events'\n");
        Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwx------"));
        for (String node : List.of("node0", "node1")) {
            Path file = cluster.folder(node).resolve("etc/org.dvs.registry.cfg");
            set(file, "disconnectScript", script.toString());
            set(file, "joinScript", script.toString());
        }
        Path events = folder.resolve("events");
        awaitTaken(cluster);

        cluster.kill("node2");
        await().atMost(30, SECONDS).until(() -> lines(events, "DISCONNECT") == 2);
        cluster.whole();
        await().atMost(30, SECONDS).until(() -> lines(events, "JOIN") == 2);

        String seen = Files.readString(events);
        assertTrue(seen.contains("DISCONNECT local=node0 changed=node2 primary=yes new=node0,node1"), seen);
        assertTrue(seen.contains("JOIN local=node1 changed=node2 primary=yes new=node0,node1,node2"), seen);
        for (String node : List.of("node0", "node1")) {
            Path file = cluster.folder(node).resolve("etc/org.dvs.registry.cfg");
            set(file, "disconnectScript", "");
            set(file, "joinScript", "");
        }
    }

    @Test
    @Tag("R-CMD-05")
    void leavesNoRequestUnansweredThatIsSentWhileANodeJoins(LocalCluster cluster) throws Exception {
        Api api = new Api(cluster, "node0");
        cluster.kill("node2");
        CompletableFuture<Void> whole = CompletableFuture.runAsync(cluster::whole);
        List<CompletableFuture<List<String>>> calls = new ArrayList<>();
        while (!done(whole)) {
            if (calls.stream().filter(call -> !call.isDone()).count() < 32) {
                calls.add(api.call("host", "df", "--all", "--timeout", "60s", "-o", "json"));
            }
        }
        whole.join();

        Map<String, Integer> ends = new TreeMap<>();
        for (CompletableFuture<List<String>> call : calls) {
            List<String> lines = call.get(100, SECONDS);
            JsonNode last = new Printed(0, Api.out(lines), lines.toString(), 0).node("node2");
            String end = last.path("state").asText() + " " + last.path("rcode").asInt();
            assertNotEquals("silent " + ErrorCode.TIMEDOUT.rcode(), end, lines.toString());
            ends.merge(end, 1, Integer::sum);
        }
        System.out.println("node2's answers while it joins: " + ends);
        assertTrue(ends.containsKey("ok 0"), ends.toString());
    }

    /** Waits for it a tenth of a second. */
    private static boolean done(CompletableFuture<Void> future) throws Exception {
        try {
            future.get(100, MILLISECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        }
    }

    private static void awaitTaken(LocalCluster cluster) {
        await().atMost(30, SECONDS).until(() -> List.of("node0", "node1").stream()
                .allMatch(node -> cluster.log(node).contains("org.dvs.registry: published, 2 key(s) set")));
    }

    private static long lines(Path file, String event) throws IOException {
        return Files.exists(file) ? Files.readAllLines(file).stream().filter(line -> line.startsWith(event + " ")).count() : 0;
    }
}
