package org.dvs.kernel.internal.ipc;

import org.dvs.kernel.api.Completion;

/** The end of a call that nobody waits for, and its deadline. */
final class AsyncCall extends Ending {
    private final Completion done;
    private Runnable cancel;
    private boolean ended;

    AsyncCall(boolean inline, Completion done) {
        super(inline);
        this.done = done;
    }

    /** @param ending ends the deadline */
    synchronized void deadline(Runnable ending) {
        if (ended) {
            ending.run();
        } else {
            cancel = ending;
        }
    }

    @Override
    public void completed(int rcode) {
        Runnable ending;
        synchronized (this) {
            ended = true;
            ending = cancel;
        }
        if (ending != null) {
            ending.run();
        }
        done.completed(rcode);
    }
}
