package org.dvs.cluster.jgroups.internal.log;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.function.Consumer;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.jgroups.Address;
import org.jgroups.protocols.raft.LogEntries;
import org.jgroups.protocols.raft.LogEntry;
import org.jgroups.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The log … */
class DurableLogTest {
    private static final DurableLog.Sizes SMALL = new DurableLog.Sizes(2048, 200, 0);
    private static final Address A = new UUID(1, 1);
    private static final Address B = new UUID(2, 2);

    private final List<DvsException> failures = new ArrayList<>();

    private DurableLog open(FaultyStorage storage) throws DvsException {
        return DurableLog.open(storage, SMALL, failures::add);
    }

    private static byte[] payload(long index) {
        return ("payload of " + index + " ").repeat((int) (index % 5)).getBytes(StandardCharsets.UTF_8);
    }

    private static LogEntries entries(long term, long from, long to) {
        LogEntries entries = new LogEntries();
        for (long index = from; index <= to; index++) {
            entries.add(new LogEntry(term, payload(index)).internal(index % 7 == 0));
        }
        return entries;
    }

    private static void assertHolds(DurableLog log, long term, long from, long to) {
        for (long index = from; index <= to; index++) {
            LogEntry entry = log.get(index);
            assertNotNull(entry, "entry " + index);
            assertEquals(term, entry.term());
            assertEquals(index % 7 == 0, entry.internal());
            assertArrayEquals(payload(index), entry.command());
        }
    }

    private static String lastSegment(FaultyStorage storage) {
        return storage.list().stream().filter(Segment::isSegment).reduce((first, second) -> second).orElseThrow();
    }

    @Test
    void keepsEntriesTermVoteAndSnapshotAcrossAReopening() throws Exception {
        FaultyStorage storage = new FaultyStorage();
        DurableLog log = open(storage);
        log.currentTerm(3).votedFor(A);
        log.append(1, entries(3, 1, 200));
        log.commitIndex(150);
        log.saveSnapshot(120, ByteBuffer.wrap(new byte[] {1, 2, 3}));
        log.close();

        DurableLog again = open(storage);
        assertEquals(3, again.currentTerm());
        assertEquals(A, again.votedFor());
        assertEquals(150, again.commitIndex());
        assertEquals(200, again.lastAppended());
        assertEquals(120, again.snapshotIndex());
        assertEquals(ByteBuffer.wrap(new byte[] {1, 2, 3}), again.getSnapshot());
        assertTrue(again.firstKept() > 1 && again.firstKept() <= 121, "kept from " + again.firstKept());
        assertHolds(again, 3, again.firstKept(), 200);
        assertNull(again.get(201));
        assertNull(again.get(again.firstKept() - 1));
        again.append(201, entries(4, 201, 210));
        assertHolds(again, 4, 201, 210);
    }

    @Test
    void takesTheVoteAwayWithAHigherTermInOneStep() throws Exception {
        FaultyStorage storage = new FaultyStorage();
        DurableLog log = open(storage);
        log.currentTerm(1).votedFor(A);
        log.currentTerm(2);
        assertNull(log.votedFor());
        assertNull(open(storage.afterPowerLoss(null)).votedFor());
        log.currentTerm(1);
        assertEquals(2, log.currentTerm());
    }

    @Test
    void forcesOncePerBatch() throws Exception {
        FaultyStorage storage = new FaultyStorage();
        DurableLog log = DurableLog.open(storage, DurableLog.Sizes.DEFAULT, failures::add);
        int before = storage.forces();
        log.append(1, entries(1, 1, 500));
        assertEquals(1, storage.forces() - before);
    }

    @Test
    void givesStagedEntriesBeforeTheyAreDurable() throws Exception {
        DurableLog log = open(new FaultyStorage());
        log.stage(1, new LogEntry(1, payload(1)));
        log.stage(2, new LogEntry(2, payload(2)));
        assertEquals(2, log.lastAppended());
        assertEquals(0, log.durable());
        assertEquals(2, log.term(2));
        assertArrayEquals(payload(2), log.get(2).command());
        log.flush();
        assertEquals(2, log.durable());
    }

