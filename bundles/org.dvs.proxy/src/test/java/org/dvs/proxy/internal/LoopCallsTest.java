package org.dvs.proxy.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.transport.api.Loop;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Names finish the sentence "a call of the loop …". */
@Tag("R-PXY-14")
class LoopCallsTest {
    private final Queue<Runnable> waiting = new ConcurrentLinkedQueue<>();
    private final AtomicInteger runs = new AtomicInteger();
    private boolean refuses;
    private final LoopCalls calls = new LoopCalls(new Loop() {
        @Override
        public boolean here() {
            return false;
        }

        @Override
        public boolean execute(Runnable task) {
            return !refuses && waiting.add(task);
        }

        @Override
        public Timer schedule(Runnable task, long delay, TimeUnit unit) {
            throw new UnsupportedOperationException();
        }
    });

    @Test
    void neverRunsOnceItWasGivenUp() {
        assertEquals(ErrorCode.TIMEDOUT, assertThrows(DvsException.class, () -> calls.run(runs::incrementAndGet, 1)).code());
        waiting.remove().run();
        Thread.currentThread().interrupt();
        assertEquals(ErrorCode.SHUTDOWN, assertThrows(DvsException.class, () -> calls.run(runs::incrementAndGet, 1)).code());
        assertTrue(Thread.interrupted());
        waiting.remove().run();
        assertEquals(0, runs.get());
    }

    @Test
    void isWaitedForOnceItHasBegun() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch impatient = new CountDownLatch(1);
        CompletableFuture<Integer> answer = CompletableFuture.supplyAsync(() -> {
            try {
                return calls.get(() -> {
                    begun.countDown();
                    try {
                        // Longer than the caller's patience, and shorter than twice that.
                        impatient.await(6_000, TimeUnit.MILLISECONDS);
                    } catch (InterruptedException e) {
                        throw new IllegalStateException(e);
                    }
                    return runs.incrementAndGet();
                }, 5_000);
            } catch (DvsException e) {
                throw new IllegalStateException(e);
            }
        });
        Pair.await(() -> !waiting.isEmpty());
        waiting.remove().run();
        assertEquals(0, begun.getCount());
        assertEquals(1, answer.get(TestNode.WAIT_MS, TimeUnit.MILLISECONDS));
    }

    @Test
    void tellsWhatWasThrown() {
        CompletableFuture<Object> asked = calls.ask(() -> {
            throw new IllegalArgumentException("thrown");
        });
        assertFalse(asked.isDone());
        waiting.remove().run();
        ExecutionException told = assertThrows(ExecutionException.class, asked::get);
        assertEquals("thrown", told.getCause().getMessage());
    }

    @Test
    void saysSoWhenItIsRefused() {
        refuses = true;
        assertTrue(calls.ask(runs::incrementAndGet).isCompletedExceptionally());
        assertEquals(ErrorCode.SHUTDOWN, assertThrows(DvsException.class, () -> calls.run(runs::incrementAndGet, 1)).code());
    }
}
