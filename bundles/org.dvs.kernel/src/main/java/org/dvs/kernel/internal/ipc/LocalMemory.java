package org.dvs.kernel.internal.ipc;

import java.nio.ByteBuffer;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantReadWriteLock;

import org.dvs.api.ErrorCode;
import org.dvs.kernel.api.Completion;
import org.dvs.kernel.api.Memory;

/**
 * Buffers that a program of the container has exposed, in an address space of its own. An address leads to the buffer that holds
 * it; a copy must lie within one buffer. Buffers are a page apart, so that running over one ends in no other.
 */
public final class LocalMemory implements Memory, ProgramMemory {
    private static final long PAGE = 4096;
    private static final int FAULT = ErrorCode.FAULT.rcode();

    private final TreeMap<Long, ByteBuffer> buffers = new TreeMap<>();
    private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();
    private long next = PAGE;

    @Override
    public long expose(ByteBuffer buffer) {
        ByteBuffer view = buffer.slice();
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
    public void withdraw(long address) {
        lock.writeLock().lock();
        try {
            buffers.remove(address);
        } finally {
            lock.writeLock().unlock();
        }
    }

    @Override
    public void read(long address, int length, Reader reader) {
        ByteBuffer found;
        lock.readLock().lock();
        try {
            found = find(address, length);
        } finally {
            lock.readLock().unlock();
        }
        reader.read(found == null ? FAULT : Result.OK, found);
    }

    @Override
    public void write(long address, ByteBuffer data, Completion done) {
        done.completed(write(address, data));
    }

    private int write(long address, ByteBuffer data) {
        lock.readLock().lock();
        try {
            ByteBuffer to = find(address, data.remaining());
            if (to == null || to.isReadOnly()) {
                return FAULT;
            }
            to.put(data);
            return Result.OK;
        } finally {
            lock.readLock().unlock();
        }
    }

    /** Copies between two programs of the container; overlapping bytes of one buffer are copied as if through a third. */
    static int copy(LocalMemory from, long fromAddress, LocalMemory to, long toAddress, int length) {
        from.lock.readLock().lock();
        try {
            ByteBuffer source = from.find(fromAddress, length);
            return source == null ? FAULT : to.write(toAddress, source);
        } finally {
            from.lock.readLock().unlock();
        }
    }

    /** @return the bytes, or null where not all of them are exposed in one buffer */
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
