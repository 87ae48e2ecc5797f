package org.dvs.transport.netty.internal.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;

import io.netty.channel.SelectStrategy;

/** A loop that spins … */
class SpinTest {
    private long nowNs = 1L << 40;
    private final Spin spin = new Spin(20, () -> nowNs);

    private int look(int ready) throws Exception {
        return spin.calculateStrategy(() -> ready, false);
    }

    /** It worked, and the next event comes after so many microseconds. @return whether it slept before that */
    private boolean slept(int micros) throws Exception {
        spin.worked();
        for (int i = 0; i < micros; i++) {
            nowNs += 1_000;
            if (look(0) == SelectStrategy.SELECT) {
                nowNs += 1_000L * (micros - i);
                return true;
            }
        }
        int found = look(1);
        return found == SelectStrategy.SELECT;
    }

    @Test
    void sleepsAtOnceWhenItHasNotWorked() throws Exception {
        assertEquals(SelectStrategy.SELECT, look(1));
    }

    @Test
    void looksForMoreUntilItsTimeIsOverAndThenSleeps() throws Exception {
        spin.worked();
        nowNs += TimeUnit.MICROSECONDS.toNanos(19);
        assertEquals(0, look(0));
        assertEquals(3, look(3));
        nowNs += TimeUnit.MICROSECONDS.toNanos(1);
        assertEquals(SelectStrategy.SELECT, look(3));
    }

    @Test
    void looksAtOnceWhenItHasTasks() throws Exception {
        assertEquals(7, spin.calculateStrategy(() -> 7, true));
    }

    @Test
    void doesNotWhenItIsSwitchedOff() throws Exception {
        spin.spin(0);
        spin.worked();
        assertEquals(SelectStrategy.SELECT, look(1));
        spin.spin(20);
        spin.worked();
        assertEquals(1, look(1));
    }

    @Test
    void goesOnAsLongAsItSucceedsMostly() throws Exception {
        for (int i = 0; i < 10_000; i++) {
            assertEquals(i % 10 == 9, slept(i % 10 == 9 ? 50 : 5));
        }
    }

    @Test
    void givesUpWhereItDoesNotAndTriesAgainNowAndThen() throws Exception {
        long spun = 0;
        long from = nowNs;
        for (int i = 0; i < 100_000; i++) {
            spin.worked();
            nowNs += 1_000;
            if (look(0) == 0) {
                spun += 20;
                nowNs += 30_000;
                assertEquals(SelectStrategy.SELECT, look(0));
            }
            nowNs += 10_000;
        }
        long micros = TimeUnit.NANOSECONDS.toMicros(nowNs - from);
        assertTrue(spun > 0 && spun * 500 < micros, spun + " of " + micros + " us were spent spinning");
        // The peer has a processor of its own again.
        nowNs += TimeUnit.MILLISECONDS.toNanos(200);
        for (int i = 0; i < 1_000; i++) {
            assertEquals(false, slept(5));
        }
    }
}
