package org.dvs.dispatcher.internal;

import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Queue;
import java.util.TreeSet;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The loop on a thread of its own.
 *
 * <p><b>Full.</b> Other threads wait up to {@value #MAX_WAIT_MS} ms for a place in the queue: that slows down the cluster's
 * delivery, and through its flow control the senders. After that the task is dropped and counted.
 */
public final class EventLoop implements Loop {
    private static final Logger LOG = LoggerFactory.getLogger(EventLoop.class);
    private static final long MAX_WAIT_MS = 5_000;
    private static final long MAX_STOP_MS = 3_000;

    private final BlockingQueue<Runnable> queue;
    private final Queue<Runnable> own = new ArrayDeque<>();
    private final TreeSet<Deadline> timers = new TreeSet<>(
            Comparator.comparingLong(Deadline::order).thenComparingLong(Deadline::number));
    private final Counters counters;
    private final Thread thread;
    private final LongSupplier nanoTime;
    private final long start;
    private long given;
    private volatile Runnable last;
    private volatile boolean ended;

    private record Deadline(long order, long number, Runnable task) {
    }

    /** Starts the thread. */
    public EventLoop(String threadName, int capacity, Counters counters) {
        this(threadName, capacity, counters, System::nanoTime);
    }

    /** @param nanoTime monotonic clock */
    EventLoop(String threadName, int capacity, Counters counters, LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.start = nanoTime.getAsLong();
        this.queue = new ArrayBlockingQueue<>(capacity);
        this.counters = counters;
        thread = new Thread(this::run, threadName);
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public boolean execute(Runnable task) {
        if (Thread.currentThread() == thread) {
            own.add(task);
            return true;
        }
        if (ended) {
            return false;
        }
        try {
            if (queue.offer(task) || queue.offer(task, MAX_WAIT_MS, TimeUnit.MILLISECONDS)) {
                // Either the thread takes it when it clears up at its end, or it goes back: never neither.
                return !ended || !queue.remove(task);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (Counters.worthLogging(counters.count(Counters.Event.OVERRUN))) {
            LOG.warn("{} did not take a task within {} ms; the task is dropped", thread.getName(), MAX_WAIT_MS);
        }
        return false;
    }

    @Override
    public long nanoTime() {
        return nanoTime.getAsLong();
    }

    @Override
    public Timer after(long delayNanos, Runnable task) {
        // Counted from the start of the loop, so that the order of deadlines does not suffer when nanoTime runs over.
        Deadline deadline = new Deadline(nanoTime() - start + Math.max(0, delayNanos), given++, task);
        timers.add(deadline);
        return () -> timers.remove(deadline);
    }

    private void run() {
        while (last == null) {
            run(this::next);
        }
        run(() -> last);
        ended = true;
        for (Runnable task = queue.poll(); task != null; task = queue.poll()) {
            Runnable left = task;
            run(() -> left);
        }
    }

    /** Where the next task comes from; null if none came for a while. */
    private interface Source {
        Runnable next() throws InterruptedException;
    }

    private void run(Source source) {
        try {
            Runnable task = source.next();
            if (task != null) {
                task.run();
            }
        } catch (InterruptedException e) {
            LOG.debug("{}: an interruption is not the way to end the loop", thread.getName());
        } catch (RuntimeException | LinkageError | AssertionError e) {
            LOG.error("{}: a defect; the loop goes on", thread.getName(), e);
        }
    }

    /** What is due first; own tasks come before timers, timers before the queue, so that none of them starves the others. */
    private Runnable next() throws InterruptedException {
        Runnable task = own.poll();
        if (task != null) {
            return task;
        }
        long wait = timers.isEmpty() ? TimeUnit.SECONDS.toNanos(1) : timers.first().order() - (nanoTime() - start);
        return wait <= 0 ? timers.pollFirst().task() : queue.poll(wait, TimeUnit.NANOSECONDS);
    }

    /** Runs a last task, then those that wait, then ends the thread; waits for that {@value #MAX_STOP_MS} ms at the most. */
    public void close(Runnable lastTask) {
        last = lastTask;
        queue.offer(() -> { });
        try {
            thread.join(MAX_STOP_MS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
