package org.dvs.testkit;

import java.time.Duration;
import java.util.PriorityQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * Time that passes only when a test lets it: a clock and the tasks that wait for it. Tasks due at the same moment run in the
 * order in which they were given. Used by one thread.
 */
public final class SimulatedTime {
    private final PriorityQueue<Task> tasks = new PriorityQueue<>();
    private long now = TimeUnit.HOURS.toNanos(1);
    private long given;

    /** Can be taken back until it runs. */
    public static final class Task implements Comparable<Task> {
        private final long at;
        private final long number;
        private Runnable action;

        private Task(long at, long number, Runnable action) {
            this.at = at;
            this.number = number;
            this.action = action;
        }

        /** Does nothing once it ran. */
        public void cancel() {
            action = null;
        }

        /** A task outside the queue: its owner calls {@link #fire}. */
        Task(Runnable action) {
            this(0, 0, action);
        }

        void fire() {
            Runnable once = action;
            action = null;
            if (once != null) {
                once.run();
            }
        }

        @Override
        public int compareTo(Task other) {
            return at != other.at ? Long.compare(at, other.at) : Long.compare(number, other.number);
        }
    }

    /** @return monotonic, in nanoseconds */
    public long nanoTime() {
        return now;
    }

    /** @param delayNanos from now; negative counts as 0 */
    public Task after(long delayNanos, Runnable action) {
        Task task = new Task(now + Math.max(0, delayNanos), given++, action);
        tasks.add(task);
        return task;
    }

    /** Runs the next task, at its time. @return false if there is none */
    public boolean step() {
        for (Task task = tasks.poll(); task != null; task = tasks.poll()) {
            if (task.action != null) {
                now = task.at;
                task.fire();
                return true;
            }
        }
        return false;
    }

    /** Lets time pass and runs what becomes due. */
    public void run(Duration span) {
        long end = now + span.toNanos();
        while (due(end)) {
            step();
        }
        now = end;
    }

    private boolean due(long end) {
        while (!tasks.isEmpty() && tasks.peek().action == null) {
            tasks.poll();
        }
        return !tasks.isEmpty() && tasks.peek().at <= end;
    }

    /** Lets time pass until the condition holds. @return false if it does not within {@code atMost} */
    public boolean runUntil(BooleanSupplier condition, Duration atMost) {
        long end = now + atMost.toNanos();
        while (!condition.getAsBoolean()) {
            if (!due(end)) {
                now = end;
                return condition.getAsBoolean();
            }
            step();
        }
        return true;
    }

    /** Tasks that wait. */
    public int waiting() {
        tasks.removeIf(task -> task.action == null);
        return tasks.size();
    }
}
