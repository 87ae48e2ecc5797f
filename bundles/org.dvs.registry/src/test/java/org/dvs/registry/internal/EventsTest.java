package org.dvs.registry.internal;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

import org.dvs.cluster.api.AgreedState;
import org.dvs.cluster.api.Member;
import org.dvs.cluster.api.View;
import org.dvs.cluster.api.ViewEvent;
import org.dvs.cluster.api.ViewEvent.Kind;
import org.dvs.testkit.ImmediateCluster;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The events ... */
@Tag("R-CMD-18")
class EventsTest {
    private static final Member A = new Member(0, "node0");
    private static final Member B = new Member(1, "node1");
    private static final Member C = new Member(2, "node2");

    @TempDir
    private Path folder;
    private final ImmediateCluster cluster = new ImmediateCluster(B, true);
    private final Journal journal = new Journal(200);
    private final AtomicLong clock = new AtomicLong(1_000);
    /** What this node's kernel does when it follows. */
    private Runnable following = () -> { };
    private Events events;

    @AfterEach
    void close() {
        if (events != null) {
            events.close();
        }
    }

    private void start(int queue, Map<Kind, ScriptPlan> given) {
        Map<Kind, ScriptPlan> plans = new EnumMap<>(Kind.class);
        for (Kind kind : Kind.values()) {
            plans.put(kind, given.getOrDefault(kind, plan("", false)));
        }
        events = new Events(cluster, plans, new ScriptRunner(folder, 1_000, System::nanoTime), journal, queue,
                () -> CompletableFuture.runAsync(following, Runnable::run), clock::incrementAndGet);
    }

    private static ScriptPlan plan(String script, boolean lowest) {
        return new ScriptPlan(script, Duration.ofSeconds(20), lowest);
    }

    private void script(String name, String... lines) throws IOException {
        Path script = Files.writeString(folder.resolve(name), "#!/bin/sh\n" + String.join("\n", lines) + "\n");
        Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwx------"));
    }

    private static ViewEvent event(Kind kind, long view, boolean primary, List<Member> before, List<Member> after,
            Member... changed) {
        return new ViewEvent(kind, new View(view - 1, before, 0, true), new View(view, after, 0, primary), List.of(changed));
    }

    private List<JournalEntry> awaitEntries(int count) {
        await().atMost(20, TimeUnit.SECONDS).until(() -> journal.count() >= count);
        return journal.newest();
    }

    @Test
    void tellsAnAgeThatIsKnownFromOneThatIsNot() {
        assertEquals("1000 ms old", Events.old(Duration.ofSeconds(1)));
        assertEquals("of unknown age", Events.old(AgreedState.NEVER));
    }

    @Test
    void tellTheScriptWhatHappened() throws IOException {
        script("say", "env | grep ^DVS_ | sort > told");
        start(8, Map.of(Kind.PARTITION, plan("say", false)));
        events.happened(event(Kind.PARTITION, 7, false, List.of(A, B, C), List.of(B), A, C));
        JournalEntry entry = awaitEntries(1).get(0);
        assertEquals("ok", entry.result().shown());
        assertEquals("""
                DVS_EVENT=PARTITION
                DVS_LOCAL_NODE=node1
                DVS_NODES_CHANGED=node0,node2
                DVS_NODES_NEW=node1
                DVS_NODES_OLD=node0,node1,node2
                DVS_PRIMARY=no
                DVS_VIEW_ID=7
                """, Files.readString(folder.resolve("told")));
    }

    @Test
    void runTheScriptWhenTheKernelHasFollowed() throws IOException {
        script("look", "ls followed > told");
        following = () -> folder.resolve("followed").toFile().mkdir();
        start(8, Map.of(Kind.DISCONNECT, plan("look", false)));
        events.happened(event(Kind.DISCONNECT, 7, true, List.of(A, B), List.of(B), A));
        assertEquals("ok", awaitEntries(1).get(0).result().shown());
        assertTrue(Files.exists(folder.resolve("followed")));
    }

