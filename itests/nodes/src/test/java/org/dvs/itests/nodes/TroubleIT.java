package org.dvs.itests.nodes;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Names finish the sentence "a cluster of three …". */
@ExtendWith(ThreeNodes.class)
class TroubleIT {

    @Test
    @Tag("R-CMD-05")
    void tellsWhichNodeIsDeadBeforeTheRequestAndTakesItBack(LocalCluster cluster) {
        cluster.kill("node2");

        Printed first = cluster.dvs("host", "df", "--all", "--timeout", "10s", "-o", "json");
        assertEquals(4, first.exit(), first.text());
        assertEquals("2,0,1,0", first.counts());
        assertTrue(Set.of(-56, -64, -61).contains(first.node("node2").path("rcode").asInt()), first.text());

        await().atMost(30, SECONDS).until(() -> cluster.dvs("host", "df", "--all", "-o", "json").node("node2").path("rcode").asInt() == -56);
        Printed table = cluster.dvs("host", "df", "--all");
        assertEquals(4, table.exit(), table.text());
        assertTrue(table.text().contains("node2") && table.text().contains("DVS-NET-0056"), table.text());

        cluster.whole();
    }

    @Test
    @Tag("R-CMD-05")
    void endsARequestAtOnceWhenANodeDiesDuringIt(LocalCluster cluster) throws Exception {
        long pid = cluster.pid("node2");
        CompletableFuture<Printed> answer = CompletableFuture.supplyAsync(
                () -> cluster.dvs("host", "command", "--all", "--timeout", "55s", "-o", "json", "sleep", "12"));
        await().atMost(20, SECONDS).until(() -> Processes.running("sleep", "12").size() == 3);

        LocalCluster.kill(pid);

        Printed printed = answer.get(60, SECONDS);
        assertEquals(4, printed.exit(), printed.text());
        assertEquals("2,0,1,0", printed.counts());
        assertEquals(-64, printed.node("node2").path("rcode").asInt(), printed.text());
        assertTrue(printed.elapsedMs() < 50_000, "did not wait for the deadline: " + printed.elapsedMs());
    }

    @Test
    @Tag("R-CMD-05")
    void waitsForAPausedNodeNoLongerThanTheDeadlineAndTakesItBack(LocalCluster cluster) throws Exception {
        long pid = cluster.pid("node1");
        cluster.signal("STOP", pid);
        try {
            Printed paused = cluster.dvs("host", "df", "--all", "--timeout", "10s", "-o", "json");
            assertEquals(4, paused.exit(), paused.text());
            assertEquals("2,0,1,0", paused.counts());
            assertTrue(paused.elapsedMs() < 40_000, paused.toString());
            // Long enough to be put out of the view.
            await().atMost(60, SECONDS).until(
                    () -> cluster.dvs("host", "df", "--all", "--timeout", "3s", "-o", "json").node("node1").path("rcode").asInt() == -56);
        } finally {
            cluster.signal("CONT", pid);
        }

        cluster.whole();
        assertEquals(pid, cluster.pid("node1"));
    }

    @Test
    @Tag("R-CMD-07")
    void stopsTheWorkOfARequesterThatIsKilled(LocalCluster cluster) throws Exception {
        CompletableFuture<Printed> answer = CompletableFuture.supplyAsync(
                () -> cluster.dvs("host", "command", "--all", "--timeout", "50s", "sleep", "46"));
        await().atMost(20, SECONDS).until(() -> Processes.running("sleep", "46").size() == 3);

        cluster.kill("node0");

        Printed printed = answer.get(60, SECONDS);
        assertEquals(5, printed.exit(), printed.text());
        // The killed node's own child is nobody's any more; the other two end theirs.
        await().atMost(30, SECONDS).until(() -> Processes.running("sleep", "46").size() <= 1);
        for (long orphan : Processes.running("sleep", "46")) {
            ProcessHandle.of(orphan).ifPresent(ProcessHandle::destroyForcibly);
        }
        Printed others = cluster.dvs("host", "df", "--nodes", "node[1-2]", "-o", "json");
        assertEquals(0, others.exit(), others.text());
        assertEquals("2,0,0,0", others.counts());
    }

