package org.dvs.monitor.internal.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

import org.dvs.api.Caller;
import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.api.Role;
import org.dvs.api.request.Request;
import org.dvs.api.request.RequestHandler;
import org.dvs.testkit.Asked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Names finish the sentence "the log of a node …". */
class NodeLogTest {
    private final LogRing ring = new LogRing(1_000);
    private final NodeLogHandler handler = new NodeLogHandler(ring);

    private void log(String level, String message) {
        ring.add(5, level, "org.dvs.x", "main", message, "");
    }

    @Test
    void showsTheNewestThatMatterAndMatch() throws Exception {
        log("INFO", "one");
        log("WARN", "two");
        log("ERROR", "three");

        assertEquals(List.of("two", "three"), Asked.of(handler, "level", "WARN").column("message"));
        assertEquals(List.of("three"), Asked.of(handler, "lines", "1").column("message"));
        assertEquals(List.of("two"), Asked.of(handler, "has", "tw").column("message"));
        assertEquals(3, Asked.of(handler, "has", "dvs.x").rows().size());
    }

    @Test
    void isBoundedInLinesAndTheirLength() throws Exception {
        for (int i = 0; i < LogRing.LINES + 50; i++) {
            log("INFO", "x".repeat(LogRing.LONGEST + 1) + i);
        }

        List<LogLine> all = ring.after(0, Integer.MAX_VALUE);
        assertEquals(LogRing.LINES, all.size());
        assertEquals(LogRing.LONGEST + 1, all.get(0).message().length());
        assertEquals(50, all.get(0).number() - 1_000 * 1_000 - 1);
    }

    @Test
    void numbersItsLinesHigherAfterARestart() {
        log("INFO", "before");
        LogRing restarted = new LogRing(1_001);
        restarted.add(6, "INFO", "a", "b", "after", "");

        assertTrue(restarted.after(0, 1).get(0).number() > ring.after(0, 1).get(0).number());
    }

    @Test
    void isFollowedUntilTheRequestIsCalledOffByAFewAtOnce() throws Exception {
        log("INFO", "old");
        BlockingQueue<Object> told = new LinkedBlockingQueue<>();
        ExecutorService pool = Executors.newFixedThreadPool(4);
        try {
            List<Future<?>> followers = IntStream.range(0, 4).<Future<?>>mapToObj(each ->
                    pool.submit(() -> follow(told))).toList();
            for (int i = 0; i < 4; i++) {
                assertEquals("old", told.poll(20, TimeUnit.SECONDS));
            }
            log("INFO", "new");
            for (int i = 0; i < 4; i++) {
                assertEquals("new", told.poll(20, TimeUnit.SECONDS));
            }
            assertEquals(ErrorCode.AGAIN, assertThrows(DvsException.class, () -> Asked.of(handler, "count", "2")).code());
            assertEquals(2, Asked.of(handler).rows().size(), "one look is always free");
            assertTrue(followers.stream().noneMatch(Future::isDone));
        } finally {
            pool.shutdownNow();
            assertTrue(pool.awaitTermination(20, TimeUnit.SECONDS));
        }
        assertEquals(2, Asked.of(handler, "count", "2", "interval", "100ms").rows().size(), "their places are free again");
    }

    private Object follow(BlockingQueue<Object> told) throws DvsException, InterruptedException {
        RequestHandler follower = handler;
        Request request = new Request(follower.spec(), follower.spec().complete(Map.of("count", 10_000L, "interval",
                100L)), new Caller("test", Set.of(Role.ADMIN), "internal", "local"), "id", System::nanoTime,
                System.nanoTime() + Duration.ofMinutes(5).toNanos());
        return follower.handle(request, row -> told.add(row[5]));
    }

    @Test
    void goesOnInTheNextVersionWithWhatThereWas(@TempDir Path folder) throws Exception {
        KeptLines kept = new KeptLines(folder.resolve("lines"));
        log("INFO", "one \u00e9\ud83d\ude00");
        ring.add(6, "ERROR", "org.dvs.y", "main", "x".repeat(3 * LogRing.LONGEST), "at line\nat line");
        kept.write(ring.all());

        LogRing next = new LogRing(0);
        next.begin(kept.read());
        next.add(7, "INFO", "org.dvs.x", "main", "new", null);

        List<LogLine> all = next.after(0, Integer.MAX_VALUE);
        assertEquals(ring.all(), all.subList(0, 2));
        assertEquals(all.get(1).number() + 1, all.get(2).number());
        assertEquals(ring.all(), kept.read(), "for one more, should that one go without a word");
    }

    @Test
    void beginsAnewWhereWhatWasKeptIsNotAsItWasWritten(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("lines");
        KeptLines kept = new KeptLines(file);
        log("INFO", "one");
        kept.write(ring.all());
        byte[] good = Files.readAllBytes(file);
        for (int at = 0; at < good.length; at++) {
            byte[] bad = good.clone();
            bad[at] ^= 1;
            Files.write(file, bad);
            assertThrows(IOException.class, kept::read, "byte " + at);
            assertFalse(Files.exists(file));
        }
        for (int length = 0; length < good.length; length++) {
            Files.write(file, Arrays.copyOf(good, length));
            assertThrows(IOException.class, kept::read, length + " bytes");
        }
    }
}
