package org.dvs.cluster.jgroups.internal.agree;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.cluster.api.Change;
import org.jgroups.util.UUID;
import org.junit.jupiter.api.Test;

/** The proposals of a node … */
class ProposalsTest {
    private static final long MILLI = 1_000_000;

    private final KeyedState state = new KeyedState();
    private final List<byte[]> sent = new ArrayList<>();
    private final List<Long> numbers = new ArrayList<>();
    private CatchUpRaft.Lead lead = new CatchUpRaft.Lead(new UUID(1, 1), 1);
    private long now;
    private final Proposals proposals = new Proposals(new Commands.Origin(3, 4), new Proposals.Way() {
        @Override
        public CatchUpRaft.Lead lead() {
            return lead;
        }

        @Override
        public boolean propose(CatchUpRaft.Lead to, long number, byte[] command) {
            sent.add(command);
            numbers.add(number);
            return true;
        }
    }, () -> now, 1000 * MILLI, 10_000 * MILLI, Runnable::run);

    private CompletableFuture<Long> put(String key) {
        try {
            return proposals.propose(Commands.encode(new Change().put(key, new byte[1])));
        } catch (DvsException e) {
            throw new AssertionError(e);
        }
    }

    private void commit(int at) {
        proposals.applied(state.apply(sent.get(at), 0, sent.get(at).length).orElseThrow());
    }

    private static ErrorCode failure(CompletableFuture<?> future) {
        try {
            future.getNow(null);
            throw new AssertionError("did not fail");
        } catch (CompletionException e) {
            return ((DvsException) e.getCause()).code();
        }
    }

    @Test
    void goTogetherWhileOthersAreUnderWay() {
        List<CompletableFuture<Long>> results = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            results.add(put("key" + i));
        }
        assertEquals(8, sent.size(), "no more than eight commands at once");
        commit(0);
        assertEquals(9, sent.size());
        assertEquals(92, Commands.decode(sent.get(8), 0, sent.get(8).length).orElseThrow().changes().size());
        for (int i = 1; i < 9; i++) {
            commit(i);
        }
        for (int i = 0; i < 100; i++) {
            assertEquals(i + 1, results.get(i).join());
        }
    }

    @Test
    void shareOneMarkInTheLogForManySyncs() {
        for (int i = 0; i < 8; i++) {
            put("key" + i);
        }
        List<CompletableFuture<Long>> syncs = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            syncs.add(proposals.propose(null));
        }
        commit(0);
        assertEquals(9, sent.size());
        assertFalse(syncs.get(0).isDone());
        commit(8);
        assertTrue(syncs.stream().allMatch(CompletableFuture::isDone));
    }

    @Test
    void areRefusedForCertainWhenNoLeaderIsFound() {
        lead = null;
        CompletableFuture<Long> change = put("a");
        CompletableFuture<Long> sync = proposals.propose(null);
        now = 999 * MILLI;
        proposals.tick();
        assertFalse(change.isDone());
        now = 1001 * MILLI;
        proposals.tick();
        assertEquals(ErrorCode.NOTREADY, failure(change));
        assertEquals(ErrorCode.NOTREADY, failure(sync));
        assertTrue(sent.isEmpty());
    }

    @Test
    void areUnknownWhenNothingIsHeardOfThem() {
        CompletableFuture<Long> change = put("a");
        now = 10_001 * MILLI;
        proposals.tick();
        assertEquals(ErrorCode.UNKNOWNOUTCOME, failure(change));
        commit(0); // too late to be told
        assertEquals(ErrorCode.UNKNOWNOUTCOME, failure(change));
    }

    @Test
    void areUnknownEachInItsOwnTimeAlsoTogetherWithYoungerOnes() {
        CompletableFuture<Long> old = put("a");
        now = 9_000 * MILLI;
        List<CompletableFuture<Long>> young = new ArrayList<>();
        for (int i = 0; i < 7; i++) {
            young.add(put("b"));
        }
        proposals.notProposed(numbers.get(0));
        proposals.notProposed(numbers.get(1)); // comes to stand before the old one
        proposals.tick();
        assertEquals(9, sent.size());
        now = 10_001 * MILLI;
        proposals.tick();
        assertEquals(ErrorCode.UNKNOWNOUTCOME, failure(old));
        assertFalse(young.get(0).isDone());
        proposals.notProposed(numbers.get(8));
        proposals.tick();
        assertEquals(1, Commands.decode(sent.get(9), 0, sent.get(9).length).orElseThrow().changes().size(),
                "the young one alone");
        commit(9);
        assertEquals(1, young.get(0).join());
    }

    @Test
    void areProposedAgainInTheirOrderOnceTheyCanNeverBeAppliedAnyMore() {
        CompletableFuture<Long> first = put("a");
        CompletableFuture<Long> second = put("b");
        proposals.termBegan(1);
        proposals.tick();
        assertEquals(2, sent.size(), "the term they were proposed in");
        lead = new CatchUpRaft.Lead(new UUID(2, 2), 2);
        proposals.termBegan(2);
        proposals.tick();
        assertEquals(3, sent.size());
        commit(2);
        assertEquals(1, first.join());
        assertEquals(2, second.join());
    }

    @Test
    void areProposedAgainWhenTheLeaderDidNotTakeThem() {
        CompletableFuture<Long> change = put("a");
        proposals.notProposed(numbers.get(0));
        lead = null;
        now = 900 * MILLI;
        proposals.tick();
        assertFalse(change.isDone());
        lead = new CatchUpRaft.Lead(new UUID(2, 2), 2);
        proposals.tick();
        commit(1);
        assertEquals(1, change.join());
    }

    @Test
    void areRefusedWhenTooManyWait() {
        lead = null;
        CompletableFuture<Long> last = put("a");
        for (int i = 0; i < 17_000; i++) {
            last = put("a");
        }
        assertEquals(ErrorCode.AGAIN, failure(last));
    }

    @Test
    void areAllAnsweredWhenTheMemberStops() {
        CompletableFuture<Long> proposed = put("a");
        for (int i = 0; i < 7; i++) {
            put("b");
        }
        CompletableFuture<Long> waiting = put("c");
        proposals.stop(new DvsException(ErrorCode.STOPPED, "disk"));
        assertEquals(ErrorCode.UNKNOWNOUTCOME, failure(proposed));
        assertEquals(ErrorCode.STOPPED, failure(waiting));
        assertEquals(ErrorCode.STOPPED, failure(put("d")));
    }

    @Test
    void areUnknownWhenASnapshotCameInThePlaceOfCommands() {
        CompletableFuture<Long> change = put("a");
        proposals.overtaken();
        assertEquals(ErrorCode.UNKNOWNOUTCOME, failure(change));
    }

    /** A mark changes nothing, so it can be made again. */
    @Test
    void areMadeAgainWhenTheyAreMarksAndASnapshotCameInThePlaceOfCommands() {
        for (int i = 0; i < 8; i++) {
            put("key" + i);
        }
        CompletableFuture<Long> change = put("together");
        CompletableFuture<Long> mark = proposals.propose(null);
        commit(0); // makes room for the two, in one command
        assertEquals(9, sent.size());
        proposals.overtaken();
        assertEquals(ErrorCode.UNKNOWNOUTCOME, failure(change));
        assertFalse(mark.isDone());
        proposals.tick();
        assertEquals(10, sent.size());
        commit(9);
        assertTrue(mark.isDone());
        assertFalse(mark.isCompletedExceptionally());
    }
}
