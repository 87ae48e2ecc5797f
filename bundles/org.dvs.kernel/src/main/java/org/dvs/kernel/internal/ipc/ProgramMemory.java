package org.dvs.kernel.internal.ipc;

import java.nio.ByteBuffer;

import org.dvs.kernel.api.Completion;

/**
 * Memory of a program, wherever it is. Called without any lock, for a program that is held still meanwhile. Ends may be told
 * by any thread, also before the method returns.
 */
public interface ProgramMemory {
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

    /** Most bytes of one read or write. */
    default int maxBytes() {
        return Integer.MAX_VALUE;
    }
}
