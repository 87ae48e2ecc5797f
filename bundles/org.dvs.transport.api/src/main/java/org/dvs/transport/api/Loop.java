package org.dvs.transport.api;

import java.util.concurrent.TimeUnit;

import org.osgi.annotation.versioning.ProviderType;

/**
 * A thread that serves connections. Two connections of one loop may work on shared state without a lock. All methods may be
 * called by any thread; equal only to itself.
 */
@ProviderType
public interface Loop {

    /** Whether the calling thread is this loop's. */
    boolean here();

    /**
     * Runs a task soon, in the order of the calls of one thread. Also if {@link #here}: then after what is running now.
     *
     * @return false if it is refused, because 65,536 tasks wait already or the transport has stopped
     */
    boolean execute(Runnable task);

    /**
     * Runs a task later, with the precision of a millisecond.
     *
     * @return cancels it: true if it will not run
     */
    Timer schedule(Runnable task, long delay, TimeUnit unit);

    /** A task that waits for its time. */
    @FunctionalInterface
    interface Timer {
        /** @return true if it had not begun, and now never will */
        boolean cancel();
    }
}
