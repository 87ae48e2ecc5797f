package org.dvs.kernel.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What was handed to the kernel's threads is done, also when they end. */
@Tag("R-CMD-14")
@Timeout(60)
class ThreadsTest {
    private static final long LIMIT_MS = 20_000;

    private final Threads threads = new Threads(1);
    private final List<String> done = new CopyOnWriteArrayList<>();

    @Test
    void whatHasNotBegunWhenTheKernelStopsIsDoneThough() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch never = new CountDownLatch(1);
        threads.handle(() -> {
            begun.countDown();
            try {
                never.await();
            } catch (InterruptedException e) {
                done.add("interrupted");
            }
        });
        assertTrue(begun.await(LIMIT_MS, TimeUnit.MILLISECONDS));
        threads.handle(() -> {
            throw new IllegalStateException("planted: a defect of a handler");
        });
        threads.handle(() -> done.add("left"));
        threads.close();
        assertTrue(done.contains("left"), () -> "done: " + done);
    }

    @Test
    void whatComesAfterwardsIsDoneWhereItComesFrom() {
        threads.close();
        threads.handle(() -> done.add(Thread.currentThread().getName()));
        assertEquals(List.of(Thread.currentThread().getName()), done);
    }
}
