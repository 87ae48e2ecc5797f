package org.dvs.registry.internal;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The caretaker ... */
@Tag("R-CMD-19")
@Timeout(60)
class CaretakerTest {
    private final AtomicInteger runs = new AtomicInteger();

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await(30, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static ErrorCode failure(CompletableFuture<Void> promise) {
        ExecutionException why = assertThrows(ExecutionException.class, () -> promise.get(20, TimeUnit.SECONDS));
        return ((DvsException) why.getCause()).code();
    }

    @Test
    void doesOnceWhatWasAskedForManyTimesMeanwhile() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        try (Caretaker caretaker = new Caretaker("test-1", () -> {
            runs.incrementAndGet();
            begun.countDown();
            awaitQuietly(go);
        })) {
            CompletableFuture<Void> first = caretaker.soon();
            awaitQuietly(begun);
            for (int i = 0; i < 1_000; i++) {
                caretaker.poke();
            }
            CompletableFuture<Void> second = caretaker.soon();
            assertFalse(second.isDone());
            go.countDown();
            first.get(20, TimeUnit.SECONDS);
            second.get(20, TimeUnit.SECONDS);
            assertEquals(2, runs.get());
        }
    }

    @Test
    void tellsWhatWentWrongAndTriesAgainByItself() {
        try (Caretaker caretaker = new Caretaker("test-1", () -> {
            if (runs.incrementAndGet() == 1) {
                throw new DvsException(ErrorCode.ALLOCMEM, "no");
            }
        })) {
            assertEquals(ErrorCode.ALLOCMEM, failure(caretaker.soon()));
            await().atMost(20, TimeUnit.SECONDS).until(() -> runs.get() == 2);
        }
    }

    @Test
    void survivesADefectOfItsChore() throws Exception {
        try (Caretaker caretaker = new Caretaker("test-1", () -> {
            if (runs.incrementAndGet() == 1) {
                throw new IllegalStateException("a defect, on purpose");
            }
        })) {
            assertEquals(ErrorCode.GENERIC, failure(caretaker.soon()));
            caretaker.soon().get(20, TimeUnit.SECONDS);
        }
    }

    @Test
    void comesBackAfterAWhileWhenAsked() {
        try (Caretaker caretaker = new Caretaker("test-1", runs::incrementAndGet)) {
            caretaker.pokeAfter(Duration.ofMillis(20));
            await().atMost(20, TimeUnit.SECONDS).until(() -> runs.get() == 1);
        }
    }

    @Test
    void leavesNobodyWaitingWhenItEnds() {
        CountDownLatch begun = new CountDownLatch(1);
        Caretaker caretaker = new Caretaker("test-1", () -> {
            begun.countDown();
            awaitQuietly(new CountDownLatch(1));
        });
        caretaker.poke();
        awaitQuietly(begun);
        CompletableFuture<Void> waiting = caretaker.soon();
        caretaker.close();
        assertEquals(ErrorCode.SHUTDOWN, failure(waiting));
        assertEquals(ErrorCode.SHUTDOWN, failure(caretaker.soon()));
    }
}
