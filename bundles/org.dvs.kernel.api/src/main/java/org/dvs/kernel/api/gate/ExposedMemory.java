package org.dvs.kernel.api.gate;

import java.nio.ByteBuffer;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantReadWriteLock;

import org.dvs.kernel.api.Given;
import org.dvs.kernel.api.Memory;

/**
 * Buffers that a program has exposed, in an address space of its own. An address leads to the buffer that holds it; a copy must
 * lie within one buffer. Buffers are a page apart, so that running over one ends in no other. Thread-safe.
 */
public class ExposedMemory implements Memory {
    private static final long PAGE = 4096;

    private final TreeMap<Long, ByteBuffer> buffers = new TreeMap<>();
    private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();
    private long next = PAGE;

    @Override
    public final long expose(ByteBuffer buffer) {
        ByteBuffer view = Given.argument(buffer, "buffer").slice();
        lock.writeLock().lock();
        try {
            long address = next;
            buffers.put(address, view);
            next += (view.capacity() + 2 * PAGE - 1) / PAGE * PAGE;
            return address;
        } finally {
            lock.writeLock().unlock();
        }
    }

    @Override
    public final void withdraw(long address) {
        lock.writeLock().lock();
        try {
            buffers.remove(address);
        } finally {
            lock.writeLock().unlock();
        }
    }

    /** Does something with exposed bytes, which stay exposed meanwhile. */
    @FunctionalInterface
    public interface Use {
        int use(ByteBuffer bytes);
    }

    /**
     * @param use is given the bytes
     * @return what it gives; {@code fault} where not all of them are exposed in one buffer
     */
    public final int with(long address, int length, int fault, Use use) {
        lock.readLock().lock();
        try {
            ByteBuffer found = find(address, length);
            return found == null ? fault : use.use(found);
        } finally {
            lock.readLock().unlock();
        }
    }

    /** @return the bytes, or null where not all of them are exposed in one buffer */
    public final ByteBuffer at(long address, int length) {
        lock.readLock().lock();
        try {
            return find(address, length);
        } finally {
            lock.readLock().unlock();
        }
    }

    private ByteBuffer find(long address, int length) {
        Map.Entry<Long, ByteBuffer> entry = buffers.floorEntry(address);
        if (entry == null) {
            return null;
        }
        long offset = address - entry.getKey();
        ByteBuffer buffer = entry.getValue();
        return offset > buffer.capacity() - (long) length ? null : buffer.slice((int) offset, length);
    }
}
