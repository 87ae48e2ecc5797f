package org.dvs.dispatcher.internal;

/**
 * The one thread that owns the state of the protocol, and its clock. Protocol logic knows no other thread and no other time,
 * so a simulation can be both.
 */
public interface Loop {

    /**
     * Runs a task on the loop, in the order in which one thread brings them; at once never, not even on the loop itself.
     *
     * @return false if the loop has ended or has been behind for too long: then the task is dropped
     */
    boolean execute(Runnable task);

    /** @return monotonic, nanoseconds */
    long nanoTime();

    /** To be called on the loop. Runs a task on it later. */
    Timer after(long delayNanos, Runnable task);

    /** Waits. */
    interface Timer {
        /** To be called on the loop. Nothing happens if it ran. */
        void cancel();
    }
}
