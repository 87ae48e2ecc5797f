package org.dvs.cluster.jgroups.internal.agree;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.cluster.api.Change;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;

/** The nodes of a test in this JVM, ended after it with all their threads. */
abstract class TestGroup {
    static final List<String> THREE = List.of("node0", "node1", "node2");
    static final Duration LONG = Duration.ofSeconds(60);

    @TempDir
    Path root;
    final List<TestNode> nodes = new ArrayList<>();
    String cluster;

    @BeforeEach
    void name(TestInfo test) {
        cluster = test.getTestMethod().orElseThrow().getName();
    }

    @AfterEach
    void close() {
        nodes.forEach(TestNode::close);
        await().atMost(LONG).until(() -> Thread.getAllStackTraces().keySet().stream()
                .noneMatch(thread -> thread.getName().startsWith("dvs-agree-")));
    }

    TestNode start(String name, List<String> voters) throws Exception {
        return keep(TestNode.start(cluster, name, voters, root));
    }

    TestNode keep(TestNode node) {
        nodes.add(node);
        return node;
    }

    List<TestNode> startThree() throws Exception {
        for (String name : THREE) {
            start(name, THREE);
        }
        for (TestNode node : nodes) {
            node.agreement.ready().get(60, TimeUnit.SECONDS);
        }
        followOne(nodes);
        return List.copyOf(nodes);
    }

    static TestNode leader(List<TestNode> among) {
        await().atMost(LONG).until(() -> among.stream().anyMatch(node -> node.agreement.leader().equals(Optional.of(node.name))));
        return among.stream().filter(node -> node.agreement.leader().equals(Optional.of(node.name))).findFirst().orElseThrow();
    }

    /** Until all follow one of them: else what a node is asked fails when it has found no leader within a second. */
    static void followOne(List<TestNode> among) {
        await().atMost(LONG).until(() -> ledByOne(among.stream().map(node -> node.agreement).toList()));
    }

    static boolean ledByOne(List<Agreement> members) {
        Set<Optional<String>> leaders = members.stream().map(Agreement::leader).collect(Collectors.toSet());
        return leaders.size() == 1 && leaders.iterator().next().isPresent();
    }

    /**
     * Until one that was cut off is among the others again, in their view and led by their leader. It may not have noticed that
     * it was alone: then it still has the view that it had before, and leads.
     */
    static void comeTogether(List<TestNode> all) {
        await().atMost(LONG).until(() -> all.stream().map(node -> node.channel.getView()).distinct().count() == 1
                && all.get(0).channel.getView().size() == all.size());
        followOne(all);
    }

    static long put(TestNode node, String key, String value) throws Exception {
        return node.state().commit(new Change().put(key, value.getBytes(UTF_8))).get(20, TimeUnit.SECONDS);
    }

    static String get(TestNode node, String key) {
        return node.state().get(key).map(entry -> new String(entry.value(), UTF_8)).orElse("");
    }

    static ErrorCode failure(CompletableFuture<?> future) {
        ExecutionException failed = assertThrows(ExecutionException.class, () -> future.get(20, TimeUnit.SECONDS));
        return ((DvsException) failed.getCause()).code();
    }

    /** Waits until the load has got further, so that it is known to run. */
    static void goesOn(Load load, int more) {
        int from = load.count();
        await().atMost(LONG).until(() -> load.count() >= from + more);
    }

    static void assertSame(List<TestNode> among) throws Exception {
        followOne(among);
        Map<String, String> first = contents(among.get(0));
        for (TestNode node : among) {
            assertEquals(first, contents(node), node.name);
        }
    }

    static Map<String, String> contents(TestNode node) throws Exception {
        node.state().sync().get(20, TimeUnit.SECONDS);
        Map<String, String> contents = new TreeMap<>();
        node.state().list("").forEach((key, entry) -> contents.put(key, entry.version() + " " + entry.value().length));
        return contents;
    }
}
