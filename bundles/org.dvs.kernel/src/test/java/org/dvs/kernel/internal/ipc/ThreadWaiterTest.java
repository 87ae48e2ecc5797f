package org.dvs.kernel.internal.ipc;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import org.dvs.api.DvsException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A thread whose call does not end at once, though it is to, as a copy holds its program still. */
@Tag("R-CMD-14")
class ThreadWaiterTest {
    private static final Duration LIMIT = Duration.ofSeconds(20);

    private final Nodes nodes = new Nodes(1);
    private final Program program = nodes.bind(0, 10);

    ThreadWaiterTest() throws DvsException {
    }

    @Test
    void sleepsHoweverOftenItIsInterruptedMeanwhile() throws Exception {
        Proc proc = nodes.kernel(0).container(Nodes.DC).slots.of(program.number());
        CompletableFuture<ThreadWaiter> begun = new CompletableFuture<>();
        CompletableFuture<Boolean> flagged = new CompletableFuture<>();
        int[] result = new int[1];
        Thread thread = new Thread(() -> {
            ThreadWaiter waiter = new ThreadWaiter();
            begun.complete(waiter);
            // The program is in no call, so that nothing ends when this is interrupted.
            result[0] = waiter.await(proc, -1);
            flagged.complete(Thread.currentThread().isInterrupted());
        }, "dvs-test-waiter");
        thread.setDaemon(true);
        thread.start();
        ThreadWaiter waiter = begun.get(LIMIT.toSeconds(), TimeUnit.SECONDS);
        for (int i = 0; i < 3; i++) {
            await().atMost(LIMIT).until(() -> !thread.isInterrupted() && thread.getState() == Thread.State.WAITING);
            thread.interrupt();
        }
        await().atMost(LIMIT).until(() -> !thread.isInterrupted() && thread.getState() == Thread.State.WAITING);
        waiter.completed(7);
        assertTrue(flagged.get(LIMIT.toSeconds(), TimeUnit.SECONDS), "the thread is to know that it was interrupted");
        assertEquals(7, result[0]);
    }
}
