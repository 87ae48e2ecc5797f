package org.dvs.kernel.internal.ipc;

import org.dvs.kernel.api.Completion;

/** The end of a call that nobody waits for. */
class AsyncCall extends Ending {
    private final Completion done;

    AsyncCall(boolean inline, Completion done) {
        super(inline);
        this.done = done;
    }

    @Override
    public void completed(int rcode) {
        done.completed(rcode);
    }

    /** One with a deadline. */
    static final class Timed extends AsyncCall {
        private Runnable cancel;
        private boolean ended;

        Timed(boolean inline, Completion done) {
            super(inline, done);
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
            super.completed(rcode);
        }
    }
}
