package org.dvs.dispatcher.internal.agent;

import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntSupplier;

/**
 * Workers on threads that start when needed and end when idle. With one worker, tasks run one after another in the order in which
 * they came; only a lost one is overtaken.
 */
public final class WorkerPool implements Workers {
    private static final long IDLE_SECONDS = 30;

    private final ThreadPoolExecutor threads;
    private final IntSupplier maxQueued;
    private final IntSupplier maxLost;
    private int size;
    private int lost;

    /**
     * @param threadName without the number
     * @param maxQueued  tasks that wait for a worker
     * @param maxLost    lost threads that are replaced
     */
    public WorkerPool(String threadName, int size, IntSupplier maxQueued, IntSupplier maxLost) {
        AtomicInteger number = new AtomicInteger();
        // The queue needs no bound of its own: only the loop adds to it, and it looks first.
        threads = new ThreadPoolExecutor(size, size, IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> {
            Thread thread = new Thread(task, threadName + '-' + number.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        });
        threads.allowCoreThreadTimeOut(true);
        this.size = size;
        this.maxQueued = maxQueued;
        this.maxLost = maxLost;
    }

    @Override
    public boolean submit(Runnable task) {
        if (threads.isShutdown() || threads.getQueue().size() >= maxQueued.getAsInt()) {
            return false;
        }
        threads.execute(task);
        return true;
    }

    @Override
    public void remove(Runnable task) {
        threads.remove(task);
    }

    @Override
    public synchronized boolean replaceLost() {
        if (lost >= maxLost.getAsInt()) {
            return false;
        }
        lost++;
        fit();
        return true;
    }

    @Override
    public synchronized void cameBack() {
        lost--;
        fit();
    }

    /** Changes the number of workers. */
    public synchronized void resize(int newSize) {
        size = newSize;
        fit();
    }

    private void fit() {
        // A pool never has more core threads than threads: which bound goes first depends on the direction.
        int wanted = size + lost;
        if (wanted > threads.getMaximumPoolSize()) {
            threads.setMaximumPoolSize(wanted);
            threads.setCorePoolSize(wanted);
        } else {
            threads.setCorePoolSize(wanted);
            threads.setMaximumPoolSize(wanted);
        }
    }

    /** Interrupts what runs and forgets what waits; does not wait. */
    public void stop() {
        threads.shutdownNow();
    }
}