    @Test
    void takesRecordsLargerThanASegment() throws Exception {
        FaultyStorage storage = new FaultyStorage();
        byte[] large = new byte[10_000];
        new Random(1).nextBytes(large);
        DurableLog log = open(storage);
        log.append(1, LogEntries.create(new LogEntry(1, payload(1)), new LogEntry(1, large), new LogEntry(1, payload(3))));
        assertArrayEquals(large, open(storage.afterPowerLoss(null)).get(2).command());
        assertThrows(IllegalArgumentException.class, () -> log.stage(4, new LogEntry(1, new byte[Records.MAX_PAYLOAD + 1])));
    }

    @Test
    void cutsATornTailAtEveryByte() throws Exception {
        FaultyStorage storage = new FaultyStorage();
        DurableLog log = open(storage);
        log.append(1, entries(1, 1, 12));
        log.commitIndex(12);
        log.append(13, entries(1, 13, 13)); // says that 12 are committed
        long endOfSafe = endOf(storage);
        log.append(14, entries(1, 14, 20));
        long end = endOf(storage);
        String segment = lastSegment(storage);
        for (long cut = endOfSafe; cut < end; cut++) {
            FaultyStorage torn = storage.copy();
            byte[] bytes = torn.bytes(segment);
            for (int at = (int) cut; at < bytes.length; at++) {
                bytes[at] = 0;
            }
            DurableLog again = open(torn);
            long last = again.lastAppended();
            assertTrue(last >= 13 && last < 20, "cut at " + cut + " left " + last);
            assertHolds(again, 1, 1, last);
            again.append(last + 1, entries(2, last + 1, last + 3));
            again.close();
            DurableLog third = open(torn);
            assertEquals(last + 3, third.lastAppended());
            assertHolds(third, 2, last + 1, last + 3);
        }
    }

    @Test
    void refusesATailThatIsMissingBelowTheCommitIndexAtEveryByte() throws Exception {
        FaultyStorage storage = new FaultyStorage();
        DurableLog log = open(storage);
        log.append(1, entries(1, 1, 12));
        log.commitIndex(12);
        long end = endOf(storage);
        log.close(); // the vote file says that 12 are committed
        String segment = lastSegment(storage);
        for (int cut = Segment.HEADER; cut < end; cut++) {
            FaultyStorage torn = storage.copy();
            byte[] bytes = torn.bytes(segment);
            int length = (int) end - cut;
            if (bytes[cut] == 0) {
                continue; // cutting here is cutting one byte later
            }
            Arrays.fill(bytes, cut, cut + length, (byte) 0);
            assertDamaged(torn, segment, cut);
        }
    }

    private void assertDamaged(FaultyStorage storage, String file, long damagedByte) {
        DvsException refused = assertThrows(DvsException.class, () -> open(storage), () -> "byte " + damagedByte + " of " + file);
        assertEquals(ErrorCode.LOGDAMAGED, refused.code());
        LogDamagedException cause = (LogDamagedException) refused.getCause();
        assertEquals(file, cause.file());
        assertTrue(cause.offset() <= damagedByte && cause.offset() >= 0,
                () -> "damaged at " + damagedByte + ", said " + refused.getMessage());
        assertTrue(refused.getMessage().contains(file + " at byte " + cause.offset()), refused.getMessage());
    }

    private static long endOf(FaultyStorage storage) {
        byte[] bytes = storage.bytes(lastSegment(storage));
        int end = bytes.length;
        while (bytes[end - 1] == 0) {
            end--;
        }
        return end;
    }

