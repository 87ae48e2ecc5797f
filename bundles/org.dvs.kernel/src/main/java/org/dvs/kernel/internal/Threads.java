package org.dvs.kernel.internal;

import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import org.dvs.kernel.internal.ipc.Deadlines;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The kernel's own threads: one for deadlines, a few for handlers. At most one task of each handler waits at a time. */
final class Threads implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Threads.class);
    private static final long IDLE_SECONDS = 10;
    private static final long END_WITHIN_MS = 2_000;

    private final ScheduledThreadPoolExecutor deadlines = new ScheduledThreadPoolExecutor(1, named("dvs-kernel-deadline-"));
    private final ThreadPoolExecutor handlers;

    Threads(int handlerThreads) {
        deadlines.setRemoveOnCancelPolicy(true);
        deadlines.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        handlers = new ThreadPoolExecutor(handlerThreads, handlerThreads, IDLE_SECONDS, TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(), named("dvs-kernel-handler-"));
        handlers.allowCoreThreadTimeOut(true);
    }

    private static ThreadFactory named(String prefix) {
        AtomicInteger number = new AtomicInteger();
        return task -> {
            Thread thread = new Thread(task, prefix + number.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        };
    }

    Deadlines deadlines() {
        return (milliseconds, task) -> {
            try {
                ScheduledFuture<?> due = deadlines.schedule(() -> run(task), milliseconds, TimeUnit.MILLISECONDS);
                return () -> due.cancel(false);
            } catch (RejectedExecutionException e) {
                LOG.debug("the kernel is stopping");
                return () -> { };
            }
        };
    }

    private static void run(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException e) {
            LOG.error("What was due in the kernel, or handed to its threads, failed", e);
        }
    }

    void handle(Runnable task) {
        try {
            handlers.execute(task);
        } catch (RejectedExecutionException e) {
            // The kernel is stopping: its programs are told so all the same.
            run(task);
        }
    }

    /** Fewer or more threads for handlers from now on. */
    void handlerThreads(int count) {
        if (count > handlers.getMaximumPoolSize()) {
            handlers.setMaximumPoolSize(count);
            handlers.setCorePoolSize(count);
        } else {
            handlers.setCorePoolSize(count);
            handlers.setMaximumPoolSize(count);
        }
    }

    @Override
    public void close() {
        deadlines.shutdownNow();
        List<Runnable> left = handlers.shutdownNow();
        try {
            if (!handlers.awaitTermination(END_WITHIN_MS, TimeUnit.MILLISECONDS)) {
                LOG.warn("A handler did not end when the kernel stopped");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        // Ends of calls, that whoever waits for them must hear of; what they begin ends at once.
        left.forEach(Threads::run);
    }
}
