package org.dvs.kernel.internal.ipc;

import java.nio.ByteBuffer;

import org.dvs.api.ErrorCode;
import org.dvs.kernel.api.Completion;
import org.dvs.kernel.api.gate.ExposedMemory;

/** Memory of a program of the container: copied at once. */
final class LocalMemory extends ExposedMemory implements ProgramMemory {
    private static final int FAULT = ErrorCode.FAULT.rcode();

    @Override
    public void read(long address, int length, Reader reader) {
        ByteBuffer found = at(address, length);
        reader.read(found == null ? FAULT : Result.OK, found);
    }

    @Override
    public void write(long address, ByteBuffer data, Completion done) {
        done.completed(write(address, data, FAULT));
    }

    /** Copies between two programs of the container. */
    static int copy(LocalMemory from, long fromAddress, LocalMemory to, long toAddress, int length) {
        return copy(from, fromAddress, to, toAddress, length, FAULT);
    }
}
