package org.dvs.kernel.internal.ipc;

import java.nio.ByteBuffer;

import org.dvs.kernel.api.Completion;
import org.dvs.kernel.api.gate.GateOp;

/**
 * Memory of a program, wherever it is. Called without any lock, for a program that is held still meanwhile. Ends may be told
 * by any thread, also before the method returns.
 */
public interface ProgramMemory {
    /**
     * Bytes of one read or write that the memory of any program takes, also one of another node, which nobody asks for its limit
     * here; and so few that a copy's chunks under way find room together at a program's gate.
     */
    int ANY_TAKES = GateOp.MAX_COPY_BYTES / 2;

    /** Hears bytes that were read. */
    @FunctionalInterface
    interface Reader {
        /**
         * @param rcode 0, or an EDVS number such as {@code FAULT}
         * @param data  from position to limit, valid until the copy of these bytes has ended; null after an error
         */
        void read(int rcode, ByteBuffer data);
    }

    void read(long address, int length, Reader reader);

    /** @param data from position to limit, taken before this returns */
    void write(long address, ByteBuffer data, Completion done);

    /** Most bytes of one read or write, {@link #ANY_TAKES} or more. */
    default int maxBytes() {
        return Integer.MAX_VALUE;
    }
}
