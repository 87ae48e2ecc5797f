package org.dvs.security.internal.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;

import org.awaitility.Awaitility;
import org.dvs.api.Caller;
import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.api.Role;
import org.dvs.api.security.AuditEntry;
import org.dvs.api.security.AuditEntry.Step;
import org.dvs.testkit.Asked;
import org.dvs.testkit.Background;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Names finish the sentence "the audit of a node …". */
@Tag("R-CMD-17")
class AuditTrailTest {
    private static final Caller EVA = new Caller("eva", Set.of(Role.OPERATOR), "cli", "127.0.0.1");
    private static final Caller BOB = new Caller("bob\nFORGED", Set.of(Role.VIEWER), "rest", "10.0.0.1");
    private static final AuditTrail.Settings ALL = new AuditTrail.Settings(true, 1_000_000, new Chain.Limits(1 << 20, 4));

    @TempDir
    Path temp;
    private Path path;
    private AuditTrail trail;

    @BeforeEach
    void open() {
        path = temp.resolve("audit");
        trail = new AuditTrail(new Folder(path), Clock.systemUTC(), ALL);
    }

    @AfterEach
    void close() {
        trail.close();
    }

    private static AuditEntry entry(Step step, Caller caller, boolean changes) {
        return new AuditEntry(step, caller, "node0", "node0-1-2", "", "RQST_COMMAND", "program=[uptime]", "node[0-1]", changes,
                0, "");
    }

    private List<Map<String, Object>> list(String... values) throws Exception {
        return Asked.of(new ListHandler(trail, Clock.systemUTC()), values).rows();
    }

    @Test
    void saysWhoAskedWhatByWhichFaceOnWhichNodesAndWhatCameOfIt() throws Exception {
        trail.before(entry(Step.ASKED, EVA, true));
        trail.after(entry(Step.ANSWERED, EVA, true).then(Step.ANSWERED, 0, "2 ok"));
        trail.after(entry(Step.REFUSED, BOB, true).refused(new DvsException(ErrorCode.PRIVILEGES, "needs role operator")));
        List<Map<String, Object>> rows = list();
        assertEquals(List.of("asked", "answered", "refused"), rows.stream().map(row -> row.get("step")).toList());
        Map<String, Object> first = rows.get(0);
        assertEquals("[1, eva, operator, cli, 127.0.0.1, node0, node0-1-2, RQST_COMMAND, program=[uptime], node[0-1], allowed]",
                Stream.of("seq", "user", "roles", "face", "source", "origin", "id", "request", "arguments", "nodes", "decision")
                        .map(first::get).toList().toString());
        assertEquals("2 ok", rows.get(1).get("result"));
        assertEquals("bob\\nFORGED", rows.get(2).get("user"), "a name forges no line");
        assertEquals("refused", rows.get(2).get("decision"));
        assertEquals(1L, list("user", "eva", "step", "asked").get(0).get("seq"));
        assertEquals(1, list("decision", "refused").size());
        assertEquals(3, list("since", "1h").size());
        assertEquals(List.of(3L), list("last", "1").stream().map(row -> row.get("seq")).toList());
        assertEquals(0, list("face", "shell").size());
    }

    @Test
    void leavesReadsOutIfItIsToldSoButNeverRefusals() throws Exception {
        trail.configure(new AuditTrail.Settings(false, 1_000_000, ALL.limits()));
        trail.after(entry(Step.ANSWERED, EVA, false));
        trail.after(entry(Step.REFUSED, BOB, false));
        trail.after(entry(Step.ANSWERED, EVA, true));
        assertEquals(List.of("refused", "answered"), list().stream().map(row -> row.get("step")).toList());
    }

    @Test
    void refusesWhatItCannotWriteDownBeforeItIsDoneAndCountsWhatWasLost() throws Exception {
        Files.writeString(path, "in the way");
        DvsException no = assertThrows(DvsException.class, () -> trail.before(entry(Step.ASKED, EVA, true)));
        assertEquals(ErrorCode.NOAUDIT, no.code());
        trail.after(entry(Step.REFUSED, BOB, true));
        assertThrows(DvsException.class, trail::flushed);
        Files.delete(path);
        trail.before(entry(Step.ASKED, EVA, true));
        List<Map<String, Object>> rows = list();
        assertEquals(List.of("lost", "asked"), rows.stream().map(row -> row.get("step")).toList());
        assertEquals("1 lines could not be written", rows.get(0).get("result"));
    }