    @Test
    void runTheScriptAlsoIfTheKernelRefuses() throws IOException {
        script("look", "true");
        following = () -> {
            throw new IllegalStateException("no");
        };
        start(8, Map.of(Kind.DISCONNECT, plan("look", false)));
        events.happened(event(Kind.DISCONNECT, 7, true, List.of(A, B), List.of(B), A));
        assertEquals("ok", awaitEntries(1).get(0).result().shown());
    }

    @Test
    void runTheScriptOfTheirKindOneAfterAnother() throws IOException {
        for (String kind : List.of("join", "disconnect", "partition", "merge")) {
            script(kind, "echo " + kind + " $DVS_VIEW_ID >> order");
        }
        start(8, Map.of(Kind.JOIN, plan("join", false), Kind.DISCONNECT, plan("disconnect", false), Kind.PARTITION,
                plan("partition", false), Kind.MERGE, plan("merge", false)));
        events.happened(event(Kind.JOIN, 2, true, List.of(B), List.of(A, B), A));
        events.happened(event(Kind.DISCONNECT, 3, true, List.of(A, B), List.of(B), A));
        events.happened(event(Kind.PARTITION, 4, true, List.of(B, C), List.of(A, B), C));
        events.happened(event(Kind.MERGE, 4, true, List.of(B, C), List.of(A, B), A));
        assertEquals(4, awaitEntries(4).size());
        assertEquals("join 2\ndisconnect 3\npartition 4\nmerge 4\n", Files.readString(folder.resolve("order")));
    }

    @Test
    void runAScriptOncePerViewAndKind() throws IOException {
        script("count", "echo x >> count.out");
        start(8, Map.of(Kind.JOIN, plan("count", false)));
        ViewEvent join = event(Kind.JOIN, 2, true, List.of(B), List.of(A, B), A);
        events.happened(join);
        events.happened(join);
        events.happened(event(Kind.DISCONNECT, 3, true, List.of(A, B), List.of(B), A));
        assertEquals(2, awaitEntries(2).size());
        assertEquals("x\n", Files.readString(folder.resolve("count.out")));
    }

    @Test
    void runOnTheLowestMemberOnlyWhereTheConfigurationSaysSo() throws IOException {
        script("low", "echo $DVS_VIEW_ID >> low.out");
        start(8, Map.of(Kind.JOIN, plan("low", true), Kind.DISCONNECT, plan("low", true)));
        events.happened(event(Kind.JOIN, 2, true, List.of(B), List.of(A, B), A));
        events.happened(event(Kind.DISCONNECT, 3, true, List.of(A, B), List.of(B, C), A));
        List<JournalEntry> entries = awaitEntries(2);
        assertEquals(List.of("ok", "elsewhere"), entries.stream().map(entry -> entry.result().shown()).toList());
        assertEquals("3\n", Files.readString(folder.resolve("low.out")));
    }

    @Test
    void countAndShowAScriptThatFails() throws IOException {
        script("bad", "echo trouble; exit 4");
        start(8, Map.of(Kind.JOIN, plan("bad", false), Kind.MERGE, plan("nothing", false), Kind.PARTITION,
                plan("../out", false)));
        events.happened(event(Kind.JOIN, 2, true, List.of(B), List.of(A, B), A));
        events.happened(event(Kind.MERGE, 3, true, List.of(B), List.of(A, B), A));
        events.happened(event(Kind.PARTITION, 4, true, List.of(A, B), List.of(B), A));
        events.happened(event(Kind.DISCONNECT, 5, true, List.of(A, B), List.of(B), A));
        List<JournalEntry> entries = awaitEntries(4);
        assertEquals(List.of("-", "failed", "missing", "failed (exit 4)"), entries.stream().map(entry -> entry.result().shown())
                .toList());
        assertEquals(2, journal.failures());
        assertEquals("trouble\n", entries.get(3).result().output());
        assertTrue(entries.get(2).result().output().isEmpty());
    }

