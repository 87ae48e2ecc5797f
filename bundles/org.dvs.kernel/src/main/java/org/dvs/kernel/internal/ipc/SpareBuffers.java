package org.dvs.kernel.internal.ipc;

import java.nio.ByteBuffer;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;

/** Direct buffers that are used again, as making one costs more than filling it. Thread-safe. */
final class SpareBuffers {
    /** More that are given back at a time are left to the garbage collector. */
    private static final int MAX_SPARE = 8;

    private final BlockingQueue<ByteBuffer> spares = new ArrayBlockingQueue<>(MAX_SPARE);

    /** @return a buffer with the same bytes, from position 0 to its limit */
    ByteBuffer copyOf(ByteBuffer data) {
        ByteBuffer spare = spares.poll();
        ByteBuffer copy = spare == null || spare.capacity() < data.remaining() ? ByteBuffer.allocateDirect(data.remaining()) : spare;
        return copy.clear().put(data).flip();
    }

    /** @param buffer nobody reads or writes it any more */
    void giveBack(ByteBuffer buffer) {
        // Refused by a full queue: enough are there.
        spares.offer(buffer);
    }
}