    @Test
    void countsWhatOneUserHasRefusedOrReadTooOftenSoThatNothingThatWasDoneIsPushedOut() throws Exception {
        trail.close();
        AtomicLong nanos = new AtomicLong();
        trail = new AuditTrail(new Folder(path), Clock.systemUTC(), nanos::get,
                new AuditTrail.Settings(true, 20, new Chain.Limits(4_096, 8)));
        trail.before(entry(Step.ASKED, EVA, true));
        for (int i = 0; i < 5_000; i++) {
            trail.after(entry(Step.REFUSED, BOB, true));
            trail.after(entry(Step.ANSWERED, BOB, false));
            if (i % 500 == 0) {
                trail.flushed();
            }
        }
        trail.after(entry(Step.ANSWERED, EVA, true));
        assertEquals(42, list("last", "1000").size(), "nothing is told before a minute is over");
        nanos.addAndGet(60_000_000_000L);
        List<Map<String, Object>> rows = list("last", "1000");
        assertEquals(1L, rows.get(0).get("seq"), "the first line is still there");
        assertEquals(List.of("4980 more refusals and 4980 more reads"),
                list("step", "summed", "user", "bob\\nFORGED", "decision", "refused").stream().map(row -> row.get("result"))
                        .toList());
        assertEquals(43, rows.size());

        // An hour later there is a budget again; what is counted is told when the node stops, too.
        nanos.addAndGet(3_600_000_000_000L);
        for (int i = 0; i < 21; i++) {
            trail.after(entry(Step.REFUSED, BOB, false));
        }
        assertEquals(63, list("last", "1000").size());
        trail.close();
        trail = new AuditTrail(new Folder(path), Clock.systemUTC(), ALL);
        assertEquals("1 more refusals and 0 more reads", list("last", "1").get(0).get("result"));
        assertEquals(null, Asked.of(new VerifyHandler(trail)).rows().get(0).get("problem"));
    }

