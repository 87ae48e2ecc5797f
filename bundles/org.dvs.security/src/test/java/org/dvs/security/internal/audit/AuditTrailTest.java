package org.dvs.security.internal.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

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
    private static final AuditTrail.Settings ALL = new AuditTrail.Settings(true, new Chain.Limits(1 << 20, 4));

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
        trail.configure(new AuditTrail.Settings(false, ALL.limits()));
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
    void failsToVerifyAndNamesTheFirstBadLine() throws Exception {
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