    @Test
    void refusesAFlippedBitInWhatIsCommittedAtEveryByteOfEveryFile() throws Exception {
        FaultyStorage storage = new FaultyStorage();
        DurableLog log = open(storage);
        log.currentTerm(1).votedFor(A);
        for (int index = 1; index <= 40; index += 2) {
            log.append(index, entries(1, index, index + 1));
            log.commitIndex(index + 1);
        }
        log.saveSnapshot(5, ByteBuffer.wrap("the state".getBytes(StandardCharsets.UTF_8)));
        log.close();
        Random random = new Random(7);
        for (String file : storage.list()) {
            long end = Segment.isSegment(file) && !file.equals(lastSegment(storage)) ? storage.bytes(file).length
                    : file.equals(lastSegment(storage)) ? endOf(storage) : storage.bytes(file).length;
            for (int at = 0; at < end; at++) {
                FaultyStorage flipped = storage.copy();
                flipped.bytes(file)[at] ^= (byte) (1 << random.nextInt(8));
                assertDamaged(flipped, file, at);
            }
        }
    }

    /**
     * After the last batch nothing tells a flipped bit in it from a torn write, so it is cut; in all batches before
     * it is damage.
     */
    @Test
    void refusesAFlippedBitBeforeTheLastBatchAndCutsInTheLastAboveTheCommitIndex() throws Exception {
        FaultyStorage storage = new FaultyStorage();
        DurableLog log = open(storage);
        log.append(1, entries(1, 1, 4));
        int endOfFirst = (int) endOf(storage);
        log.append(5, entries(1, 5, 8));
        String segment = lastSegment(storage);
        int end = (int) endOf(storage);
        for (int at = 0; at < end; at++) {
            for (int bit = 0; bit < 8; bit += 3) {
                FaultyStorage flipped = storage.copy();
                flipped.bytes(segment)[at] ^= (byte) (1 << bit);
                if (at < endOfFirst) {
                    assertDamaged(flipped, segment, at);
                } else {
                    DurableLog again = open(flipped);
                    assertTrue(again.lastAppended() >= 4 && again.lastAppended() < 8);
                    assertHolds(again, 1, 1, again.lastAppended());
                }
            }
        }
    }

    @Test
    void saysWhichRecordHasChangedWhileItRan() throws Exception {
        FaultyStorage storage = new FaultyStorage();
        DurableLog log = open(storage);
        log.append(1, entries(1, 1, 30));
        storage.bytes("segment-0000000000000000001")[Segment.HEADER + Records.HEADER + 3] ^= 1;
        LogFencedException thrown = assertThrows(LogFencedException.class, () -> log.get(1));
        assertEquals(ErrorCode.LOGDAMAGED, thrown.reason().code());
        assertEquals(1, failures.size());
    }

    @Test
    void refusesAMissingVoteAMissingSegmentAndAGap() throws Exception {
        FaultyStorage storage = new FaultyStorage();
        DurableLog log = open(storage);
        for (int index = 1; index <= 100; index++) {
            log.append(index, entries(1, index, index));
        }
        log.commitIndex(100);
        log.close();
        List<String> segments = storage.list().stream().filter(Segment::isSegment).toList();
        assertTrue(segments.size() > 2);
        for (String file : storage.list()) {
            FaultyStorage without = storage.copy();
            without.delete(file);
            assertEquals(ErrorCode.LOGDAMAGED, assertThrows(DvsException.class, () -> open(without), file).code());
        }
    }

    @Test
    void takesEntriesAwayFromAnIndexOn() throws Exception {
        for (long from = 31; from <= 100; from++) {
            FaultyStorage storage = new FaultyStorage();
            DurableLog log = open(storage);
            log.append(1, entries(1, 1, 100));
            log.commitIndex(30);
            log.deleteAllEntriesStartingFrom(from);
            assertEquals(from - 1, log.lastAppended());
            assertNull(log.get(from));
            log.append(from, entries(2, from, from + 4));
            DurableLog again = open(storage.afterPowerLoss(null));
            assertEquals(from + 4, again.lastAppended());
            assertHolds(again, 1, 1, from - 1);
            assertHolds(again, 2, from, from + 4);
        }
        DurableLog log = open(new FaultyStorage());
        log.append(1, entries(1, 1, 5));
        log.commitIndex(3);
        assertThrows(IllegalArgumentException.class, () -> log.deleteAllEntriesStartingFrom(3));
    }

