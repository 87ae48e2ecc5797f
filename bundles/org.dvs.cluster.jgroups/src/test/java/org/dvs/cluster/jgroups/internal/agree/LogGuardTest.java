package org.dvs.cluster.jgroups.internal.agree;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;

import org.dvs.api.ErrorCode;
import org.dvs.cluster.jgroups.internal.log.DurableLog;
import org.dvs.cluster.jgroups.internal.log.FaultyStorage;
import org.jgroups.Address;
import org.jgroups.protocols.raft.LogEntries;
import org.jgroups.protocols.raft.LogEntry;
import org.jgroups.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What keeps the messages of one log from the members of another … */
@Tag("R-CMD-19")
class LogGuardTest {
    private static final Address SELF = new UUID(1, 1);
    private static final Address B = new UUID(2, 2);
    private static final LogId OURS = new LogId(1, 1);
    private static final LogId OTHER = new LogId(2, 2);
    private static final long SECOND = 1_000_000_000;
    private static final Frame REFUSED = new Frame.Refused(7, 3, 0);

    private DurableLog log;
    private Voters voters;
    private long now = 5_000;
    private LogGuard guard;
    private LogSite site;

    @BeforeEach
    void open() throws Exception {
        log = DurableLog.open(new FaultyStorage(), DurableLog.Sizes.DEFAULT, failure -> { });
        keep(List.of("a", "b", "c"), LogId.NONE);
    }

    /** Its log is that one, of these voters, as far as it is agreed. */
    private void keep(List<String> names, LogId name) {
        voters = new Voters(names);
        voters.restart(0, new Voters.Listing(names, name));
        site = new TestSite(SELF, () -> log, () -> now);
        guard = new LogGuard("a", log, voters, site);
        guard.view(List.of(B));
    }

    private boolean admits(LogId name, int size, Frame frame) {
        return guard.admits(B, new Frames.Letter(name, size, frame));
    }

    private static Frame.Append append(long commit) {
        return new Frame.Append(7, 3, 2, commit, 0, Frame.NONE, List.of());
    }

    private static Frame.Chunk chunk() {
        return new Frame.Chunk(7, 3, 2, 1, 0, new byte[1]);
    }

    @Test
    void takesAllWhileItKnowsNoNameOfItsLog() {
        for (LogId name : List.of(LogId.NONE, OURS, OTHER)) {
            assertTrue(admits(name, 3, append(9)));
            assertTrue(admits(name, 3, chunk()));
            assertTrue(admits(name, 3, REFUSED));
        }
        voters.appended(5, new Voters.Listing(voters.names(), OURS));
        assertTrue(admits(OTHER, 3, append(9)), "its own name was not agreed, another may be");
        assertEquals(0, guard.dropped());
    }

    @Test
    void takesNothingOfAnotherLog() {
        keep(List.of("a", "b", "c"), OURS);
        assertTrue(admits(OURS, 3, append(9)));
        assertTrue(admits(OURS, 3, REFUSED));
        assertFalse(admits(OTHER, 1, append(9)));
        assertFalse(admits(OTHER, 5, chunk()));
        assertFalse(admits(OTHER, 1, REFUSED), "of a higher term: it would end this one's lead");
        assertEquals(3, guard.dropped());
    }

    /** Whoever is elected has all that was agreed, the name as well; a newcomer has nothing. */
    @Test
    void takesTheAnswersOfWhoKnowsNoNameYetButFollowsNoSuchLeader() {
        keep(List.of("a", "b", "c"), OURS);
        assertTrue(admits(LogId.NONE, 0, REFUSED));
        assertTrue(admits(LogId.NONE, 0, new Frame.Candidate(9, 3, 2)));
        assertFalse(admits(LogId.NONE, 0, append(9)));
        assertFalse(admits(LogId.NONE, 0, chunk()));
    }

    /** A healthy voter would else be said to keep the log of another cluster. */
    @Test
    void blamesNobodyForWhatAnEarlierLeaderHasSentBeforeTheLogHadAName() {
        keep(List.of("a", "b", "c"), OURS);
        log.currentTerm(8);
        Frames.Letter late = new Frames.Letter(LogId.NONE, 3, append(9));
        assertFalse(guard.admits(B, late));
        assertFalse(guard.isForeign(late));
        assertTrue(guard.isForeign(new Frames.Letter(OTHER, 3, append(9))));
        assertTrue(guard.isForeign(new Frames.Letter(LogId.NONE, 3, new Frame.Append(8, 3, 2, 9, 0, Frame.NONE, List.of()))));
    }

