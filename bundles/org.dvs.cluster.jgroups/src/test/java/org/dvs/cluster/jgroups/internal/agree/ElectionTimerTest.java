package org.dvs.cluster.jgroups.internal.agree;

import static org.dvs.cluster.jgroups.internal.agree.ElectionTimer.LISTEN_NANOS;
import static org.dvs.cluster.jgroups.internal.agree.ElectionTimer.NEXT_NANOS;
import static org.dvs.cluster.jgroups.internal.agree.ElectionTimer.RETRY_NANOS;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.dvs.cluster.jgroups.internal.agree.ElectionTimer.Situation;
import org.junit.jupiter.api.Test;

/** An election is called … */
class ElectionTimerTest {
    /** So that the clock runs over in the middle of a test. */
    private static final long START = Long.MAX_VALUE - LISTEN_NANOS / 2;
    private final ElectionTimer timer = new ElectionTimer(bound -> bound - 1);

    private static Situation unled(long term, int before) {
        return new Situation(term, false, true, before, false);
    }

    @Test
    void byTheFirstVoterAfterItHasListened() {
        assertFalse(timer.due(START, unled(1, 0)));
        assertFalse(timer.due(START + LISTEN_NANOS - 1, unled(1, 0)));
        assertTrue(timer.due(START + LISTEN_NANOS, unled(1, 0)));
    }

    @Test
    void byEachNextVoterLater() {
        assertFalse(timer.due(START, unled(1, 2)));
        assertFalse(timer.due(START + LISTEN_NANOS + 2 * NEXT_NANOS - 1, unled(1, 2)));
        assertTrue(timer.due(START + LISTEN_NANOS + 2 * NEXT_NANOS, unled(1, 2)));
    }

    @Test
    void atOnceByWhoHasJustLostItsLeaderAndByAnOnlyVoter() {
        assertFalse(timer.due(START, Situation.led(1)));
        assertTrue(timer.led());
        assertTrue(timer.due(START + 1, unled(1, 0)));
        assertTrue(new ElectionTimer(bound -> 0).due(START, new Situation(1, false, true, 0, true)));
    }

    @Test
    void neverWithoutAMajorityOrWithALeader() {
        Situation minority = new Situation(1, false, false, 0, false);
        assertFalse(timer.due(START, minority));
        assertFalse(timer.due(START + 10 * LISTEN_NANOS, minority));
        assertFalse(timer.due(START + 11 * LISTEN_NANOS, Situation.led(1)));
    }

    @Test
    void againWhenNobodyHasWonAndFromTheBeginningWhenAnotherHasCalledOne() {
        timer.due(START, unled(1, 0));
        assertTrue(timer.due(START + LISTEN_NANOS, unled(1, 0)));
        timer.called(START + LISTEN_NANOS, 2);
        long again = START + LISTEN_NANOS + 2 * RETRY_NANOS - 1;
        assertFalse(timer.due(again - 1, unled(2, 0)));
        assertTrue(timer.due(again, unled(2, 0)));
        assertFalse(timer.due(again, unled(3, 0)), "it has the time of a new term to be won");
        assertTrue(timer.due(again + LISTEN_NANOS, unled(3, 0)));
    }
}
