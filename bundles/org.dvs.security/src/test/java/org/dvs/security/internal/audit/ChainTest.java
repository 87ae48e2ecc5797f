package org.dvs.security.internal.audit;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Names finish the sentence "the chain of the audit's lines …". */
class ChainTest {
    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-11-25T22:57:00.123Z"), ZoneOffset.UTC);
    private static final Chain.Limits WIDE = new Chain.Limits(1 << 20, 10);
    /** About three lines to a file. */
    private static final Chain.Limits NARROW = new Chain.Limits(500, 4);

    @TempDir
    Path temp;
    private Path path;
    private Folder folder;

    @BeforeEach
    void make() {
        path = temp.resolve("audit");
        folder = new Folder(path);
    }

    private static Map<String, String> step(String result) {
        return Map.of(Line.STEP, "asked", Line.RESULT, result);
    }

    private Head write(int lines, Chain.Limits limits) throws IOException {
        try (Chain chain = new Chain(folder, CLOCK)) {
            for (int i = 0; i < lines; i++) {
                chain.append(step("number " + i), i % 2 == 0, limits);
            }
            return chain.head();
        }
    }

    private Verifier.Finding verify(Head head) throws Exception {
        return new Verifier(folder, head, 1).verify();
    }

    private List<Path> files() throws IOException {
        return List.copyOf(folder.files().values());
    }

    private List<String> lines(Path file) throws IOException {
        return new ArrayList<>(Files.readAllLines(file));
    }

    private void replace(Path file, List<String> lines) throws IOException {
        Files.writeString(file, String.join("\n", lines) + "\n");
    }

    private static void assertBad(String file, long line, long seq, String problem, Verifier.Finding found) {
        assertTrue(found.problem().contains(problem), found.toString());
        assertEquals(file + ':' + line + " seq " + seq, found.file() + ':' + found.line() + " seq " + found.seq(),
                found.toString());
    }

