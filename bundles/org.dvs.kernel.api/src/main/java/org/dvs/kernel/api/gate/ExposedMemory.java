package org.dvs.kernel.api.gate;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;

import org.dvs.kernel.api.Given;
import org.dvs.kernel.api.Memory;

/**
 * Buffers that a program has exposed, in an address space of its own. An address leads to the buffer that holds it; a copy must
 * lie within one buffer. Buffers are a page apart, so that running over one ends in no other. Thread-safe; finding a buffer takes
 * no lock, exposing and withdrawing one takes time in proportion to how many there are.
 */
public class ExposedMemory implements Memory {
    private static final long PAGE = 4096;
    /** Where addresses end that fit into a message. */
    private static final long END = 1L << 32;
    private static final Region[] NONE = {};

    /** Ascending by address; replaced, never changed. */
    private volatile Region[] regions = NONE;
    /** Behind the last address given that fits into a message: what was withdrawn is used again after all the rest. */
    private long next = PAGE;
    /** As {@link #next}, of those that do not fit, as nothing below was free. */
    private long nextBeyond = END;

    /** One exposed buffer. */
    private static final class Region {
        final long address;
        final ByteBuffer bytes;
        /** Under way. */
        private final AtomicInteger copies = new AtomicInteger();
        private volatile boolean withdrawn;

        Region(long address, ByteBuffer bytes) {
            this.address = address;
            this.bytes = bytes;
        }

        long end() {
            return address + taken(bytes.capacity());
        }

        boolean enter() {
            copies.incrementAndGet();
            if (withdrawn) {
                leave();
                return false;
            }
            return true;
        }

        void leave() {
            if (copies.decrementAndGet() == 0 && withdrawn) {
                synchronized (this) {
                    notifyAll();
                }
            }
        }

        /** Waits until nobody copies here any more; nobody begins to. As long as copying one chunk of memory takes. */
        void withdraw() {
            withdrawn = true;
            boolean interrupted = false;
            synchronized (this) {
                while (copies.get() > 0) {
                    try {
                        wait();
                    } catch (InterruptedException e) {
                        interrupted = true;
                    }
                }
            }
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Override
    public final synchronized long expose(ByteBuffer buffer) {
        ByteBuffer bytes = Given.argument(buffer, "buffer").slice();
        long size = taken(bytes.capacity());
        Region[] all = regions;
        long address = free(all, next, size);
        if (address < 0) {
            address = free(all, PAGE, size);
        }
        if (address < 0) {
            address = nextBeyond;
            nextBeyond += size;
        } else {
            next = address + size;
        }
        int index = floor(all, address) + 1;
        Region[] more = Arrays.copyOf(all, all.length + 1);
        System.arraycopy(all, index, more, index + 1, all.length - index);
        more[index] = new Region(address, bytes);
        regions = more;
        return address;
    }

    /** Addresses that a buffer takes: whole pages, and the one that keeps it apart from the next. */
    private static long taken(int capacity) {
        return (capacity + 2 * PAGE - 1) / PAGE * PAGE;
    }

    /** @return the first address at this one or behind it where so many that fit into a message are free; -1 for none */
    private static long free(Region[] all, long from, long size) {
        long address = from;
        for (int i = Math.max(0, floor(all, from)); i < all.length && all[i].address < address + size; i++) {
            address = Math.max(address, all[i].end());
        }
        return address + size <= END ? address : -1;
    }

    @Override
    public final void withdraw(long address) {
        Region region = remove(address);
        if (region != null) {
            region.withdraw();
        }
    }

    private synchronized Region remove(long address) {
        Region[] all = regions;
        int index = floor(all, address);
        if (index < 0 || all[index].address != address) {
            return null;
        }
        Region[] fewer = Arrays.copyOf(all, all.length - 1);
        System.arraycopy(all, index + 1, fewer, index, fewer.length - index);
        regions = fewer;
        return all[index];
    }

    /** @return the last one that begins at the address or before; -1 for none */
    private static int floor(Region[] all, long address) {
        int low = 0;
        int high = all.length - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            if (all[middle].address <= address) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return high;
    }

    private Region find(long address, int length) {
        Region[] all = regions;
        int index = floor(all, address);
        boolean within = index >= 0 && address - all[index].address <= all[index].bytes.capacity() - (long) length;
        return within ? all[index] : null;
    }

    /** @return the bytes, or null where not all of them are exposed in one buffer */
    public final ByteBuffer at(long address, int length) {
        Region found = find(address, length);
        return found == null ? null : found.bytes.slice((int) (address - found.address), length);
    }

    /** What is exposed at an address, for people who were refused it. */
    public final String there(long address) {
        Region[] all = regions;
        int index = floor(all, address);
        if (index < 0 || address - all[index].address >= all[index].bytes.capacity()) {
            return "no buffer is there, of " + all.length + " exposed";
        }
        Region found = all[index];
        return "the buffer at " + found.address + " has " + found.bytes.capacity() + " bytes"
                + (found.bytes.isReadOnly() ? ", to be read only" : "");
    }

    /**
     * Puts bytes, from position to limit, to an address. {@link #withdraw} waits until that is done.
     *
     * @return 0; or {@code fault} where not all of it is exposed in one buffer, or that is read-only
     */
    public final int write(long address, ByteBuffer data, int fault) {
        int length = data.remaining();
        Region to = find(address, length);
        if (to == null || !to.enter()) {
            return fault;
        }
        try {
            return put(to, address, data, data.position(), length, fault);
        } finally {
            to.leave();
        }
    }

    /**
     * Copies between two memories. {@link #withdraw} of either waits until that is done.
     *
     * @return 0; or {@code fault} where not all of either is exposed in one buffer, or the destination is read-only
     */
    public static int copy(ExposedMemory source, long sourceAddress, ExposedMemory destination, long destinationAddress,
            int length, int fault) {
        Region from = source.find(sourceAddress, length);
        Region to = destination.find(destinationAddress, length);
        if (from == null || to == null || !from.enter()) {
            return fault;
        }
        try {
            if (!to.enter()) {
                return fault;
            }
            try {
                return put(to, destinationAddress, from.bytes, (int) (sourceAddress - from.address), length, fault);
            } finally {
                to.leave();
            }
        } finally {
            from.leave();
        }
    }

    private static int put(Region to, long address, ByteBuffer data, int from, int length, int fault) {
        if (to.bytes.isReadOnly()) {
            return fault;
        }
        to.bytes.put((int) (address - to.address), data, from, length);
        return 0;
    }
}
