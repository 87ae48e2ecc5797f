package org.dvs.itests.nodes;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Names finish the sentence "what is done to a DC on one node …". */
@ExtendWith(ThreeNodes.class)
@Tag("R-CMD-11")
@Tag("R-CMD-12")
@Tag("R-CMD-19")
class DcIT {
    private static final long PATIENCE_SECONDS = 60;

    private LocalCluster cluster;

    @BeforeEach
    void initialiseTheDvs(LocalCluster three) {
        cluster = three;
        done("dvs", "init", "--all");
    }

    @AfterEach
    void endTheDvs() {
        cluster.whole();
        done("dvs", "end", "--all", "--yes");
    }

    private void done(String... words) {
        Printed printed = cluster.dvs(words);
        assertEquals(0, printed.exit(), printed.text());
    }

    private void refused(int exit, String code, String... words) {
        Printed printed = cluster.dvs(words);
        assertEquals(exit, printed.exit(), printed.text());
        assertTrue(printed.text().contains(code), printed.text());
    }

    /** What the command shows on each node that answers: each DC with its name, and its members in this column. */
    private Map<String, Map<String, String>> shown(String command, String members) {
        Map<String, Map<String, String>> all = new TreeMap<>();
        for (JsonNode node : cluster.dvs("dc", command, "--all", "--timeout", "5s", "-o", "json").json().path("nodes")) {
            if (node.path("state").asText().equals("ok")) {
                Map<String, String> dcs = new TreeMap<>();
                node.path("rows").forEach(row -> dcs.put(row.path("dcid").asInt() + " " + row.path("name").asText(),
                        row.path(members).asText()));
                all.put(node.path("node").asText(), dcs);
            }
        }
        return all;
    }

    /** All nodes agree on these DCs, and each one's kernel comes to run those of which it is a member. */
    private void agreed(Map<String, String> dcs, Map<String, Map<String, String>> kernels) {
        await().atMost(PATIENCE_SECONDS, SECONDS).untilAsserted(() ->
                assertEquals(Map.of("node0", dcs, "node1", dcs, "node2", dcs), shown("list", "nodes")));
        await().atMost(PATIENCE_SECONDS, SECONDS).untilAsserted(() -> assertEquals(kernels, shown("show", "agreed_nodes")));
    }

    /** Where the control groups of this path are, of all controllers, as the kernel has them. */
    private static List<Path> groups(String path) throws IOException {
        List<Path> groups = new ArrayList<>();
        for (String mount : Files.readAllLines(Path.of("/proc/self/mounts"))) {
            String[] fields = mount.split(" ");
            Path group = Path.of(fields[1], path);
            if (fields[2].startsWith("cgroup") && Files.isDirectory(group)) {
                groups.add(group);
            }
        }
        return groups;
    }

    /** The DCs of which a node has written down that they have something here; see EndedDcs of org.dvs.agent.cgroup. */
    private List<String> writtenDown(String node) throws IOException {
        List<String> dcs = new ArrayList<>();
        try (Stream<Path> files = Files.walk(cluster.folder(node).resolve("data/cache"))) {
            for (Path file : files.filter(each -> each.endsWith("data/dcs")).toList()) {
                Files.readAllLines(file).forEach(line -> dcs.add(line.split(" ")[0]));
            }
        }
        return dcs;
    }

