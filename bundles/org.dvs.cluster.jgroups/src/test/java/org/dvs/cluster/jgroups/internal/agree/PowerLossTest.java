package org.dvs.cluster.jgroups.internal.agree;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Consumer;

import org.dvs.api.DvsException;
import org.dvs.cluster.jgroups.internal.log.DurableLog;
import org.dvs.cluster.jgroups.internal.log.FaultyStorage;
import org.dvs.cluster.jgroups.internal.log.LogFencedException;
import org.jgroups.Address;
import org.jgroups.protocols.raft.LogEntry;
import org.jgroups.util.UUID;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * One member takes entries, votes, makes and takes snapshots, gives entries up, leads; and its power goes before each single
 * operation of its disk in turn, with nothing or any part of what was not forced surviving. A member that lost its power …
 */
@Tag("R-CMD-19")
class PowerLossTest {
    private static final Address B = new UUID(2, 2);
    private static final Address C = new UUID(3, 3);
    private static final DurableLog.Sizes SIZES = new DurableLog.Sizes(2048, 500, 0);
    private static final long SECOND = 1_000_000_000;
    private static final int SNAPSHOT = 50;

    /** All commands that are ever committed: before the leader's snapshot, and from it on. */
    private static final List<List<Integer>> TRUTHS = List.of(List.of(1, 2, 3, 4, 5, 6, 17, 18, 19),
            List.of(100, 51, 52, 53, 61));

    /** From one start to the next. */
    private static final class Life extends LogSite implements Machine {
        final Address self;
        final DurableLog log;
        final Voters voters = new Voters(List.of("a", "b", "c"));
        final Replica replica;
        final List<Frame> sent = new ArrayList<>();
        List<Integer> applied = new ArrayList<>();
        long now;
        // what it has promised to others
        final Map<Long, Address> votes = new TreeMap<>();
        final TreeMap<Long, Long> taken = new TreeMap<>();

        Life(FaultyStorage storage, long number) throws DvsException {
            self = new UUID(1, number);
            log = DurableLog.open(storage, SIZES, failure -> { });
            replica = new Replica("a", log, voters, this, this, Long.MAX_VALUE);
            replica.load();
            Map<Address, String> others = new LinkedHashMap<>();
            others.put(B, "b");
            others.put(C, "c");
            replica.view(others);
        }

        @Override
        DurableLog log() {
            return log;
        }

        @Override
        public Address self() {
            return self;
        }

        @Override
        public long nanos() {
            return now;
        }

        @Override
        public void send(Address to, Frame frame) {
            sent.add(frame);
            if (frame instanceof Frame.Candidate candidate) {
                votes.put(candidate.term(), self);
            } else if (frame instanceof Frame.Vote vote && vote.given()) {
                votes.put(vote.term(), to);
            } else if (frame instanceof Frame.Taken answer) {
                for (long index = log.firstKept(); index <= answer.index(); index++) {
                    taken.put(index, log.term(index));
                }
                taken.put(answer.index(), log.term(answer.index()));
            }
        }

        @Override
        public void apply(byte[] command, int offset, int length) {
            applied.add(ByteBuffer.wrap(command, offset, length).getInt());
        }

        @Override
        public void termBegan(long term) {
            // nothing waits for it
        }

        @Override
        public void notProposed(long number) {
            fail("not proposed " + number);
        }

        @Override
        public ByteBuffer snapshot() {
            return state(applied);
        }

        @Override
        public void restore(ByteBuffer whole) {
            applied = new ArrayList<>();
            while (whole.hasRemaining()) {
                applied.add(whole.getInt());
            }
        }

        @Override
        public void freshAt(long nanos) {
            // not looked at
        }

        void append(Address from, long term, long previous, long previousTerm, long commit, int... commands) {
            List<LogEntry> entries = Arrays.stream(commands).mapToObj(command -> new LogEntry(term,
                    ByteBuffer.allocate(40).putInt(command).array())).toList();
            replica.receive(from, new Frame.Append(term, previous, previousTerm, commit, 7, Frame.NONE, entries));
            replica.settle();
        }
    }

    private static ByteBuffer state(List<Integer> applied) {
        ByteBuffer bytes = ByteBuffer.allocate(4 * applied.size());
        applied.forEach(bytes::putInt);
        return bytes.flip();
    }

    private static void chunk(Life life, long term, byte[] whole, int from, int to) {
        life.replica.receive(C, new Frame.Chunk(term, SNAPSHOT, term, whole.length, from, Arrays.copyOfRange(whole, from, to)));
    }

