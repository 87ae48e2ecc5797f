package org.dvs.cluster.jgroups.internal.agree;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.cluster.jgroups.internal.log.DurableLog;
import org.dvs.cluster.jgroups.internal.log.FaultyStorage;
import org.jgroups.Address;
import org.jgroups.protocols.raft.LogEntry;
import org.jgroups.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A replica … */
class ReplicaTest {
    private static final Address SELF = new UUID(1, 1);
    private static final Address B = new UUID(2, 2);
    private static final Address C = new UUID(3, 3);
    private static final long SECOND = 1_000_000_000;

    private record Sent(Address to, Frame frame) {
    }

    private final FaultyStorage storage = new FaultyStorage();
    private final List<Sent> sent = new ArrayList<>();
    private final List<String> heard = new ArrayList<>();
    private DurableLog log;
    private long now;
    private Replica replica;
    private final Voters voters = new Voters(List.of("a", "b", "c"));

    private final LogSite site = new TestSite(SELF, () -> log, () -> now, (to, frame) -> sent.add(new Sent(to, frame)));

    private final Machine machine = new Machine() {
        @Override
        public void apply(byte[] command, int offset, int length) {
            heard.add("applied " + length);
        }

        @Override
        public void termBegan(long term) {
            heard.add("term " + term);
        }

        @Override
        public void notProposed(long number) {
            heard.add("not proposed " + number);
        }

        @Override
        public ByteBuffer snapshot() {
            return ByteBuffer.wrap(new byte[2 * Frames.CHUNK_BYTES]);
        }

        @Override
        public void restore(ByteBuffer whole) {
            heard.add("restored " + whole.remaining());
        }

        @Override
        public void freshAt(long nanos) {
            heard.add("fresh");
        }
    };

    @BeforeEach
    void open() throws DvsException {
        log = DurableLog.open(storage, new DurableLog.Sizes(4 * 1024 * 1024, 8 * 1024 * 1024, 0), failure -> { });
        replica = new Replica("a", log, voters, machine, site, Long.MAX_VALUE);
        replica.load();
        Map<Address, String> others = new LinkedHashMap<>();
        others.put(B, "b");
        others.put(C, "c");
        replica.view(others);
    }

    private <T extends Frame> List<T> take(Address to, Class<T> type) {
        List<T> frames = new ArrayList<>();
        sent.removeIf(one -> {
            boolean match = one.to.equals(to) && type.isInstance(one.frame);
            if (match) {
                frames.add(type.cast(one.frame));
            }
            return match;
        });
        return frames;
    }

    /** Stands as a candidate, with the support of B. */
    private void stand() {
        replica.callElection();
        replica.receive(B, new Frame.Support(log.currentTerm()));
    }

    private void lead() {
        stand();
        replica.receive(B, new Frame.Vote(log.currentTerm(), true));
        replica.settle();
        assertTrue(replica.leads());
    }

    private void taken(Address from, long index) {
        replica.receive(from, new Frame.Taken(log.currentTerm(), index, now, now));
        replica.settle();
    }

    private void append(Address from, long term, long previous, long previousTerm, long commit, LogEntry... entries) {
        replica.receive(from, new Frame.Append(term, previous, previousTerm, commit, 7, Frame.NONE, List.of(entries)));
    }

    private static LogEntry voters(long term, String... names) {
        byte[] bytes = Voters.encode(new Voters.Listing(List.of(names), LogId.NONE));
        return new LogEntry(term, bytes, 0, bytes.length, true);
    }

    private static LogEntry entry(long term, int bytes) {
        return new LogEntry(term, new byte[bytes]);
    }

    @Test
    void doesNotCommitAnEntryOfAnEarlierTermByCounting() {
        append(B, 1, 0, 0, 0, entry(1, 10));
        replica.settle();
        site.leader = null;
        lead();
        assertEquals(2, log.lastAppended(), "an entry of its own at once");
        taken(B, 1);
        taken(C, 1);
        assertEquals(0, log.commitIndex());
        taken(C, 2);
        assertEquals(2, log.commitIndex());
        assertEquals(List.of("applied 10", "term 2"), heard.subList(0, 2));
    }

