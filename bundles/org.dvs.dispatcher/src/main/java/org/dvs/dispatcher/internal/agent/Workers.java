package org.dvs.dispatcher.internal.agent;

/**
 * Threads that run requests. All methods are called on the loop, except that tasks run elsewhere. A task that does not react to
 * its interruption is declared lost, so that the next one does not wait for it.
 */
public interface Workers {

    /** @return false if as many wait as may wait */
    boolean submit(Runnable task);

    /** Takes back a task that has not started. */
    void remove(Runnable task);

    /** The thread of a running task is lost: puts another in its place. @return false if too many are lost already */
    boolean replaceLost();

    /** A lost thread came back; to be called by that thread before it takes another task. */
    void cameBack();
}