    /** A node is down when two DCs end and one of them is made again: what they had there must not be the new one's. */
    @Test
    void endsWhatADcHadOnANodeThatWasDownWhenItEnded() throws Exception {
        assumeTrue("root".equals(System.getProperty("user.name")), "control groups are root's to give");
        Map<Integer, String> paths = new TreeMap<>();
        for (int dcid : new int[] {6, 7, 8}) {
            done("dc", "init", Integer.toString(dcid), "--all");
            await().atMost(PATIENCE_SECONDS, SECONDS).untilAsserted(() ->
                    done("cg", "mem", "set", "--dcid", Integer.toString(dcid), "--max", "64MiB", "--all"));
            done("ns", "uts", "unshare", "--dcid", Integer.toString(dcid), "--hostname", "dc" + dcid, "--all");
            String path = cluster.dvs("cg", "mem", "get", "--dcid", Integer.toString(dcid), "--nodes", "node1", "-o", "json")
                    .node("node1").path("rows").get(0).path("path").asText();
            assertFalse(groups(path).isEmpty(), path);
            paths.put(dcid, path);
        }
        // Files come and go below data/cache while they are looked at.
        await().atMost(PATIENCE_SECONDS, SECONDS).ignoreExceptionsMatching(e -> e instanceof UncheckedIOException
                || e instanceof NoSuchFileException).until(() -> writtenDown("node1").contains("7"));
        cluster.kill("node1");
        await().atMost(PATIENCE_SECONDS, SECONDS).until(() -> shown("list", "nodes").size() == 2);
        done("dc", "end", "6", "--nodes", "node0", "--yes");
        done("dc", "end", "7", "--nodes", "node0", "--yes");
        done("dc", "init", "7", "--name", "another", "--all", "--exclude", "node1");
        done("dc", "node", "add", "7", "node1", "--nodes", "node0");
        assertFalse(groups(paths.get(6)).isEmpty(), "a node that is down takes nothing away");

        cluster.whole();
        await().atMost(PATIENCE_SECONDS, SECONDS).untilAsserted(() -> assertEquals(List.of(), groups(paths.get(6))));
        await().atMost(PATIENCE_SECONDS, SECONDS).untilAsserted(() -> assertEquals(List.of(), groups(paths.get(7))));
        await().atMost(PATIENCE_SECONDS, SECONDS).untilAsserted(() ->
                assertEquals(0, cluster.dvs("dc", "info", "7", "--nodes", "node1").exit()));
        for (int gone : new int[] {6, 7}) {
            Printed got = cluster.dvs("cg", "mem", "get", "--dcid", Integer.toString(gone), "--nodes", "node1");
            assertEquals(1, got.exit(), got.text());
        }
        Printed kept = cluster.dvs("cg", "mem", "get", "--dcid", "8", "--all", "-o", "json");
        assertEquals("3,0,0,0", kept.counts(), kept.text());
        assertEquals(64 << 20, kept.node("node1").path("rows").get(0).path("max").asLong(), "and what goes on keeps its limits");
    }

    @Test
    void holdsOnAllNodesOutlivesTheirRestartsAndIsRefusedWithoutAMajority() {
        done("dc", "init", "3", "--name", "web", "--all");
        done("dc", "init", "4", "--name", "shop", "--nodes", "node1");
        done("dc", "node", "add", "4", "node2", "--nodes", "node0");
        done("dc", "node", "delete", "3", "node0", "--nodes", "node2", "--yes");
        done("dc", "init", "5", "--nodes", "node0");
        Map<String, String> both = Map.of("3 web", "node[1-2]", "4 shop", "node[1-2]");
        Map<String, String> first = Map.of("5 DC5", "node0");
        agreed(Map.of("3 web", "node[1-2]", "4 shop", "node[1-2]", "5 DC5", "node0"),
                Map.of("node0", first, "node1", both, "node2", both));
        refused(1, "DVS-DC-0326", "dc", "node", "add", "4", "node1", "--nodes", "node2");
        refused(1, "DVS-SYS-0342", "dc", "init", "6", "--name", "web", "--nodes", "node0");

        // One is killed, and what it was a member of changes meanwhile.
        cluster.kill("node1");
        await().atMost(PATIENCE_SECONDS, SECONDS).until(() -> shown("list", "nodes").size() == 2);
        done("dc", "end", "3", "--nodes", "node0", "--yes");
        done("dc", "node", "delete", "4", "node1", "--nodes", "node0", "--yes");
        done("dc", "node", "add", "5", "node2", "--nodes", "node2");
        Map<String, String> after = Map.of("4 shop", "node2", "5 DC5", "node[0,2]");
        assertEquals(Map.of("node0", after, "node2", after), shown("list", "nodes"));

        // The others too but one: that says why it does nothing, and changes nothing.
        cluster.kill("node2");
        cluster.awaitNoMajority("node0");
        await().atMost(PATIENCE_SECONDS, SECONDS).until(() ->
                cluster.dvs("dc", "init", "7", "--nodes", "node0", "--timeout", "10s").exit() == 7);
        for (String change : List.of("dc init 7", "dc end 5 --yes", "dc node add 4 node0", "dc node delete 5 node2 --yes")) {
            String[] words = (change + " --nodes node0 --timeout 10s").split(" ");
            refused(7, "node0 has no majority of the cluster behind it: it sees 1 node\n  Next: Wait until the cluster is whole",
                    words);
        }
        assertEquals(Map.of("node0", after), shown("list", "nodes"));

        // All of them: what was agreed is there, and no more.
        cluster.kill("node0");
        cluster.whole();
        agreed(after, Map.of("node0", Map.of("5 DC5", "node[0,2]"), "node1", Map.of(), "node2", after));
    }
}