    @Test
    void answersOnlyWhatIsOnDiskAndWasChecked() {
        append(B, 3, 0, 0, 9, entry(2, 1), entry(3, 2));
        assertTrue(sent.isEmpty(), "nothing before the force");
        replica.settle();
        assertEquals(2, take(B, Frame.Taken.class).get(0).index());
        assertEquals(2, log.commitIndex(), "no further than what was checked");

        append(B, 3, 5, 3, 9, entry(3, 2));
        assertEquals(3, take(B, Frame.Refused.class).get(0).hint());
        append(B, 3, 2, 3, 9);
        replica.settle();
        assertEquals(2, take(B, Frame.Taken.class).get(0).index());
    }

    @Test
    void givesUpEntriesOfAnotherHistoryButNeverCommittedOnes() {
        append(B, 1, 0, 0, 1, entry(1, 1), entry(1, 2), entry(1, 3));
        replica.settle();
        append(C, 2, 3, 2, 1);
        assertEquals(2, take(C, Frame.Refused.class).get(0).hint(), "back to the first of that term that is not committed");
        append(C, 2, 1, 1, 3, entry(2, 20), entry(2, 30));
        replica.settle();
        assertEquals(2, log.term(2));
        assertEquals(3, take(C, Frame.Taken.class).get(0).index());
        assertEquals(List.of("applied 1", "applied 20", "applied 30"), heard);
        assertThrows(IllegalStateException.class, () -> append(C, 2, 2, 9, 3, entry(2, 5)),
                "a leader that contradicts what is committed");
    }

    @Test
    void tellsAnOldLeaderOfTheNewTerm() {
        append(B, 5, 0, 0, 0);
        replica.settle();
        sent.clear();
        append(C, 4, 0, 0, 0, entry(4, 1));
        assertEquals(5, take(C, Frame.Refused.class).get(0).term());
        assertEquals(0, log.lastAppended());
    }

    @Test
    void votesOnceInATermAndOnlyForALogThatHasAll() {
        append(B, 2, 0, 0, 0, entry(2, 1));
        replica.settle();
        now += 10 * SECOND;
        sent.clear();
        replica.receive(C, new Frame.Candidate(3, 0, 0));
        assertFalse(take(C, Frame.Vote.class).get(0).given(), "its log is shorter");
        replica.receive(C, new Frame.Candidate(4, 1, 2));
        assertTrue(take(C, Frame.Vote.class).get(0).given());
        replica.receive(B, new Frame.Candidate(4, 9, 3));
        assertFalse(take(B, Frame.Vote.class).get(0).given(), "voted already");
        assertEquals(C, log.votedFor());
    }

    @Test
    void doesNotListenToCandidatesWhileItHearsALeader() {
        append(B, 2, 0, 0, 0);
        replica.settle();
        sent.clear();
        replica.receive(C, new Frame.Candidate(3, 5, 2));
        assertTrue(sent.isEmpty());
        assertEquals(2, log.currentTerm());
    }

    /** Else one that hears less than the others ends the lead of whoever leads them, again and again. */
    @Test
    void goesToANewTermOnlyWhenAMajorityWouldVoteForIt() {
        append(B, 2, 0, 0, 0, entry(2, 1));
        replica.settle();
        site.leader = null;
        sent.clear();
        replica.callElection();
        assertEquals(2, log.currentTerm());
        assertEquals(new Frame.Canvass(2, 1, 2), take(B, Frame.Canvass.class).get(0));
        replica.receive(B, new Frame.Support(1));
        assertEquals(2, log.currentTerm(), "an answer to an earlier question");
        replica.receive(C, new Frame.Vote(2, false));
        assertEquals(2, log.currentTerm());
        replica.receive(C, new Frame.Support(2));
        assertEquals(3, log.currentTerm());
        assertEquals(SELF, log.votedFor());
        assertEquals(new Frame.Candidate(3, 1, 2), take(C, Frame.Candidate.class).get(0));

        replica.callElection();
        append(B, 3, 1, 2, 0);
        replica.settle();
        replica.receive(C, new Frame.Support(3));
        assertEquals(3, log.currentTerm(), "there is a leader meanwhile");
    }