    @Test
    void takesALeadersSnapshotInThePlaceOfWhatItHas() throws Exception {
        FaultyStorage storage = new FaultyStorage();
        DurableLog log = open(storage);
        log.append(1, entries(1, 1, 50));
        log.commitIndex(20);
        log.installSnapshot(500, 4, ByteBuffer.wrap(new byte[] {9}));
        assertEquals(500, log.lastAppended());
        assertEquals(500, log.commitIndex());
        assertEquals(500, log.firstAppended());
        assertEquals(4, log.term(500));
        assertNull(log.get(50));
        log.append(501, entries(4, 501, 510));
        DurableLog again = open(storage.afterPowerLoss(null));
        assertEquals(500, again.snapshotIndex());
        assertHolds(again, 4, 501, 510);

        again.installSnapshot(505, 4, ByteBuffer.wrap(new byte[] {8}));
        assertEquals(510, again.lastAppended(), "entries that go on from the snapshot stay");
        again.installSnapshot(508, 5, ByteBuffer.wrap(new byte[] {7}));
        assertEquals(508, again.lastAppended(), "entries of another history go");
    }

    private void assertFences(Consumer<FaultyStorage> fault, Consumer<DurableLog> action, ErrorCode code) throws Exception {
        FaultyStorage storage = new FaultyStorage();
        DurableLog log = open(storage);
        log.currentTerm(1).votedFor(A);
        log.append(1, entries(1, 1, 10));
        log.commitIndex(10);
        failures.clear();
        fault.accept(storage);
        LogFencedException first = assertThrows(LogFencedException.class, () -> action.accept(log));
        assertEquals(code, first.reason().code());
        assertEquals(List.of(log.failure()), failures);
        assertThrows(LogFencedException.class, () -> log.append(log.lastAppended() + 1, entries(1, 11, 11)));
        assertThrows(LogFencedException.class, () -> log.currentTerm(9));
        assertThrows(LogFencedException.class, () -> log.saveSnapshot(10, ByteBuffer.allocate(1)));
        assertEquals(1, failures.size(), "heard once");
        log.close();

        DurableLog again = open(storage.afterPowerLoss(null));
        assertEquals(1, again.currentTerm());
        assertEquals(A, again.votedFor());
        assertHolds(again, 1, 1, 10);
    }

    @Test
    void isFencedForEverByAFullDiskOrAFailedForce() throws Exception {
        Consumer<DurableLog> append = log -> log.append(11, entries(1, 11, 20));
        Consumer<DurableLog> longAppend = log -> log.append(11, entries(1, 11, 500));
        Consumer<DurableLog> vote = log -> log.currentTerm(2);
        Consumer<DurableLog> snapshot = log -> log.saveSnapshot(10, ByteBuffer.allocate(5000));
        for (int bytes = 0; bytes < 200; bytes += 13) {
            int room = bytes;
            assertFences(storage -> storage.failWritesAfter(room), append, ErrorCode.NOSPC);
            assertFences(storage -> storage.fullAfter(room), longAppend, ErrorCode.NOSPC);
            assertFences(storage -> storage.fullAfter(room), snapshot, ErrorCode.NOSPC);
        }
        for (int bytes = 0; bytes < 40; bytes++) {
            int room = bytes;
            assertFences(storage -> storage.fullAfter(room), vote, ErrorCode.NOSPC);
        }
        for (Consumer<DurableLog> action : List.of(append, vote, snapshot)) {
            assertFences(storage -> storage.failForce(true), action, ErrorCode.IO);
        }
    }

    /** What the log has acknowledged, kept beside it. */
    private static final class Model {
        private final Map<Long, Long> terms = new HashMap<>();
        private long last;
        private long commit;
        private long term;
        private Address vote;
        private long snapshot;
        /** While an operation runs, it may or may not be there after a loss of power. */
        private boolean torn;
        private long tornLast;
        private long tornFrom = Long.MAX_VALUE;
        private long tornTerm;
        private Address tornVote;
        private long tornSnapshot;
    }

