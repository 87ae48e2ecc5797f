package org.dvs.dispatcher.internal.requester;

import java.util.concurrent.atomic.AtomicReference;

/**
 * Who ends a job: its last target, its deadline, or the first to cancel it, whose wish counts once the loop has heard it.
 * Thread-safe.
 * <pre>
 *           wish                      grant
 *   OPEN ------------&gt; CANCELLING ------------&gt; CLOSED, from each also by last and close
 *        &lt;-----------
 *          withdraw
 * </pre>
 */
final class Ending {
    private enum State { OPEN, CANCELLING, CLOSED }

    private final AtomicReference<State> state = new AtomicReference<>(State.OPEN);

    /** Somebody wants it cancelled: nothing more is begun. @return false if it is closed, or somebody else was first */
    boolean wish() {
        return state.compareAndSet(State.OPEN, State.CANCELLING);
    }

    /** The loop does not hear of the wish. @return false if it has granted it itself, or closed it, meanwhile */
    boolean withdraw() {
        return state.compareAndSet(State.CANCELLING, State.OPEN);
    }

    /** @return true to the one who is to cancel it now */
    boolean grant() {
        return state.compareAndSet(State.CANCELLING, State.CLOSED);
    }

    /** Its last target has ended, so that a wish has nothing left to cancel. @return false if it is closed already */
    boolean last() {
        return state.getAndSet(State.CLOSED) != State.CLOSED;
    }

    /** Whatever anybody wishes. */
    void close() {
        state.set(State.CLOSED);
    }

    boolean isOpen() {
        return state.get() == State.OPEN;
    }
}