    @Test
    void holdsOverFilesAndStarts() throws Exception {
        write(5, NARROW);
        Head head = write(5, NARROW);
        assertEquals(10, head.seq());
        assertTrue(files().size() > 2, "several files: " + files());
        assertEquals(new Verifier.Finding(10, 0, "", "", 0, 0), verify(head));
        assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(path)));
        for (Path file : files()) {
            assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
        }
        String first = lines(files().get(0)).get(0);
        assertTrue(first.startsWith("{\"seq\":\"1\",\"time\":\"2026-11-25T22:57:00.123Z\","), first);
    }

    @Test
    void keepsSoManyFilesAndSaysWhereTheFirstBegins() throws Exception {
        Head head = write(60, NARROW);
        assertEquals(4, files().size());
        assertTrue(head.first() > 40, head.toString());
        assertEquals(60 - head.first() + 1, verify(head).lines());
        assertEquals("", verify(head).problem());
        assertEquals(head, write(0, NARROW), "known again after a restart");
        assertEquals("", verify(write(1, new Chain.Limits(500, 2))).problem(), "and with fewer of them");
        assertEquals(2, files().size());
    }

    @Test
    void showsAChangedLine() throws Exception {
        Head head = write(6, WIDE);
        List<String> lines = lines(files().get(0));
        lines.set(2, lines.get(2).replace("number 2", "number 9"));
        replace(files().get(0), lines);
        assertBad("audit-000000000001.log", 3, 3, "changed", verify(head));
    }

    @Test
    void showsAChangedLastLine() throws Exception {
        Head head = write(6, WIDE);
        List<String> lines = lines(files().get(0));
        lines.set(5, lines.get(5).replace("number 5", "number 9"));
        replace(files().get(0), lines);
        assertBad("audit-000000000001.log", 6, 6, "changed", verify(head));
    }

    @Test
    void showsRemovedLinesWhereverTheyStood() throws Exception {
        Head head = write(6, WIDE);
        Path file = files().get(0);
        List<String> all = lines(file);
        List<String> some = new ArrayList<>(all);
        some.subList(2, 4).clear();
        replace(file, some);
        assertBad("audit-000000000001.log", 3, 3, "lines 3 to 4 are missing before", verify(head));
        replace(file, all.subList(1, 6));
        assertBad("audit-000000000001.log", 1, 1, "line 1 is missing before", verify(head));
        replace(file, all.subList(0, 4));
        assertBad("audit-000000000001.log", 0, 5, "lines 5 to 6 are missing at the end", verify(head));
        replace(file, all);
        assertEquals("", verify(head).problem());
    }

    @Test
    void showsLinesInAnotherOrderOrAddedOnes() throws Exception {
        Head head = write(6, WIDE);
        Path file = files().get(0);
        List<String> all = lines(file);
        List<String> swapped = new ArrayList<>(all);
        Collections.swap(swapped, 2, 3);
        replace(file, swapped);
        assertBad("audit-000000000001.log", 3, 3, "line 4 stands where line 3 should, which comes later: moved", verify(head));
        List<String> twice = new ArrayList<>(all);
        twice.add(3, all.get(1));
        replace(file, twice);
        assertBad("audit-000000000001.log", 4, 4, "line 2 stands where line 4 should: added or moved", verify(head));
        List<String> foreign = new ArrayList<>(all);
        foreign.add(3, "{\"seq\":\"4\"}");
        replace(file, foreign);
        assertBad("audit-000000000001.log", 4, 4, "no line of the audit", verify(head));
    }

    @Test
    void showsARemovedFileAndGoesOnBehindIt() throws Exception {
        Head head = write(10, NARROW);
        List<Path> files = files();
        long gone = folder.files().navigableKeySet().stream().skip(1).findFirst().orElseThrow();
        long next = folder.files().higherKey(gone);
        Files.delete(files.get(1));
        assertBad(files.get(2).getFileName().toString(), 1, gone, "missing before", verify(head));
        Verifier.Finding behind = new Verifier(folder, head, next).verify();
        assertEquals("", behind.problem());
        assertEquals(10 - next + 1, behind.lines());
        Files.delete(files.get(0));
        assertBad(files.get(2).getFileName().toString(), 1, 1, "missing before", verify(head));
    }

    @Test
    void remembersWhatWasRemovedWhileNobodyWrote() throws Exception {
        write(6, WIDE);
        Path file = files().get(0);
        replace(file, lines(file).subList(0, 4));
        Head head = write(2, WIDE);
        assertEquals(9, head.seq(), "two lines and one that tells of it");
        assertBad("audit-000000000001.log", 5, 5, "lines 5 to 6 are missing before", verify(head));
        assertTrue(lines(file).get(4).contains("\"step\":\"note\""), lines(file).get(4));
        Files.delete(path.resolve("head"));
        assertEquals(10, write(0, WIDE).seq(), "a missing head is told too");
    }

    @Test
    void saysWhichLineAKillHasTornAndCarriesOn() throws Exception {
        write(3, WIDE);
        Files.writeString(files().get(0), "{\"seq\":\"4\",\"ti", StandardOpenOption.APPEND);
        Head head = write(2, WIDE);
        assertEquals(6, head.seq(), "three, the one that says it, two");
        Verifier.Finding found = verify(head);
        assertEquals("", found.problem());
        assertEquals(1, found.torn());
        assertTrue(lines(files().get(0)).get(4).contains("of which 14 bytes are there"), lines(files().get(0)).get(4));
        List<String> lines = lines(files().get(0));
        lines.set(3, "{\"seq\":\"4\",\"xx");
        replace(files().get(0), lines);
        assertBad("audit-000000000001.log", 4, 4, "no line of the audit", verify(head));
    }

    @Test
    void takesALineThatTheHeadDoesNotKnowBecauseOfAKill() throws Exception {
        Head before = write(3, WIDE);
        Head after = write(1, WIDE);
        Files.writeString(path.resolve("head"), before.text());
        assertEquals(after, write(0, WIDE));
        assertEquals("", verify(after).problem());
    }

    @Test
    void beginsANewFileWhenSomebodyElseWroteToIt() throws Exception {
        Head head;
        try (Chain chain = new Chain(folder, CLOCK)) {
            chain.append(step("a"), true, WIDE);
            Files.writeString(files().get(0), "forged\n", StandardOpenOption.APPEND);
            chain.append(step("b"), true, WIDE);
            Files.delete(files().get(1));
            chain.append(step("c"), true, WIDE);
            head = chain.head();
        }
        assertEquals(2, files().size());
        assertBad("audit-000000000001.log", 2, 2, "no line of the audit", verify(head));
    }

    @Test
    void saysInTheFirstLineOfANewFileThatItsFileWasShortenedOrReplaced() throws Exception {
        Head head;
        String whole;
        try (Chain chain = new Chain(folder, CLOCK)) {
            chain.append(step("a"), true, WIDE);
            chain.append(step("b"), true, WIDE);
            assertEquals("", chain.trouble());
            Path first = files().get(0);
            whole = Files.readString(first);
            replace(first, lines(first).subList(0, 1));
            chain.append(step("c"), true, WIDE);
            assertTrue(chain.trouble().startsWith("2026-11-25T22:57:00Z: audit-000000000001.log was shortened from "
                    + whole.length() + " to "), chain.trouble());
            Path second = files().get(1);
            Path copy = Files.copy(second, temp.resolve("copy"));
            Files.move(copy, second, StandardCopyOption.REPLACE_EXISTING);
            chain.append(step("d"), true, WIDE);
            head = chain.head();
        }
        assertEquals(3, files().size());
        assertTrue(lines(files().get(1)).get(0).contains("\"step\":\"note\",\"result\":\"audit-000000000001.log was shortened "),
                lines(files().get(1)).toString());
        assertTrue(lines(files().get(2)).get(0).contains("audit-000000000003.log was replaced by something else than this node"),
                lines(files().get(2)).toString());
        assertBad("audit-000000000003.log", 1, 2, "line 2 is missing before", verify(head));
        Files.writeString(files().get(0), whole);
        assertEquals(new Verifier.Finding(6, 0, "", "", 0, 0), verify(head), "the chain itself has no gap");
    }

    @Test
    void saysWhatWasDoneToFilesThatAreFullAndToTheHead() throws Exception {
        try (Chain chain = new Chain(folder, CLOCK)) {
            for (int i = 0; i < 20; i++) {
                chain.append(step("number " + i), false, NARROW);
            }
            chain.look(NARROW);
            assertEquals("", chain.trouble(), "what the node deletes itself is no trouble");
            List<Path> files = files();
            assertEquals(4, files.size());
            replace(files.get(0), lines(files.get(0)).subList(0, 1));
            Files.delete(files.get(1));
            awaitLaterTimeThan(files.get(2));
            try (RandomAccessFile third = new RandomAccessFile(files.get(2).toFile(), "rw")) {
                third.write('X');
            }
            Files.delete(path.resolve("head"));
            long before = chain.head().seq();
            chain.look(WIDE);
            assertEquals(before + 4, chain.head().seq());
            assertTrue(chain.trouble().endsWith("the file 'head' was changed or removed by something else than this node"));
            List<String> last = lines(files.get(3));
            for (String what : List.of("was shortened from ", "was removed by", "was written to by", "the file 'head' was ")) {
                assertTrue(last.subList(last.size() - 4, last.size()).toString().contains(what), what + " in " + last);
            }
            chain.look(WIDE);
            chain.append(step("on"), true, WIDE);
            assertEquals(before + 5, chain.head().seq(), "told once");
            assertEquals(chain.head(), folder.head().orElseThrow());
        }
    }

    /** The times of files go in steps of some milliseconds: what is written within one shows by its size only. */
    private void awaitLaterTimeThan(Path file) throws IOException {
        FileTime time = Files.getLastModifiedTime(file);
        await().pollInterval(Duration.ofMillis(1)).until(() ->
                Files.getLastModifiedTime(Files.writeString(temp.resolve("later"), "x")).compareTo(time) > 0);
    }

    @Test
    void isWholeAgainAfterADiskThatWasFull() throws Exception {
        boolean[] full = new boolean[1];
        Folder limited = new Folder(path) {
            @Override
            RandomAccessFile open(Path file) throws IOException {
                return new RandomAccessFile(file.toFile(), "rw") {
                    @Override
                    public void write(byte[] bytes) throws IOException {
                        if (full[0]) {
                            super.write(bytes, 0, bytes.length / 2);
                            throw new IOException("No space left on device");
                        }
                        super.write(bytes);
                    }
                };
            }
        };
        try (Chain chain = new Chain(limited, CLOCK)) {
            chain.append(step("a"), true, WIDE);
            full[0] = true;
            assertThrows(IOException.class, () -> chain.append(step("b"), true, WIDE));
            assertThrows(IOException.class, () -> chain.append(step("b"), true, WIDE));
            full[0] = false;
            chain.append(step("b"), true, WIDE);
            assertEquals(2, chain.head().seq());
            assertEquals("", verify(chain.head()).problem());
        }
    }

    @Test
    void readsOnlyLinesThatItWrites() {
        Line line = new Line(7, Line.NO_DIGEST, Map.of(Line.STEP, "a \"quoted\" \\n text, {\"x\":\"y\"}"));
        assertEquals(line, Line.parse(line.bytes()).orElseThrow());
        String text = new String(line.bytes(), StandardCharsets.UTF_8);
        for (String bad : List.of("", "{}", text + " ", text.substring(1), text.replace("\"7\"", "\"-7\""), text.replace("\"7\"",
                "7"),
                text.replace("step", "STEP"), text.replace("prev", "seq"), text.substring(0, text.length() - 1),
                "{" + "\\".repeat(60_000), "{\"step\":\"" + "x".repeat(70_000) + "\"}")) {
            assertTrue(Line.parse(bad.getBytes(StandardCharsets.UTF_8)).isEmpty(), bad.substring(0, Math.min(80, bad.length())));
        }
    }
}
