package org.dvs.dispatcher.internal;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class EventLoopTest {
    private final Counters counters = new Counters();
    /** The time while the clock stands still; used on the loop. */
    private Long still;
    private final EventLoop loop = new EventLoop("dvs-test-loop-1", 4, counters, () -> still == null ? System.nanoTime() : still);
    private final List<String> ran = new CopyOnWriteArrayList<>();

    @AfterEach
    void close() {
        loop.close(() -> { });
    }

    @Test
    void runsTasksInOrderAndTimersByTheirTime() {
        CountDownLatch done = new CountDownLatch(1);
        loop.execute(() -> {
            // However long this takes, all are counted from one moment.
            still = System.nanoTime();
            loop.after(TimeUnit.MILLISECONDS.toNanos(40), () -> {
                ran.add("late");
                done.countDown();
            });
            loop.after(TimeUnit.MILLISECONDS.toNanos(20), () -> ran.add("early"));
            loop.after(TimeUnit.MILLISECONDS.toNanos(10), () -> ran.add("never")).cancel();
            loop.after(-5, () -> ran.add("at once"));
            loop.execute(() -> ran.add("own"));
            ran.add("first");
            still = null;
        });
        await().until(() -> done.getCount() == 0);
        assertEquals(List.of("first", "own", "at once", "early", "late"), ran);
    }

    @Test
    void goesOnAfterADefect() {
        loop.execute(() -> {
            throw new IllegalStateException("a defect");
        });
        loop.execute(() -> ran.add("next"));
        await().until(() -> ran.contains("next"));
    }

    @Test
    void runsWhatWaitsBeforeItEndsAndTakesNothingAfterwards() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        loop.execute(() -> {
            try {
                release.await(10, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                ran.add("interrupted");
            }
        });
        for (int i = 0; i < 4; i++) {
            int number = i;
            assertTrue(loop.execute(() -> ran.add("waiting " + number)));
        }
        Thread closing = new Thread(() -> loop.close(() -> ran.add("last")));
        closing.start();
        await().until(() -> closing.getState() == Thread.State.TIMED_WAITING);
        release.countDown();
        closing.join(TimeUnit.SECONDS.toMillis(10));
        assertEquals(5, ran.size());
        assertTrue(ran.contains("last"));
        assertFalse(loop.execute(() -> ran.add("too late")));
        assertFalse(ran.contains("too late"));
    }

    @Test
    void dropsAndCountsATaskWhenItIsBehindForTooLong() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        CountDownLatch busy = new CountDownLatch(1);
        loop.execute(() -> {
            busy.countDown();
            try {
                release.await(120, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                ran.add("interrupted");
            }
        });
        assertTrue(busy.await(10, TimeUnit.SECONDS));
        for (int i = 0; i < 4; i++) {
            assertTrue(loop.execute(() -> { }));
        }
        assertFalse(loop.execute(() -> ran.add("dropped")));
        assertEquals(1, counters.of(Counters.Event.OVERRUN));
        release.countDown();
        await().until(() -> loop.execute(() -> ran.add("again")));
        await().until(() -> ran.contains("again"));
        assertFalse(ran.contains("dropped"));
    }
}