    /** Else one that comes with a log of its own and a high term stops all who see it. */
    @Test
    void followsNobodyWithoutAVoteWhileItHearsALeader() {
        Address stranger = new UUID(4, 4);
        replica.view(Map.of(B, "b", C, "c", stranger, "d"));
        append(B, 2, 0, 0, 1, entry(2, 1));
        replica.settle();
        sent.clear();
        append(stranger, 7, 1, 5, 1);
        replica.receive(stranger, new Frame.Chunk(7, 50, 7, 20, 0, new byte[10]));
        assertEquals(2, log.currentTerm());
        assertEquals(B, site.leader);
        assertTrue(sent.isEmpty());
        append(C, 3, 1, 2, 1);
        assertEquals(C, site.leader, "who votes may lead");
        replica.settle();
        now += SECOND;
        append(stranger, 7, 1, 2, 1);
        assertEquals(stranger, site.leader, "voted for by a list that has not come here yet: nobody else is heard");
    }

    /** Whoever does not understand it would understand nothing more. */
    @Test
    void namesTheLogWhenAllVotersAreThereAndAllWhoFollowUnderstandIt() {
        Address d = new UUID(4, 4);
        Address stranger = new UUID(5, 5);
        replica.view(Map.of(B, "b", d, "d", stranger, "e"));
        lead();
        taken(B, 1);
        taken(d, 1);
        replica.receive(B, new Frame.Able(1));
        replica.receive(d, new Frame.Able(1));
        replica.tick();
        assertEquals(LogId.NONE, voters.log(), "c votes and is not there");
        replica.view(Map.of(B, "b", C, "c", d, "d", stranger, "e"));
        taken(C, 1);
        replica.tick();
        assertEquals(LogId.NONE, voters.log(), "c has not said that it understands it");
        replica.receive(C, new Frame.Able(1));
        replica.tick();
        assertEquals(LogId.NONE, voters.log(), "e may yet follow, and not understand it");
        now += 11 * SECOND;
        List.of(B, C, d).forEach(each -> taken(each, 1));
        replica.tick();
        LogId name = voters.log();
        assertTrue(name.known());
        assertEquals(LogId.NONE, voters.agreedLog());
        replica.settle();
        taken(B, 2);
        assertEquals(name, voters.agreedLog());
        replica.tick();
        assertEquals(2, log.lastAppended(), "once for all");
        replica.reconfigure(false, "c", SECOND, failure -> { });
        assertEquals(3, log.lastAppended());
        assertEquals(name, voters.log(), "each later list has it");
    }

    @Test
    void doesNotNameTheLogWhileWhoFollowsWithoutAVoteDoesNotUnderstandIt() {
        Address d = new UUID(4, 4);
        replica.view(Map.of(B, "b", C, "c", d, "d"));
        lead();
        for (Address each : List.of(B, C, d)) {
            taken(each, 1);
        }
        replica.receive(B, new Frame.Able(1));
        replica.receive(C, new Frame.Able(1));
        replica.tick();
        assertFalse(voters.log().known());
        replica.receive(d, new Frame.Able(1));
        replica.tick();
        assertTrue(voters.log().known());
    }

    @Test
    void saysThatItUnderstandsANameOfTheLogUntilItHasOne() {
        append(B, 2, 0, 0, 0, entry(2, 1));
        replica.settle();
        append(B, 2, 1, 2, 1);
        replica.settle();
        assertEquals(List.of(new Frame.Able(2)), take(B, Frame.Able.class), "once");
        now += 11 * SECOND;
        append(B, 2, 1, 2, 1);
        replica.settle();
        assertEquals(1, take(B, Frame.Able.class).size(), "it may have been lost");
        append(C, 3, 1, 2, 1);
        replica.settle();
        assertEquals(1, take(C, Frame.Able.class).size(), "a new leader does not know");
        append(C, 3, 1, 2, 2, named(3));
        replica.settle();
        now += 11 * SECOND;
        append(C, 3, 2, 3, 2);
        replica.settle();
        assertEquals(List.of(), take(C, Frame.Able.class));
    }

