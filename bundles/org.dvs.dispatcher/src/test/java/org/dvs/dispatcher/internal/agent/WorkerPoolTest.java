package org.dvs.dispatcher.internal.agent;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Names finish the sentence "a pool …". */
class WorkerPoolTest {
    private final List<CountDownLatch> latches = new ArrayList<>();
    private final List<Integer> ran = new CopyOnWriteArrayList<>();
    private int maxQueued = 3;
    private final WorkerPool pool = new WorkerPool("dvs-test-worker", 1, () -> maxQueued, () -> 1);

    @AfterEach
    void stop() {
        latches.forEach(CountDownLatch::countDown);
        pool.stop();
    }

    /** Deaf to interruptions until it is released. */
    private static void hang(CountDownLatch release) {
        boolean released = false;
        while (!released) {
            try {
                released = release.await(30, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                // Stands for a handler that ignores it.
                released = false;
            }
        }
    }

    private CountDownLatch hangingTask(Runnable afterwards) {
        CountDownLatch started = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        latches.add(release);
        assertTrue(pool.submit(() -> {
            started.countDown();
            hang(release);
            afterwards.run();
        }));
        await().until(() -> started.getCount() == 0);
        return release;
    }

    @Test
    void refusesMoreThanMayWait() {
        CountDownLatch release = hangingTask(() -> { });
        Runnable third = () -> ran.add(3);
        assertTrue(pool.submit(() -> ran.add(1)));
        assertTrue(pool.submit(() -> ran.add(2)));
        assertTrue(pool.submit(third));
        assertFalse(pool.submit(() -> ran.add(4)));
        pool.remove(third);
        assertTrue(pool.submit(() -> ran.add(5)));
        release.countDown();
        await().until(() -> ran.size() == 3);
        assertEquals(List.of(1, 2, 5), ran);
    }

    @Test
    void replacesALostThreadAndHasOneLessWhenItComesBack() {
        CountDownLatch release = hangingTask(pool::cameBack);
        assertTrue(pool.submit(() -> ran.add(1)));
        assertTrue(ran.isEmpty());
        assertTrue(pool.replaceLost());
        await().until(() -> ran.size() == 1);
        assertFalse(pool.replaceLost(), "one is the limit");
        AtomicInteger atOnce = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        release.countDown();
        maxQueued = 200;
        IntStream.range(0, 200).forEach(i -> assertTrue(pool.submit(() -> {
            most.accumulateAndGet(atOnce.incrementAndGet(), Math::max);
            ran.add(i);
            atOnce.decrementAndGet();
        })));
        await().until(() -> ran.size() == 201);
        assertEquals(1, most.get(), "never two at once");
        assertEquals(IntStream.range(0, 200).boxed().toList(), ran.subList(1, 201), "in order");
    }

    @Test
    void growsAndShrinks() {
        pool.resize(2);
        hangingTask(() -> { });
        CountDownLatch second = hangingTask(() -> { });
        pool.resize(1);
        second.countDown();
        // Else it could be about to go when the pool grows again, and would be counted as one that is there.
        await().until(() -> Thread.getAllStackTraces().keySet().stream()
                .noneMatch(thread -> thread.getName().equals("dvs-test-worker-2")));
        assertTrue(pool.submit(() -> ran.add(1)));
        assertTrue(ran.isEmpty());
        pool.resize(2);
        await().until(() -> ran.size() == 1);
    }

    @Test
    void takesNothingAfterItsEnd() {
        pool.stop();
        assertFalse(pool.submit(() -> ran.add(1)));
    }
}
