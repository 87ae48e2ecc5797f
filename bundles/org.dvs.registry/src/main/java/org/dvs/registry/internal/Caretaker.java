package org.dvs.registry.internal;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.api.Printable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Does a chore again whenever something may have changed, on a thread of its own and one at a time: calls that come while it
 * waits to run are one. What fails is said once and tried again, after a second at first, after half a minute at last.
 * Thread-safe.
 */
public final class Caretaker implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Caretaker.class);
    private static final Duration FIRST_RETRY = Duration.ofSeconds(1);
    private static final Duration LAST_RETRY = Duration.ofSeconds(30);

    private final String thread;
    private final Chore chore;
    private final ScheduledThreadPoolExecutor worker;
    private List<CompletableFuture<Void>> waiting = new ArrayList<>();
    private boolean queued;
    private Future<?> retry = CompletableFuture.completedFuture(null);
    private Duration pause = FIRST_RETRY;
    private String said = "";

    /** What is to be done; must not block for long. */
    @FunctionalInterface
    public interface Chore {
        /** @throws DvsException if it is to be done again after a while */
        void run() throws DvsException;
    }

    /** @param thread its name */
    public Caretaker(String thread, Chore chore) {
        this.thread = thread;
        this.chore = chore;
        worker = new ScheduledThreadPoolExecutor(1, task -> {
            Thread made = new Thread(task, thread);
            made.setDaemon(true);
            return made;
        });
        worker.setRemoveOnCancelPolicy(true);
    }

    /** Has the chore done soon; returns at once. */
    public void poke() {
        synchronized (this) {
            if (queued) {
                return;
            }
            queued = true;
        }
        try {
            worker.execute(this::run);
        } catch (RejectedExecutionException e) {
            LOG.debug("{} has ended", thread);
        }
    }

    /**
     * Has the chore done soon; returns at once.
     *
     * @return completes when it has run once after this call; exceptionally with what it threw, or {@code SHUTDOWN}
     */
    public CompletableFuture<Void> soon() {
        CompletableFuture<Void> promise = new CompletableFuture<>();
        synchronized (this) {
            waiting.add(promise);
        }
        poke();
        if (worker.isShutdown()) {
            abandon();
        }
        return promise;
    }

    /** As {@link #poke}, after a while. */
    public void pokeAfter(Duration delay) {
        try {
            worker.schedule(this::poke, delay.toNanos(), TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException e) {
            LOG.debug("{} has ended", thread);
        }
    }

    private void run() {
        List<CompletableFuture<Void>> served;
        synchronized (this) {
            queued = false;
            served = takeWaiting();
        }
        retry.cancel(false);
        try {
            chore.run();
            pause = FIRST_RETRY;
            said = "";
            served.forEach(promise -> promise.complete(null));
        } catch (DvsException e) {
            say(e);
            again();
            served.forEach(promise -> promise.completeExceptionally(e));
        } catch (RuntimeException e) {
            LOG.error("{}: a defect", thread, e);
            again();
            served.forEach(promise -> promise.completeExceptionally(new DvsException(ErrorCode.GENERIC, e.toString(), e)));
        }
    }

    private synchronized List<CompletableFuture<Void>> takeWaiting() {
        List<CompletableFuture<Void>> taken = waiting;
        waiting = new ArrayList<>();
        return taken;
    }

    private void abandon() {
        DvsException why = new DvsException(ErrorCode.SHUTDOWN, thread + " has ended");
        takeWaiting().forEach(promise -> promise.completeExceptionally(why));
    }

    private void say(DvsException e) {
        String text = e.code().code() + " " + Printable.line(e.getMessage());
        if (text.equals(said)) {
            return;
        }
        said = text;
        if (e.code() == ErrorCode.NOTREADY) {
            // The start of a cluster, or the side of a minority: nothing that somebody must mend.
            LOG.info("{}; it is tried again", text);
        } else {
            LOG.warn("{}; it is tried again", text);
        }
    }

    private void again() {
        try {
            retry = worker.schedule(this::poke, pause.toMillis(), TimeUnit.MILLISECONDS);
            pause = pause.multipliedBy(2).compareTo(LAST_RETRY) < 0 ? pause.multipliedBy(2) : LAST_RETRY;
        } catch (RejectedExecutionException e) {
            LOG.debug("{} has ended", thread);
        }
    }

    /** What waits is not done any more. Takes 5 s at the most. */
    @Override
    public void close() {
        worker.shutdownNow();
        try {
            if (!worker.awaitTermination(5, TimeUnit.SECONDS)) {
                LOG.error("{} has not ended within 5 s", thread);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        abandon();
    }
}