    /** Else it would take what members of other logs send, until it hears again how far all was agreed. */
    @Test
    void knowsAfterALossOfPowerThatTheNameOfItsLogIsAgreed() throws DvsException {
        append(B, 2, 0, 0, 0, named(2));
        replica.settle();
        append(B, 2, 1, 2, 1);
        replica.settle();
        Voters again = new Voters(List.of("a", "b", "c"));
        log = DurableLog.open(storage.afterPowerLoss(new Random(1)), DurableLog.Sizes.DEFAULT, failure -> { });
        new Replica("a", log, again, machine, site, Long.MAX_VALUE).load();
        assertEquals(new LogId(1, 2), again.agreedLog());
    }

    @Test
    void keepsTheNameOfTheLogInItsSnapshots() throws DvsException {
        append(B, 2, 0, 0, 1, named(2));
        replica.settle();
        replica.snapshot();
        assertEquals(1, log.snapshotIndex());
        Voters again = new Voters(List.of());
        new Replica("a", log, again, machine, site, Long.MAX_VALUE).load();
        assertEquals(new LogId(1, 2), again.agreedLog());
        assertEquals(List.of("a", "b", "c"), again.names());
    }

    private static LogEntry named(long term) {
        byte[] bytes = Voters.encode(new Voters.Listing(List.of("a", "b", "c"), new LogId(1, 2)));
        return new LogEntry(term, bytes, 0, bytes.length, true);
    }

    @Test
    void supportsOnlyWhomItWouldVoteForAndSaysNothingWhileItHearsALeader() {
        append(B, 2, 0, 0, 0, entry(2, 1));
        replica.settle();
        sent.clear();
        replica.receive(C, new Frame.Canvass(5, 9, 4));
        assertTrue(sent.isEmpty(), "it hears a leader");
        assertEquals(2, log.currentTerm());
        now += SECOND;
        replica.receive(C, new Frame.Canvass(1, 9, 4));
        assertEquals(new Frame.Vote(2, false), take(C, Frame.Vote.class).get(0), "of the new term it must hear");
        replica.receive(C, new Frame.Canvass(2, 0, 0));
        assertEquals(new Frame.Vote(2, false), take(C, Frame.Vote.class).get(0), "its log is shorter");
        replica.receive(C, new Frame.Canvass(2, 1, 2));
        assertEquals(new Frame.Support(2), take(C, Frame.Support.class).get(0));
        replica.receive(B, new Frame.Canvass(2, 1, 2));
        assertEquals(new Frame.Support(2), take(B, Frame.Support.class).get(0), "that is no vote");
        assertEquals(null, log.votedFor());
    }

    @Test
    void countsVotesOfThisTermOnly() {
        stand();
        stand();
        replica.receive(B, new Frame.Vote(1, true));
        assertFalse(replica.leads());
        replica.receive(B, new Frame.Vote(2, true));
        assertTrue(replica.leads());
    }

    @Test
    void boundsWhatIsUnderWay() {
        lead();
        taken(B, 1);
        taken(C, 1);
        sent.clear();
        for (int i = 0; i < 1000; i++) {
            replica.propose(SELF, 1, i, new byte[100_000]);
        }
        replica.settle();
        List<Frame.Append> appends = take(B, Frame.Append.class);
        long bytes = appends.stream().flatMap(append -> append.entries().stream()).mapToLong(LogEntry::length).sum();
        assertTrue(bytes <= Peer.WINDOW_BYTES + 1024 * 1024, "on the way to one member: " + bytes);
        assertTrue(log.lastAppended() * 100_000 <= 5_000_000, "not committed: " + log.lastAppended());
        appends.forEach(append -> assertTrue(Frames.encode(new Frames.Letter(LogId.NONE, 0, append)).length < 2_000_000));
        for (int i = 0; i < 5000; i++) {
            replica.propose(SELF, 1, i, new byte[1]);
        }
        assertTrue(heard.contains("not proposed 4999"), "refused when too many wait");
        replica.propose(B, 7, 5000, new byte[1]);
        assertEquals(5000, take(B, Frame.NotProposed.class).get(0).number(), "refused in another term");
    }

