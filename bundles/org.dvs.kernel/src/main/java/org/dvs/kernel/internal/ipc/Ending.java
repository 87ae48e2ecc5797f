package org.dvs.kernel.internal.ipc;

import org.dvs.kernel.api.Completion;

/**
 * How a call's end reaches whoever began it. Made for one call, or used for one at a time.
 *
 * <p>One that is {@code inline} only tells somebody and runs no program: it is called at once, however deep in other programs'
 * calls the thread is. All others wait their turn in the {@link Trampoline}.
 */
public abstract class Ending implements Completion {
    final boolean inline;
    /** Number of the call; written by the thread that begins it, before anybody can have it end. */
    private int serial;

    protected Ending(boolean inline) {
        this.inline = inline;
    }

    final void begun(int call) {
        serial = call;
    }

    /** Number of the call, by which it can be told to end. */
    final int serial() {
        return serial;
    }
}