    /** One random step on log and model. The model's torn fields say what may be there if the step does not return. */
    private static void step(DurableLog log, Model model, Random random) {
        model.torn = true;
        model.tornLast = model.last;
        model.tornFrom = Long.MAX_VALUE;
        model.tornTerm = model.term;
        model.tornVote = model.vote;
        model.tornSnapshot = model.snapshot;
        int choice = random.nextInt(20);
        if (choice < 11) {
            long from = model.last + 1;
            long to = model.last + 1 + random.nextInt(8);
            model.tornLast = to;
            for (long index = from; index <= to; index++) {
                model.terms.put(index, model.term);
            }
            log.append(from, entries(model.term, from, to));
            model.last = to;
        } else if (choice < 14) {
            model.commit += model.last > model.commit ? random.nextInt((int) (model.last - model.commit) + 1) : 0;
            log.commitIndex(model.commit);
        } else if (choice == 14) {
            model.tornTerm = model.term + 1;
            model.tornVote = null;
            log.currentTerm(model.tornTerm);
            model.term = model.tornTerm;
            model.vote = null;
        } else if (choice == 15) {
            model.tornVote = random.nextBoolean() ? A : B;
            log.votedFor(model.tornVote);
            model.vote = model.tornVote;
        } else if (choice < 18 && model.last > model.commit) {
            model.tornFrom = model.commit + 1 + random.nextInt((int) (model.last - model.commit));
            log.deleteAllEntriesStartingFrom(model.tornFrom);
            model.last = model.tornFrom - 1;
        } else if (choice == 18 && model.commit > model.snapshot) {
            model.tornSnapshot = model.commit;
            log.saveSnapshot(model.commit, ByteBuffer.allocate(8).putLong(0, model.commit));
            model.snapshot = model.commit;
        } else if (random.nextInt(4) == 0) {
            model.tornSnapshot = model.last + 5;
            model.tornLast = model.last + 5;
            model.terms.put(model.tornSnapshot, model.term);
            log.installSnapshot(model.tornSnapshot, model.term, ByteBuffer.allocate(8).putLong(0, model.tornSnapshot));
            model.last = model.tornSnapshot;
            model.commit = model.last;
            model.snapshot = model.last;
        }
        model.torn = false;
    }

    private static void assertMatches(DurableLog log, Model model, String where) {
        long least = model.torn ? Math.min(model.last, model.tornFrom - 1) : model.last;
        long most = model.torn ? Math.max(model.last, model.tornLast) : model.last;
        assertTrue(log.lastAppended() >= least && log.lastAppended() <= most,
                () -> where + ": last is " + log.lastAppended() + ", not " + least + ".." + most);
        assertTrue(log.commitIndex() <= Math.max(model.commit, model.tornSnapshot), where);
        assertTrue(log.currentTerm() == model.term || model.torn && log.currentTerm() == model.tornTerm, where);
        assertTrue(Objects.equals(log.votedFor(), model.vote)
                || model.torn && Objects.equals(log.votedFor(), model.tornVote), where);
        assertTrue(log.snapshotIndex() == model.snapshot || model.torn && log.snapshotIndex() == model.tornSnapshot, where);
        if (log.snapshotIndex() > 0) {
            assertEquals(log.snapshotIndex(), log.getSnapshot().getLong(0), where);
        }
        assertTrue(log.firstKept() <= log.snapshotIndex() + 1, where);
        for (long index = log.firstKept(); index <= log.lastAppended(); index++) {
            LogEntry entry = log.get(index);
            assertNotNull(entry, where + ": entry " + index);
            assertEquals(model.terms.get(index), entry.term(), where);
            assertArrayEquals(payload(index), entry.command(), where);
        }
    }

