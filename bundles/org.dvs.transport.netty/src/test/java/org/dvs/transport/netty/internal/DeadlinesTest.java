package org.dvs.transport.netty.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import org.dvs.transport.api.CloseReason;
import org.dvs.transport.api.Limits;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A deadline … */
@Tag("R-PXY-07")
class DeadlinesTest {
    private static final Limits LIMITS = Limits.DEFAULT.firstFrameMs(100).readMs(200).writeMs(300).idleMs(400).parkMs(500);
    private final Deadlines deadlines = new Deadlines(LIMITS, true);

    private CloseReason at(long now) {
        return deadlines.passed(now, true, 0, 0);
    }

    @Test
    void ofTheFirstFrameEndsWithItAndNotWithAPartOfIt() {
        deadlines.reads(0);
        deadlines.heard(50, false, true);
        assertNull(at(99));
        assertEquals(CloseReason.FIRST_FRAME_TIMEOUT, at(100));
        deadlines.heard(100, true, false);
        assertNull(at(101));
    }

    @Test
    void ofTheFirstFrameIsNotForOnesWeMade() {
        Deadlines ours = new Deadlines(LIMITS, false);
        ours.reads(0);
        assertNull(ours.passed(399, true, 0, 0));
        assertEquals(CloseReason.IDLE, ours.passed(400, true, 0, 0));
    }

    @Test
    void ofOneThatWaitsIsNearerOnceItsPeerHasEnded() {
        Deadlines waiting = new Deadlines(LIMITS.parkMs(60_000), true);
        waiting.waits(100);
        assertNull(waiting.passed(10_000, false, 0, 0));
        waiting.ended(10_000);
        assertNull(waiting.passed(13_999, false, 0, 0));
        assertEquals(CloseReason.PEER, waiting.passed(14_000, false, 0, 0));
        waiting.waits(20_000);
        assertNull(waiting.passed(23_999, false, 0, 0), "who ended before it waited has as long");
        assertEquals(CloseReason.PEER, waiting.passed(24_000, false, 0, 0));
    }

    @Test
    void ofReadingCountsFromAFramesFirstByteHoweverOftenMoreCome() {
        deadlines.reads(0);
        deadlines.heard(10, true, true);
        for (int now = 20; now < 210; now += 10) {
            deadlines.heard(now, false, true);
            assertNull(at(now));
        }
        assertEquals(CloseReason.READ_TIMEOUT, at(210));
        deadlines.heard(210, true, true);
        assertNull(at(409), "the next frame has its own");
    }

    @Test
    void ofWritingCountsFromWhenThePeerLastTookSomething() {
        deadlines.reads(0);
        deadlines.heard(0, true, false);
        assertNull(deadlines.passed(10, true, 5, 1));
        assertNull(deadlines.passed(309, true, 50, 1));
        assertNull(deadlines.passed(310, true, 50, 2), "it took something");
        deadlines.heard(310, true, false);
        assertNull(deadlines.passed(609, true, 50, 2));
        assertEquals(CloseReason.WRITE_TIMEOUT, deadlines.passed(610, true, 50, 2));
        assertNull(deadlines.passed(611, true, 0, 3), "all is sent");
    }

    @Test
    void restsWhileNothingIsReadAndBeginsAnewAfterwards() {
        deadlines.reads(0);
        deadlines.heard(0, true, true);
        assertNull(deadlines.passed(10_000, false, 0, 0));
        deadlines.reads(10_000);
        assertNull(at(10_199));
        assertEquals(CloseReason.READ_TIMEOUT, at(10_200));
    }

    @Test
    void ofParkingIsTheOnlyOneOfAParkedConnectionBesideThatOfWriting() {
        deadlines.reads(0);
        deadlines.waits(1_000);
        assertNull(deadlines.passed(1_499, false, 0, 0));
        assertEquals(CloseReason.PARKED_TOO_LONG, deadlines.passed(1_500, false, 0, 0));
        deadlines.reads(1_500);
        deadlines.heard(1_500, true, false);
        assertNull(at(1_501));
    }

    @Test
    void ofZeroIsNone() {
        deadlines.limits(LIMITS.firstFrameMs(0).idleMs(0));
        deadlines.reads(0);
        assertNull(at(Integer.MAX_VALUE));
    }
}