    @Test
    void givesWayAsAClusterOfOneToALargerOne() {
        keep(List.of("a"), OURS);
        site.leader = SELF;
        assertFalse(admits(OTHER, 3, REFUSED), "only who leads shows that there is a cluster");
        OtherLogException end = assertThrows(OtherLogException.class, () -> admits(OTHER, 3, append(0)));
        assertEquals(ErrorCode.LOGDAMAGED, end.reason().code());
        assertTrue(end.reason().getMessage().contains("expel it there if it has a vote there"), end.getMessage());
        assertTrue(end.reason().getMessage().contains("empty its logFolder"), end.getMessage());
        assertThrows(OtherLogException.class, () -> admits(OTHER, 2, chunk()));
    }

    /** Else it and all who learn from it would stop at once. */
    @Test
    void staysAsALeaderWhomOthersFollow() {
        keep(List.of("a"), OURS);
        site.leader = SELF;
        assertTrue(admits(OURS, 1, REFUSED), "of a member without a vote");
        now += 4 * SECOND;
        assertFalse(admits(OTHER, 3, append(9)));
        assertFalse(admits(OTHER, 1, append(9)));
        now += 2 * SECOND;
        assertThrows(OtherLogException.class, () -> admits(OTHER, 3, append(9)), "they have gone");
    }

    /** The list that it has read so far may name one voter, who has none but itself to give way for. */
    @Test
    void staysAsAMemberWithoutAVote() {
        keep(List.of("b"), OURS);
        assertFalse(admits(OTHER, 3, append(9)));
        assertFalse(admits(OTHER, 1, append(9)));
    }

    /** Of two only voters that lead one gives way, and never both. */
    @Test
    void givesWayAsALeaderToOneWithALongerLog() {
        keep(List.of("a"), OURS);
        site.leader = SELF;
        commitOne();
        assertFalse(admits(OTHER, 1, append(1)));
        assertFalse(admits(OTHER, 1, chunk()));
        assertThrows(OtherLogException.class, () -> admits(OTHER, 1, append(2)));
    }

    private void commitOne() {
        log.append(1, LogEntries.create(new LogEntry(1, new byte[1])));
        log.commitIndex(1);
    }

    @Test
    void namesTheLogAsFarAsItIsAgreedAndAsALeaderWhatItLeadsBy() {
        voters.appended(5, new Voters.Listing(List.of("a", "b"), OURS));
        assertEquals(new Frames.Letter(OURS, 2, append(1)), guard.seal(append(1)));
        assertEquals(new Frames.Letter(LogId.NONE, 0, REFUSED), guard.seal(REFUSED));
        voters.committed(5);
        assertEquals(new Frames.Letter(OURS, 2, REFUSED), guard.seal(REFUSED));
    }

    /** A node that was alone for long could not hear of a leader; then it must listen. */
    @Test
    void countsTheSilenceFromWhenSomebodyCouldBeHeard() {
        now += 1000;
        assertEquals(1000, guard.claimSilence());
        guard.view(List.of());
        now += 1000;
        guard.view(List.of(B));
        assertEquals(0, guard.claimSilence());
        now += 1000;
        guard.view(List.of(B, new UUID(3, 3)));
        assertEquals(1000, guard.claimSilence());
        admits(OTHER, 3, REFUSED);
        assertEquals(1000, guard.claimSilence(), "that is no claim");
        admits(OTHER, 3, append(0));
        assertEquals(0, guard.claimSilence());
    }

    /** The last voter, whose leader has just been expelled, would else wait for it. */
    @Test
    void hearsNoClaimOnItsOwnLog() {
        keep(List.of("a", "b", "c"), OURS);
        now += 1000;
        assertTrue(admits(OURS, 3, append(0)));
        assertEquals(1000, guard.claimSilence());
        admits(LogId.NONE, 0, append(0));
        assertEquals(0, guard.claimSilence(), "that may be this log");
    }

    /** Else an only voter that comes with a longer log would lead, and stop the one that has run here. */
    @Test
    void hearsAClaimOnAnotherLogAndDoesNotGiveWayToAShorterOne() {
        keep(List.of("a"), OURS);
        commitOne();
        now += 1000;
        assertFalse(admits(OTHER, 1, append(1)));
        assertEquals(0, guard.claimSilence());
    }
}
