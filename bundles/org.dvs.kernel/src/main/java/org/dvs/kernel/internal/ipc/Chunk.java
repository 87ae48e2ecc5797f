package org.dvs.kernel.internal.ipc;

/** A part of a {@link Copy} that is under way. Guarded by the lock of the DC. */
final class Chunk {
    final Copy copy;
    final int offset;
    final int length;
    /** Its command at a sender proxy; null before, and when that has taken it. */
    Outbound outbound;

    Chunk(Copy copy, int offset, int length) {
        this.copy = copy;
        this.offset = offset;
        this.length = length;
    }

    long from() {
        return copy.sourceAddress + offset;
    }

    long to() {
        return copy.destinationAddress + offset;
    }
}
