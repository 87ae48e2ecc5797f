package org.dvs.testkit;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Executor;

/**
 * Runs tasks one after another on the threads of those who bring them: what a task brings while it runs comes after it, so
 * a receiver that sends is not called again from within its own call. Thread-safe.
 */
final class SerialRunner implements Executor {
    private final Queue<Runnable> waiting = new ArrayDeque<>();
    private boolean running;

    @Override
    public void execute(Runnable task) {
        synchronized (waiting) {
            waiting.add(task);
            if (running) {
                return;
            }
            running = true;
        }
        RuntimeException failure = null;
        for (Runnable next = take(); next != null; next = take()) {
            try {
                next.run();
            } catch (RuntimeException e) {
                failure = e;
            }
        }
        if (failure != null) {
            throw failure;
        }
    }

    private Runnable take() {
        synchronized (waiting) {
            Runnable next = waiting.poll();
            running = next != null;
            return next;
        }
    }
}
