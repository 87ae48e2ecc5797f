package org.dvs.testkit;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Runs tasks one after another on the threads of those who bring them, and returns when they have run. What a task brings
 * while it runs comes after it, so a receiver that sends is not called again from within its own call. Thread-safe.
 *
 * <p><b>Errors.</b> {@link IllegalStateException} if the tasks of another thread take longer than {@value #MAX_WAIT_S} s.
 */
final class SerialRunner implements Executor {
    private static final int MAX_WAIT_S = 30;

    private final ReentrantLock turn = new ReentrantLock(true);
    /** What the task that runs has brought; only for who has the turn. */
    private final Queue<Runnable> after = new ArrayDeque<>();

    @Override
    public void execute(Runnable task) {
        if (turn.isHeldByCurrentThread()) {
            after.add(task);
            return;
        }
        awaitTurn();
        try {
            runAll(task);
        } finally {
            turn.unlock();
        }
    }

    private void runAll(Runnable first) {
        RuntimeException failure = null;
        for (Runnable next = first; next != null; next = after.poll()) {
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

    /** An interruption does not keep a task from its turn: it stays for the thread's own code to see. */
    private void awaitTurn() {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(MAX_WAIT_S);
        boolean interrupted = false;
        boolean mine = false;
        try {
            while (!mine) {
                try {
                    mine = turn.tryLock(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
                    if (!mine) {
                        throw new IllegalStateException("another thread's delivery did not end within " + MAX_WAIT_S + " s");
                    }
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
