package org.dvs.kernel.internal.ipc;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntConsumer;

import org.dvs.kernel.api.Completion;
import org.dvs.kernel.api.Memory;

/** A program of another process, which answers for its memory when the test says so. */
final class Outside extends LoopEndpoint implements Host, ProgramMemory {
    private final int maxBytes;
    final List<Reader> asked = new ArrayList<>();
    /** What happens when it is given bytes. */
    IntConsumer written = length -> { };
    RuntimeException defect;
    /** A defect of a write after it has said that it is done. */
    RuntimeException lateDefect;

    /** @param maxBytes of one read or write of its memory */
    Outside(int maxBytes) {
        super(false);
        this.maxBytes = maxBytes;
    }

    void answer(int question, int rcode, int length) {
        byte[] ones = new byte[length];
        Arrays.fill(ones, (byte) 1);
        asked.get(question).read(rcode, rcode == 0 ? ByteBuffer.wrap(ones) : null);
    }

    @Override
    public void read(long address, int length, Reader reader) {
        if (defect != null) {
            throw defect;
        }
        asked.add(reader);
    }

    @Override
    public void write(long address, ByteBuffer data, Completion done) {
        if (defect != null) {
            throw defect;
        }
        written.accept(data.remaining());
        done.completed(0);
        if (lateDefect != null) {
            throw lateDefect;
        }
    }

    @Override
    public int maxBytes() {
        return maxBytes;
    }

    @Override
    public Memory memory() {
        throw new UnsupportedOperationException("it has a process of its own");
    }

    @Override
    public int pid() {
        return 4_711;
    }

    @Override
    public boolean outside() {
        return true;
    }

    @Override
    public ProgramMemory programMemory() {
        return this;
    }

    @Override
    public void terminate() {
        throw new UnsupportedOperationException("nobody asks it to end");
    }

    @Override
    public void unbound() {
        // It has no thread that would have to know.
    }
}
