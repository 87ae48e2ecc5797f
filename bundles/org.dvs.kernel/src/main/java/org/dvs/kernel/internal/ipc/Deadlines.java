package org.dvs.kernel.internal.ipc;

/** Tasks that are due later; a simulation has its own. */
@FunctionalInterface
public interface Deadlines {
    /** @return cancels the task, if it has not begun */
    Runnable after(long milliseconds, Runnable task);
}