    @Test
    void noticesWithoutAnyLineWhatSomebodyElseDoesToItsFilesAndIsInTroubleFromThenOn() throws Exception {
        trail.close();
        AtomicLong nanos = new AtomicLong();
        trail = new AuditTrail(new Folder(path), Clock.systemUTC(), nanos::get, ALL);
        trail.before(entry(Step.ASKED, EVA, true));
        assertEquals(Optional.empty(), trail.trouble());
        Path file = new Folder(path).files().firstEntry().getValue();
        Files.writeString(file, "");
        nanos.addAndGet(TimeUnit.SECONDS.toNanos(10));
        Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> trail.trouble().isPresent());
        assertTrue(trail.trouble().orElseThrow().matches(".*Z: audit-000000000001.log was shortened from [0-9]+ to 0 bytes by "
                + "something else than this node"), trail.trouble().toString());
        Map<String, Object> told = list("last", "1").get(0);
        assertEquals("note", told.get("step"));
        assertTrue(told.get("result").toString().startsWith("audit-000000000001.log was shortened"), told.toString());
        DvsException bad = assertThrows(DvsException.class, () -> Asked.of(new VerifyHandler(trail)));
        assertTrue(bad.getMessage().contains("line 1 is missing before this line"), bad.getMessage());
    }

    @Test
    void saysAfterItsStartWhatWasChangedInALineWhileTheNodeWasDown() throws Exception {
        trail.configure(new AuditTrail.Settings(true, 1_000_000, new Chain.Limits(1_000, 100)));
        for (int i = 0; i < 20; i++) {
            trail.before(entry(Step.ASKED, EVA, true));
        }
        trail.close();
        trail = new AuditTrail(new Folder(path), Clock.systemUTC(), ALL);
        long from = StartCheck.from(trail.folder(), 1_500);
        assertTrue(from > 10 && from < 20, "within bounds it begins at " + from);
        try (StartCheck good = new StartCheck(trail, StartCheck.MOST_BYTES)) {
            Awaitility.await().atMost(Duration.ofSeconds(60)).until(good::done);
        }
        assertEquals(Optional.empty(), trail.trouble());
        trail.close();
        Path old = path.resolve("audit-000000000001.log");
        Files.writeString(old, Files.readString(old).replaceFirst("eva", "eve"), StandardOpenOption.TRUNCATE_EXISTING);
        trail = new AuditTrail(new Folder(path), Clock.systemUTC(), ALL);
        try (StartCheck newest = new StartCheck(trail, 1_500)) {
            Awaitility.await().atMost(Duration.ofSeconds(60)).until(newest::done);
        }
        assertEquals(Optional.empty(), trail.trouble(), "of what is older only a request to verify tells");
        try (StartCheck all = new StartCheck(trail, StartCheck.MOST_BYTES)) {
            Awaitility.await().atMost(Duration.ofSeconds(60)).until(all::done);
        }
        String said = "audit-000000000001.log:1: the line was changed after it was written, or the digest in the next one";
        assertTrue(trail.trouble().orElseThrow().endsWith("Z: " + said), trail.trouble().toString());
        assertEquals(List.of(said), list("step", "note").stream().map(row -> row.get("result")).toList());
    }

    @Test
    void givesManyUsersOneBudgetTogether() {
        Budget budget = new Budget(() -> 5);
        for (int i = 0; i < Budget.MOST_USERS + 3; i++) {
            assertEquals(i < Budget.MOST_USERS + 1, budget.take("user" + i, true, 1), "user" + i);
        }
        assertEquals(List.of(new Budget.Sum(Budget.OTHERS, 2, 0)), budget.due(true));
        assertEquals(List.of(), budget.due(true));
    }

    @Test
    void isNotHurtByTheInterruptionOfWhoWrites() throws Exception {
        trail.before(entry(Step.ASKED, EVA, true));
        Thread.currentThread().interrupt();
        DvsException ended = assertThrows(DvsException.class, () -> trail.before(entry(Step.ASKED, EVA, true)));
        assertEquals(ErrorCode.INTR, ended.code());
        assertTrue(Thread.interrupted(), "the interruption stays for who ends the thread");
        trail.before(entry(Step.STARTED, EVA, true));
        assertEquals(2, list().size());
    }

    @Test
    void keepsTheChainWhenManyWriteAtOnce() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        List<CompletableFuture<Void>> writers = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            writers.add(Background.run(() -> {
                go.await();
                for (int n = 0; n < 50; n++) {
                    trail.before(entry(Step.ASKED, EVA, true));
                    trail.after(entry(Step.ANSWERED, EVA, true));
                }
            }));
        }
        go.countDown();
        for (CompletableFuture<Void> writer : writers) {
            writer.get(60, TimeUnit.SECONDS);
        }
        Map<String, Object> found = Asked.of(new VerifyHandler(trail)).rows().get(0);
        assertEquals(400L, found.get("good"));
        assertEquals(null, found.get("problem"));
    }

    @Test
    void letsNobodyGoPastWhoWaitsForASlowDisk() throws Exception {
        trail.close();
        CountDownLatch hangs = new CountDownLatch(1);
        CountDownLatch goesOn = new CountDownLatch(1);
        AtomicBoolean slow = new AtomicBoolean();
        trail = new AuditTrail(new Folder(path) {
            @Override
            RandomAccessFile open(Path file) throws IOException {
                return new RandomAccessFile(file.toFile(), "rw") {
                    @Override
                    public void write(byte[] bytes) throws IOException {
                        if (slow.getAndSet(false)) {
                            hangs.countDown();
                            awaitQuietly(goesOn);
                        }
                        super.write(bytes);
                    }
                };
            }
        }, Clock.systemUTC(), () -> 0, ALL);
        trail.before(entry(Step.ASKED, EVA, true));
        slow.set(true);
        CompletableFuture<Void> eva = Background.run(() -> {
            for (int i = 0; i < 3; i++) {
                trail.before(entry(Step.STARTED, EVA, true));
            }
        });
        awaitQuietly(hangs);
        AtomicReference<Thread> waiting = new AtomicReference<>();
        CompletableFuture<Void> bob = Background.run(() -> {
            waiting.set(Thread.currentThread());
            trail.before(entry(Step.STARTED, BOB, true));
        });
        Awaitility.await().until(() -> waiting.get() != null && waiting.get().getState() == Thread.State.TIMED_WAITING);
        goesOn.countDown();
        eva.get(60, TimeUnit.SECONDS);
        bob.get(60, TimeUnit.SECONDS);
        assertEquals(List.of("eva", "eva", "bob\\nFORGED", "eva", "eva"),
                list().stream().map(row -> row.get("user")).toList());
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            assertTrue(latch.await(60, TimeUnit.SECONDS));
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void failsToVerifyAndNamesTheFirstBadLine() throws Exception {
        trail.close();
        // Of a clock that stands still, so that the change is not noticed before.
        trail = new AuditTrail(new Folder(path), Clock.systemUTC(), () -> 0, ALL);
        trail.before(entry(Step.ASKED, EVA, true));
        trail.before(entry(Step.STARTED, EVA, true));
        Path file = path.resolve("audit-000000000001.log");
        Files.writeString(file, Files.readString(file).replaceFirst("eva", "eve"), StandardOpenOption.TRUNCATE_EXISTING);
        DvsException bad = assertThrows(DvsException.class, () -> Asked.of(new VerifyHandler(trail)));
        assertEquals(ErrorCode.AUDITBAD, bad.code());
        assertTrue(bad.getMessage().startsWith("audit-000000000001.log:1: the line was changed"), bad.getMessage());
        assertEquals(1L, Asked.of(new VerifyHandler(trail), "from", "2").rows().get(0).get("good"));
        DvsException beyond = assertThrows(DvsException.class, () -> Asked.of(new VerifyHandler(trail), "from", "3"));
        assertEquals(ErrorCode.BADRANGE, beyond.code(), "nothing verified is no success");
    }
}
