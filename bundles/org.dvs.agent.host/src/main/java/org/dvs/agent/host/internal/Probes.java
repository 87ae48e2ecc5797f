package org.dvs.agent.host.internal;

import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Runs calls into file systems that may hang for ever, such as a network mount whose server is gone, on a few threads of
 * their own. A call that hangs costs one thread until the kernel lets go of it; the same thing is not asked again meanwhile,
 * and when all threads hang, nothing more is asked. Thread-safe.
 */
final class Probes implements AutoCloseable {
    private static final int THREADS = 4;

    private final long deadlineMs;
    private final ThreadPoolExecutor threads;
    private final Set<String> underWay = ConcurrentHashMap.newKeySet();

    Probes(long deadlineMs) {
        this.deadlineMs = deadlineMs;
        AtomicInteger number = new AtomicInteger();
        this.threads = new ThreadPoolExecutor(0, THREADS, 10, TimeUnit.SECONDS, new SynchronousQueue<>(), task -> {
            Thread thread = new Thread(task, "dvs-host-mount-" + number.incrementAndGet());
            // The kernel may never wake it, and the JVM must still be able to end.
            thread.setDaemon(true);
            return thread;
        });
    }

    /**
     * @param what names the thing asked: at most one call for it is under way
     * @return empty if it gave nothing in time, is still hanging from an earlier call, or every thread hangs
     * @throws ExecutionException with what the call threw
     */
    <T> Optional<T> ask(String what, Callable<T> call) throws ExecutionException, InterruptedException {
        if (!underWay.add(what)) {
            return Optional.empty();
        }
        Future<T> answer;
        try {
            answer = threads.submit(() -> {
                try {
                    return call.call();
                } finally {
                    underWay.remove(what);
                }
            });
        } catch (RejectedExecutionException e) {
            underWay.remove(what);
            return Optional.empty();
        }
        try {
            return Optional.of(answer.get(deadlineMs, TimeUnit.MILLISECONDS));
        } catch (TimeoutException e) {
            return Optional.empty();
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