    private static final List<Consumer<Life>> STEPS = List.of(
            life -> life.append(B, 1, 0, 0, 0, 1, 2, 3, 4, 5),
            life -> life.append(B, 1, 5, 1, 4, 6, 7, 8),
            life -> life.replica.snapshot(),
            life -> {
                life.now += 10 * SECOND;
                life.replica.receive(C, new Frame.Candidate(2, 8, 1));
            },
            // another leader has other entries from the seventh on
            life -> {
                life.taken.tailMap(7L).clear();
                life.append(C, 2, 6, 1, 6, 17, 18);
            },
            life -> life.append(C, 2, 8, 2, 8, 19),
            life -> {
                byte[] names = Voters.encode(new Voters.Listing(List.of("a", "b", "c"), LogId.NONE));
                byte[] whole = ByteBuffer.allocate(names.length + 4).put(names).putInt(100).array();
                chunk(life, 2, whole, 0, 5);
                chunk(life, 2, whole, 5, whole.length);
            },
            life -> life.append(C, 2, SNAPSHOT, 2, SNAPSHOT + 2, 51, 52, 53),
            life -> life.replica.snapshot(),
            life -> {
                life.now += 10 * SECOND;
                life.leader = null;
                life.replica.receive(B, new Frame.Candidate(3, SNAPSHOT + 3, 2));
            },
            life -> {
                life.replica.callElection();
                life.replica.receive(B, new Frame.Support(3));
                life.replica.receive(B, new Frame.Vote(4, true));
                life.replica.propose(life.self, 4, 1, ByteBuffer.allocate(4).putInt(61).array());
                life.replica.settle();
                life.replica.receive(B, new Frame.Taken(4, SNAPSHOT + 5, 1, 1));
                life.replica.settle();
            });

    /** @return how many steps were done */
    private static int live(Life life) {
        int done = 0;
        try {
            for (Consumer<Life> step : STEPS) {
                step.accept(life);
                done++;
            }
        } catch (LogFencedException e) {
            return done;
        }
        return done;
    }

    @Test
    void keepsItsVotesWhatItHasTakenAndItsStateWhereverThePowerGoes() throws Exception {
        FaultyStorage whole = new FaultyStorage();
        Life complete = new Life(whole, 1);
        int opened = whole.operations();
        assertEquals(STEPS.size(), live(complete));
        assertEquals(List.of(100, 51, 52, 53, 61), complete.applied, "the script does what it is meant to");
        assertEquals(3, complete.votes.size());
        System.out.println("power goes before each of " + (whole.operations() - opened) + " operations");
        for (int stop = opened; stop <= whole.operations(); stop++) {
            FaultyStorage storage = new FaultyStorage();
            Life life = new Life(storage, 1);
            storage.stopBefore(stop);
            int done = live(life);
            for (Random survives : new Random[] {null, new Random(stop), new Random(stop + 1000), new Random(stop + 2000)}) {
                String where = "power gone before operation " + stop + ", in step " + done;
                try {
                    check(life, new Life(storage.afterPowerLoss(survives), 2), where);
                } catch (DvsException e) {
                    fail(where + ": " + e.getMessage(), e);
                }
            }
        }
    }

    private static void check(Life before, Life after, String where) {
        before.votes.forEach((term, whom) -> {
            assertTrue(after.term() >= term, where + ": term " + after.term() + " after a vote in term " + term);
            if (after.term() == term) {
                assertEquals(whom, after.log.votedFor(), where);
                for (Address other : List.of(B, C)) {
                    after.replica.receive(other, new Frame.Candidate(term, 1000, term));
                    Frame.Vote answer = (Frame.Vote) after.sent.remove(after.sent.size() - 1);
                    assertEquals(whom.equals(other), answer.given(), where + ": a second vote in term " + term);
                }
            }
        });
        if (!before.taken.isEmpty()) {
            assertTrue(after.log.lastAppended() >= before.taken.lastKey(),
                    where + ": ends with " + after.log.lastAppended() + ", not " + before.taken.lastKey());
        }
        before.taken.forEach((index, term) -> {
            boolean inSnapshot = index < after.log.firstKept() && index <= after.log.commitIndex();
            assertTrue(inSnapshot || after.log.term(index) == term,
                    where + ": entry " + index + " is of term " + after.log.term(index) + ", not " + term);
        });
        assertTrue(TRUTHS.stream().anyMatch(truth -> after.applied.size() <= truth.size()
                && truth.subList(0, after.applied.size()).equals(after.applied)), where + ": state " + after.applied);

        // and it goes on with the next leader, from where it is
        long last = after.log.lastAppended();
        long lastTerm = after.log.term(last);
        after.sent.clear();
        after.append(C, 9, last, lastTerm, last + 1, 77);
        assertEquals(last + 1, ((Frame.Taken) after.sent.get(0)).index(), where);
        assertEquals(77, after.applied.get(after.applied.size() - 1), where);
        assertFalse(after.replica.leads(), where);
    }
}