    @Test
    void behavesAsAListDoesThroughRandomStepsAndReopenings() throws Exception {
        long seed = Long.getLong("dvs.seed", System.nanoTime());
        System.out.println("DurableLogTest seed " + seed);
        Random random = new Random(seed);
        FaultyStorage storage = new FaultyStorage();
        Model model = new Model();
        DurableLog log = open(storage);
        for (int i = 0; i < 3000; i++) {
            step(log, model, random);
            if (random.nextInt(40) == 0) {
                log.close();
                log = open(storage);
                assertMatches(log, model, "seed " + seed + " step " + i);
            }
        }
        assertMatches(log, model, "seed " + seed);
    }

    @Test
    void keepsWhatItHasAcknowledgedWhenPowerGoesBeforeAnyOperation() throws Exception {
        long seed = Long.getLong("dvs.seed", System.nanoTime());
        System.out.println("DurableLogTest seed " + seed);
        for (int round = 0; round < 12; round++) {
            long script = seed + round;
            FaultyStorage whole = new FaultyStorage();
            DurableLog complete = open(whole);
            int opened = whole.operations();
            Random steps = new Random(script);
            Model ignored = new Model();
            for (int i = 0; i < 40; i++) {
                step(complete, ignored, steps);
            }
            for (int stop = opened; stop <= whole.operations(); stop++) {
                FaultyStorage storage = new FaultyStorage();
                DurableLog log = open(storage);
                Model model = new Model();
                Random random = new Random(script);
                storage.stopBefore(stop);
                try {
                    for (int i = 0; i < 40; i++) {
                        step(log, model, random);
                    }
                } catch (LogFencedException e) {
                    assertEquals(ErrorCode.IO, e.reason().code());
                }
                String where = "seed " + script + " power gone before operation " + stop;
                for (Random survives : new Random[] {null, new Random(stop), new Random(stop + 1000)}) {
                    FaultyStorage after = storage.afterPowerLoss(survives);
                    try {
                        DurableLog again = open(after);
                        assertMatches(again, model, where);
                        again.append(again.lastAppended() + 1, entries(again.currentTerm(), again.lastAppended() + 1,
                                again.lastAppended() + 1));
                    } catch (DvsException e) {
                        fail(where + ": " + e.getMessage(), e);
                    }
                }
            }
        }
    }

    @Test
    void survivesPowerLossWhileItIsMadeAtAnyOperation() throws Exception {
        FaultyStorage whole = new FaultyStorage();
        open(whole);
        for (int stop = 0; stop <= whole.operations(); stop++) {
            FaultyStorage storage = new FaultyStorage();
            storage.stopBefore(stop);
            try {
                open(storage);
            } catch (DvsException e) {
                assertEquals(ErrorCode.IO, e.code());
            }
            for (Random survives : new Random[] {null, new Random(1), new Random(2), new Random(3)}) {
                DurableLog again = open(storage.afterPowerLoss(survives));
                again.append(1, entries(1, 1, 3));
                assertEquals(3, again.lastAppended());
            }
        }
    }

    @Test
    void worksOnAFileSystemAndKeepsASecondOneOut(@TempDir Path folder) throws Exception {
        try (DurableLog log = DurableLog.open(folder, failures::add)) {
            log.currentTerm(2).votedFor(B);
            log.append(1, entries(2, 1, 300));
            log.commitIndex(300);
            log.saveSnapshot(200, ByteBuffer.wrap(new byte[100]));
            log.deleteAllEntriesStartingFrom(301);
            assertEquals(ErrorCode.RSCBUSY, assertThrows(DvsException.class, () -> DurableLog.open(folder,
                    failures::add)).code());
        }
        DurableLog again = new DurableLog();
        again.init(folder.toString(), Map.of());
        assertHolds(again, 2, 1, 300);
        assertEquals(B, again.votedFor());
        again.delete();
        again.close();
        try (DurableLog fresh = DurableLog.open(folder, failures::add)) {
            assertEquals(0, fresh.lastAppended());
        }
    }
}