    @Test
    void neverHoldUpMembershipAndSkipWhatDoesNotFit() throws IOException {
        script("wait", "touch runs; while [ ! -e go ]; do sleep 0.05; done; echo $DVS_VIEW_ID >> ran");
        start(2, Map.of(Kind.JOIN, plan("wait", false)));
        events.happened(event(Kind.JOIN, 2, true, List.of(B), List.of(A, B), A));
        await().atMost(20, TimeUnit.SECONDS).until(() -> Files.exists(folder.resolve("runs")));
        long begin = System.nanoTime();
        for (int view = 3; view < 7; view++) {
            events.happened(event(Kind.JOIN, view, true, List.of(B), List.of(A, B), A));
        }
        assertTrue(System.nanoTime() - begin < 10_000_000_000L, "the caller waited");
        assertTrue(awaitEntries(2).stream().allMatch(entry -> entry.result().end() == ScriptResult.End.SKIPPED));
        assertEquals(2, journal.failures());
        Files.createFile(folder.resolve("go"));
        assertEquals(5, awaitEntries(5).size());
        assertEquals("2\n3\n4\n", Files.readString(folder.resolve("ran")));
    }

    @Test
    void refreshTheTablesFirstAndSayWhetherTheyAreCurrent() {
        start(8, Map.of());
        events.happened(event(Kind.JOIN, 2, true, List.of(B), List.of(A, B), A));
        assertTrue(awaitEntries(1).get(0).current());
        cluster.members(false);
        events.happened(event(Kind.PARTITION, 3, false, List.of(A, B), List.of(B), A));
        assertFalse(awaitEntries(2).get(0).current());
    }

    @Test
    void useANewConfigurationFromTheNextEventOn() throws IOException {
        script("one", "echo one >> which");
        script("two", "echo two >> which");
        start(8, Map.of(Kind.JOIN, plan("one", false)));
        events.happened(event(Kind.JOIN, 2, true, List.of(B), List.of(A, B), A));
        awaitEntries(1);
        events.configure(Map.of(Kind.JOIN, plan("two", false)), new ScriptRunner(folder, 1_000, System::nanoTime));
        events.happened(event(Kind.JOIN, 3, true, List.of(B), List.of(A, B), A));
        awaitEntries(2);
        assertEquals("one\ntwo\n", Files.readString(folder.resolve("which")));
    }

    @Test
    void endTheirScriptAndThreadWhenClosed() throws IOException {
        script("sleeper", "echo $$ > pid; sleep 600");
        start(8, Map.of(Kind.JOIN, plan("sleeper", false)));
        events.happened(event(Kind.JOIN, 2, true, List.of(B), List.of(A, B), A));
        await().atMost(20, TimeUnit.SECONDS).until(() -> Files.exists(folder.resolve("pid"))
                && Files.size(folder.resolve("pid")) > 1);
        long pid = Long.parseLong(Files.readString(folder.resolve("pid")).strip());
        long begin = System.nanoTime();
        events.close();
        assertTrue(System.nanoTime() - begin < 20_000_000_000L, "closing took too long");
        await().atMost(20, TimeUnit.SECONDS).until(() -> ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isEmpty());
        // Its executor counts as ended a moment before the thread does.
        await().atMost(20, TimeUnit.SECONDS).until(() -> Thread.getAllStackTraces().keySet().stream()
                .noneMatch(thread -> thread.getName().equals("dvs-registry-events-1")));
    }

    @Test
    void keepTheNewestOnly() {
        Journal small = new Journal(3);
        for (int view = 1; view <= 5; view++) {
            small.add(new JournalEntry(view, Kind.JOIN, List.of("node" + view), view, true, true, "",
                    ScriptResult.without(ScriptResult.End.NONE)));
        }
        assertEquals(List.of(5L, 4L, 3L), small.newest().stream().map(JournalEntry::viewId).toList());
        assertEquals(5, small.count());
        small.resize(1);
        assertEquals(1, small.newest().size());
    }
}
