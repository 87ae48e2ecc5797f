package org.dvs.kernel.internal.ipc;

import org.dvs.kernel.api.Command;

/**
 * A command at a sender proxy, waiting to be taken: that of a process's call, or an answer. Fields are guarded by the lock of the
 * DC, its place in the queue by the pair's.
 */
final class Outbound {
    /** Null for the refusal of a command to a DC that is not here. */
    final Container dc;
    final PairState pair;
    /** Whose call it belongs to; null for an answer. */
    final Proc owner;
    final Command command;
    /** What it asks for, if it is a copy's. */
    Chunk chunk;
    /** Where its payload goes when it was sent; null for nowhere. */
    SpareBuffers spares;
    /** It is not wanted any more. */
    boolean cancelled;
    Outbound next;
    Outbound previous;
    boolean queued;

    /** @param command from now on its own */
    Outbound(Container dc, PairState pair, Proc owner, Command command) {
        this.dc = dc;
        this.pair = pair;
        this.owner = owner;
        this.command = command;
    }

    /** Of some that were taken out of the queue together: parts from the next one. */
    Outbound behind() {
        Outbound behind = next;
        next = null;
        return behind;
    }
}