    @Test
    void refusesWhatWaitsWhenItLosesItsLead() {
        lead();
        for (int i = 0; i < 300; i++) {
            replica.propose(SELF, 1, i, new byte[1]);
        }
        replica.settle();
        replica.receive(B, new Frame.Append(9, 0, 0, 0, 0, Frame.NONE, List.of()));
        assertFalse(replica.leads());
        assertFalse(heard.contains("not proposed 10"), "is in the log, and may yet be committed");
        assertTrue(heard.contains("not proposed 299"));
    }

    @Test
    void sendsASnapshotInPiecesWhereTheLogDoesNotReachBack() {
        lead();
        taken(B, 1);
        taken(C, 0);
        for (int i = 0; i < 200; i++) {
            replica.propose(SELF, 1, i, new byte[100_000]);
            replica.settle();
            taken(B, log.lastAppended());
        }
        replica.snapshot();
        assertTrue(log.firstKept() > 2);
        sent.clear();
        replica.receive(C, new Frame.Refused(1, 5, 1)); // what came before was lost on the way
        replica.settle();
        int total = take(C, Frame.Chunk.class).get(0).total();
        assertTrue(total > 2 * Frames.CHUNK_BYTES);
        replica.receive(C, new Frame.ChunkTaken(1, log.snapshotIndex(), Frames.CHUNK_BYTES));
        assertEquals(Frames.CHUNK_BYTES, take(C, Frame.Chunk.class).get(0).offset());
        now += 3 * SECOND;
        replica.tick();
        assertEquals(Frames.CHUNK_BYTES, take(C, Frame.Chunk.class).get(0).offset(), "again when there was no answer");
        taken(C, log.snapshotIndex());
        assertEquals(0, take(C, Frame.Chunk.class).size());
    }

    @Test
    void sendsASnapshotToAMemberThatWasNotHeardWhileTheLogWentOn() {
        lead();
        taken(B, 1);
        for (int i = 0; i < 100; i++) {
            replica.propose(SELF, 1, i, new byte[100_000]);
            replica.settle();
            taken(B, log.lastAppended());
        }
        replica.snapshot();
        assertTrue(log.firstKept() > 2);
        sent.clear();
        replica.receive(C, new Frame.Refused(1, 1, 1));
        assertTrue(sent.isEmpty(), "the answer to another leader's question, this one asked about entry 0");
        now += SECOND;
        replica.tick();
        assertEquals(0, take(C, Frame.Chunk.class).get(0).offset());
    }

    @Test
    void takesASnapshotInPiecesAndAsksForTheOneThatIsMissing() {
        byte[] state = new byte[20];
        byte[] names = Voters.encode(new Voters.Listing(List.of("x", "y"), LogId.NONE));
        System.arraycopy(names, 0, state, 0, names.length);
        replica.receive(B, new Frame.Chunk(1, 50, 1, 20, 10, Arrays.copyOfRange(state, 10, 20)));
        assertEquals(0, take(B, Frame.ChunkTaken.class).get(0).offset(), "from the beginning");
        replica.receive(B, new Frame.Chunk(1, 50, 1, 20, 0, Arrays.copyOfRange(state, 0, 10)));
        assertEquals(10, take(B, Frame.ChunkTaken.class).get(0).offset());
        replica.receive(B, new Frame.Chunk(1, 50, 1, 20, 15, new byte[10]));
        assertEquals(0, sent.size(), "out of its bounds");
        replica.receive(B, new Frame.Chunk(1, 50, 1, 20, 10, Arrays.copyOfRange(state, 10, 20)));
        assertEquals(50, take(B, Frame.Taken.class).get(0).index());
        assertEquals(List.of("x", "y"), voters.names());
        assertEquals(50, log.commitIndex());
        assertEquals(List.of("restored " + (20 - names.length)), heard);
    }

    @Test
    void leadsNoMoreWithoutAMajority() {
        lead();
        taken(B, 1);
        for (int i = 0; i < 60; i++) {
            now += SECOND / 10;
            replica.tick();
            replica.settle();
        }
        assertFalse(replica.leads());
        assertInstanceOf(Frame.Resign.class, take(C, Frame.Resign.class).get(0));
    }

