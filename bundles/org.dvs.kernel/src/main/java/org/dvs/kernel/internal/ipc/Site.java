package org.dvs.kernel.internal.ipc;

import org.dvs.kernel.api.DvsParameters;

/** What a DC knows of the node it is on. Thread-safe. */
interface Site {
    int localNode();

    DvsParameters dvs();

    /** @return the node's entry; null if it is free, or there is none of that id */
    NodeState node(int nodeId);

    /** Milliseconds since the epoch. */
    long now();

    /** Runs a task later, on a thread that may take the lock of a DC. */
    Runnable after(long milliseconds, Runnable task);

    /** Runs a task soon on a thread of the kernel, as the one that is here cannot be kept with it. */
    void execute(Runnable task);
}
