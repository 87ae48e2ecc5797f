package org.dvs.kernel.internal.ipc;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * How many answers wait at a proxy pair. A node that asks for more than it takes, at two bytes for some 300 here, gets no more: its
 * connection is to end. Reading is not held up, as two nodes that send each other much would wait for each other. Thread-safe.
 */
final class Answers {
    /** That wait at the most; some more, as lanes tell of them by the dozen. */
    static final int MAX = 65_536;

    private final AtomicInteger waiting = new AtomicInteger();
    private volatile boolean overrun;

    /** More of them wait, or fewer. */
    void changed(int more) {
        waiting.addAndGet(more);
    }

    /** Whether one more may wait; if not, that is kept in mind. */
    boolean haveRoom() {
        boolean room = waiting.get() < MAX;
        if (!room) {
            overrun = true;
        }
        return room;
    }

    /** Whether there was no room for one since the last connection. */
    boolean isOverrun() {
        return overrun;
    }

    /** The other node is connected anew. */
    void beginAnew() {
        overrun = false;
    }
}