    @Test
    void changesVotersOneAtATimeAndOnlyWhenTheyHaveCaughtUp() {
        lead();
        Map<Address, String> others = new LinkedHashMap<>();
        others.put(B, "b");
        others.put(C, "c");
        Address d = new UUID(4, 4);
        others.put(d, "d");
        replica.view(others);
        List<DvsException> answers = new ArrayList<>();
        replica.reconfigure(true, "d", 30 * SECOND, answers::add);
        replica.reconfigure(true, "e", 30 * SECOND, failure -> assertEquals(ErrorCode.AGAIN, failure.code()));
        taken(d, 1);
        assertEquals(3, voters.names().size(), "not before an entry of this term is committed");
        taken(B, 1);
        assertEquals(List.of("a", "b", "c", "d"), voters.names(), "counts from the moment it is appended");
        assertTrue(answers.isEmpty());
        taken(B, 2);
        assertTrue(answers.isEmpty(), "two of four are no majority");
        taken(d, 2);
        assertEquals(1, answers.size());
        assertEquals(null, answers.get(0));

        replica.reconfigure(true, "e", SECOND, failure -> assertEquals(ErrorCode.BADNODEID, failure.code()));
        replica.reconfigure(false, "a", SECOND, answers::add);
        replica.settle();
        taken(B, 3);
        taken(C, 3);
        assertEquals(2, answers.size());
        assertFalse(replica.leads(), "it does not vote any more, so it leads no more");
        replica.callElection();
        assertEquals(1, log.currentTerm(), "nor stands as a candidate");
    }

    /** Else a group of two whose leader expels itself and loses its lead before the other has heard of it has no leader again. */
    @Test
    void standsAsACandidateUntilItIsAgreedThatItDoesNotVote() {
        append(B, 1, 0, 0, 1, voters(1, "a", "b"), entry(1, 1), voters(1, "b"));
        replica.settle();
        site.leader = null;
        assertEquals(List.of("b"), voters.names());
        replica.callElection();
        assertEquals(0, take(C, Frame.Canvass.class).size());
        replica.receive(B, new Frame.Support(1));
        assertFalse(replica.leads(), "its own vote does not count");
        assertEquals(3, take(B, Frame.Candidate.class).get(0).lastIndex());
        assertEquals(0, take(C, Frame.Candidate.class).size());
        replica.receive(B, new Frame.Vote(2, true));
        replica.settle();
        assertTrue(replica.leads());
        assertEquals(1, log.commitIndex());
        taken(B, 4);
        assertEquals(4, log.commitIndex());
        assertFalse(replica.leads(), "agreed now");
        assertInstanceOf(Frame.Resign.class, take(B, Frame.Resign.class).get(0));
        replica.callElection();
        assertEquals(2, log.currentTerm());
    }

    @Test
    void timesANewcomerOutThatDoesNotCatchUp() {
        lead();
        Map<Address, String> others = new LinkedHashMap<>();
        others.put(B, "b");
        others.put(new UUID(4, 4), "d");
        replica.view(others);
        List<DvsException> answers = new ArrayList<>();
        replica.reconfigure(true, "d", SECOND, answers::add);
        for (int i = 0; i < 12; i++) {
            now += SECOND / 10;
            taken(B, log.lastAppended());
            replica.tick();
        }
        assertEquals(ErrorCode.TIMEDOUT, answers.get(0).code());
    }

    /** A leader that has lost its majority still talks to some; they must not think that they are up to date. */
    @Test
    void saysHowFreshAMemberIsNoBetterThanAMajorityConfirms() {
        voters.appended(0, new Voters.Listing(List.of("a", "b", "c", "d", "e"), LogId.NONE));
        stand();
        replica.receive(C, new Frame.Support(0));
        replica.receive(B, new Frame.Vote(1, true));
        replica.receive(C, new Frame.Vote(1, true));
        replica.settle();
        now = SECOND;
        taken(B, 1);
        taken(C, 1);
        now = 5 * SECOND;
        sent.clear();
        replica.receive(B, new Frame.Taken(1, 1, now, 1_005 * SECOND)); // B's clock is 1000 s ahead
        replica.tick();
        assertEquals(1_001 * SECOND, take(B, Frame.Append.class).get(0).echo(), "a majority was last heard four seconds ago");
        taken(C, 1);
        now += SECOND;
        replica.tick();
        assertEquals(1_005 * SECOND, take(B, Frame.Append.class).get(0).echo());
    }
}
