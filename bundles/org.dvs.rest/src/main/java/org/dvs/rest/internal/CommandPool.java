package org.dvs.rest.internal;

import java.util.concurrent.Callable;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Threads that commands run on, while the server's thread looks after the client. Makes them when needed. */
final class CommandPool implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(CommandPool.class);
    private static final long IDLE_SECONDS = 30;
    private static final long CLOSE_SECONDS = 4;

    private final int atOnce;
    private final ThreadPoolExecutor threads;

    /** @param atOnce commands at the same time; one more is refused */
    CommandPool(int atOnce) {
        this.atOnce = atOnce;
        AtomicInteger number = new AtomicInteger();
        threads = new ThreadPoolExecutor(0, atOnce, IDLE_SECONDS, TimeUnit.SECONDS, new SynchronousQueue<>(), task -> {
            Thread thread = new Thread(task, "dvs-rest-command-" + number.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        });
    }

    /** @throws DvsException {@code AGAIN} when too many run */
    <T> Future<T> submit(Callable<T> command) throws DvsException {
        try {
            return threads.submit(command);
        } catch (RejectedExecutionException e) {
            throw new DvsException(ErrorCode.AGAIN, atOnce + " commands are running", e);
        }
    }

    /** Interrupts what runs. */
    @Override
    public void close() {
        threads.shutdownNow();
        try {
            if (!threads.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS)) {
                LOG.warn("{} commands did not end when interrupted", threads.getActiveCount());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