    @Test
    @Tag("R-CMD-10")
    void changesNothingWithoutAMajorityAndSaysSo(LocalCluster cluster) {
        cluster.kill("node1");
        cluster.kill("node2");
        // What is asked for before node0 knows of it would be done when the others are back.
        cluster.awaitNoMajority("node0");

        await().atMost(30, SECONDS).until(() -> {
            Printed init = cluster.dvs("dvs", "init", "--nodes", "node0", "--timeout", "10s");
            return init.exit() == 7 && init.text().contains("DVS-CLU-0106");
        });
        // Reading goes on, and says how old it is.
        Printed nodes = cluster.dvs("node", "list");
        assertTrue(nodes.exit() == 0 && nodes.text().contains("node2"), nodes.text());
        assertEquals(0, cluster.dvs("host", "df").exit());

        cluster.whole();
        Printed info = cluster.dvs("dvs", "info", "--all", "-o", "json");
        assertEquals("0,3,0,0", info.counts(), "the refused change did not happen: " + info.text());
    }

    @Test
    @Tag("R-CMD-10")
    void keepsWhatWasAgreedWhenEveryNodeIsKilled(LocalCluster cluster) throws Exception {
        Printed init = cluster.dvs("dvs", "init", "--all", "-o", "json");
        assertEquals(0, init.exit(), init.text());
        try {
            for (String node : List.of("node0", "node1", "node2")) {
                cluster.kill(node);
            }
            CompletableFuture<Void> started = CompletableFuture.runAsync(cluster::whole);
            // From the first moment on: a node that does not know yet what was agreed waits for it or says that, nothing else.
            List<String> answers = new ArrayList<>();
            while (!started.isDone()) {
                answers.add(cluster.dvs("dvs", "info", "--all", "-o", "json").text());
            }
            started.get();
            assertEquals(List.of(), answers.stream().filter(answer -> answer.contains("DVS-DVS-0318")).toList());
            await().atMost(30, SECONDS).until(() -> cluster.dvs("dvs", "info", "--all", "-o", "json").counts().equals("3,0,0,0"));
        } finally {
            cluster.whole();
            assertEquals(0, cluster.dvs("dvs", "end", "--all", "--yes").exit());
        }
    }

    @Test
    @Tag("R-CMD-02")
    void runsChangesInOneOrderOnAllNodesWhoeverAsks(LocalCluster cluster) throws Exception {
        AgreedOrder.allow(cluster);
        List<CompletableFuture<List<String>>> calls = new ArrayList<>();
        for (String entry : List.of("node0", "node1", "node2")) {
            Api api = new Api(cluster, entry);
            for (int i = 0; i < 15; i++) {
                calls.add(api.call("host", "command", "--all", "--timeout", "50s", "remember", entry + "-" + i));
            }
        }
        for (CompletableFuture<List<String>> call : calls) {
            List<String> lines = call.get(120, SECONDS);
            assertEquals("x0", lines.get(lines.size() - 1), lines.toString());
        }

        List<String> order = AgreedOrder.seen(cluster, "node0");
        assertEquals(45, new TreeSet<>(order).size());
        assertEquals(45, order.size(), "each once");
        assertEquals(order, AgreedOrder.seen(cluster, "node1"));
        assertEquals(order, AgreedOrder.seen(cluster, "node2"));
    }

    @Test
    @Tag("R-CMD-10")
    void letsOneOfTwoOperatorsWinAndTellsTheOther(LocalCluster cluster) throws Exception {
        for (int round = 0; round < 3; round++) {
            CompletableFuture<List<String>> one = new Api(cluster, "node0").call("dvs", "init", "--all", "--timeout", "30s");
            CompletableFuture<List<String>> other = new Api(cluster, "node1").call("dvs", "init", "--all", "--timeout", "30s");
            List<String> ends = new ArrayList<>();
            for (CompletableFuture<List<String>> each : List.of(one, other)) {
                List<String> lines = each.get(60, TimeUnit.SECONDS);
                ends.add(lines.get(lines.size() - 1));
                assertTrue(ends.contains("x0") || lines.toString().contains("DVS-DVS-0317"), lines.toString());
            }
            ends.sort(null);
            assertEquals(List.of("x0", "x1"), ends);
            assertEquals(0, cluster.dvs("dvs", "end", "--all", "--yes").exit());
        }
    }

    @Test
    void answersWithoutTheNodeThatIsAskedFirst(LocalCluster cluster) {
        cluster.kill("node0");

        await().atMost(Duration.ofSeconds(20)).until(() -> cluster.dvs("host", "df", "--nodes", "node[1-2]").exit() == 0);
    }

    @Test
    void endsWithFiveWhenNoNodeRuns(LocalCluster cluster) throws IOException {
        assertEquals(0, cluster.dvs(Duration.ofSeconds(60), "down").exit());

        Printed nobody = cluster.dvs("host", "df");

        assertEquals(5, nobody.exit(), nobody.text());
        assertTrue(nobody.err().contains("dvs up"), nobody.err());
    }
}
