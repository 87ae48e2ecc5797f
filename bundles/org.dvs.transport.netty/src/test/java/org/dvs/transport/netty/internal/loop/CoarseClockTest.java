package org.dvs.transport.netty.internal.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Names finish the sentence "a loop's clock …". */
@Tag("R-PXY-05")
class CoarseClockTest {
    @Test
    void goesWithTheTime() {
        CoarseClock clock = new CoarseClock(1_000);
        assertEquals(1_000, clock.now());
        assertEquals(1_100, clock.read(1_100));
        assertEquals(2_100, clock.read(2_100));
        assertEquals(2_100, clock.now());
    }

    @Test
    void countsNoMoreThanASecondOfATimeInWhichTheLoopStoodStill() {
        CoarseClock clock = new CoarseClock(0);
        assertEquals(1_000, clock.read(60_000));
        assertEquals(1_100, clock.read(60_100));
    }

    @Test
    void neverGoesBack() {
        CoarseClock clock = new CoarseClock(500);
        assertEquals(500, clock.read(400));
        assertEquals(600, clock.read(500));
    }
}
