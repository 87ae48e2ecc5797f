package org.dvs.kernel.internal.ipc;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

import org.dvs.api.ErrorCode;
import org.dvs.kernel.api.ProxyFlags;
import org.dvs.kernel.api.ProxyInfo;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A proxy pair's queue of commands and what is known of its connection. Thread-safe; its lock is taken inside a DC's lock and
 * never around one. Commands that wait are at the most as many as there are processes, stubs that ask for the end of theirs, and
 * unanswered requests of other nodes.
 */
final class PairState {
    private static final Logger LOG = LoggerFactory.getLogger(PairState.class);

    private final int id;
    private final String name;
    private final int maxBytes;
    private final int maxBatch;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition work = lock.newCondition();
    private final BitSet nodes = new BitSet();
    private Outbound first;
    private Outbound last;
    private int queued;
    private volatile Runnable listener;
    private volatile boolean sender;
    private volatile boolean receiver;
    private volatile boolean freed;
    /** Changes when proxies leave it or take it over. */
    private final AtomicInteger tenure = new AtomicInteger();
    /** Times that either direction was connected. */
    private final AtomicInteger connections = new AtomicInteger();

    PairState(int id, String name, int maxBytes, int maxBatch) {
        this.id = id;
        this.name = name;
        this.maxBytes = maxBytes;
        this.maxBatch = maxBatch;
    }

    int id() {
        return id;
    }

    String name() {
        return name;
    }

    int maxBytes() {
        return maxBytes;
    }

    boolean senderConnected() {
        return sender;
    }

    boolean receiverConnected() {
        return receiver;
    }

    boolean freed() {
        return freed;
    }

    /** Whether commands may come by it. @return 0, or an EDVS number */
    int receiverResult() {
        if (receiver) {
            return Result.OK;
        }
        return (freed ? ErrorCode.NOPROXY : ErrorCode.NOTCONN).rcode();
    }

    int connections() {
        return connections.get();
    }

    int tenure() {
        return tenure.get();
    }

    int nextTenure() {
        return tenure.incrementAndGet();
    }

    void sender(boolean connected) {
        counted(connected);
        lock.lock();
        try {
            sender = connected;
            work.signalAll();
        } finally {
            lock.unlock();
        }
    }

    void receiver(boolean connected) {
        counted(connected);
        receiver = connected;
    }

    private void counted(boolean connected) {
        if (connected) {
            connections.incrementAndGet();
        }
    }

    void free() {
        lock.lock();
        try {
            freed = true;
            sender = false;
            receiver = false;
            work.signalAll();
        } finally {
            lock.unlock();
        }
    }

    void serves(int node, boolean does) {
        lock.lock();
        try {
            nodes.set(node, does);
        } finally {
            lock.unlock();
        }
    }

    /** @return false when the sender is not connected: nothing was queued */
    boolean add(Outbound outbound) {
        boolean tell;
        lock.lock();
        try {
            if (!sender) {
                return false;
            }
            outbound.previous = last;
            outbound.next = null;
            if (last == null) {
                first = outbound;
            } else {
                last.next = outbound;
            }
            last = outbound;
            outbound.queued = true;
            tell = queued++ == 0;
            work.signal();
        } finally {
            lock.unlock();
        }
        if (tell) {
            tellListener();
        }
        return true;
    }

    private void tellListener() {
        Runnable told = listener;
        if (told != null) {
            try {
                told.run();
            } catch (RuntimeException e) {
                LOG.error("The sender proxy of pair {} ({}) failed when it was told of work", id, name, e);
            }
        }
    }

    void remove(Outbound outbound) {
        lock.lock();
        try {
            if (outbound.queued) {
                unlink(outbound);
            }
        } finally {
            lock.unlock();
        }
    }

    private void unlink(Outbound outbound) {
        if (outbound.previous == null) {
            first = outbound.next;
        } else {
            outbound.previous.next = outbound.next;
        }
        if (outbound.next == null) {
            last = outbound.previous;
        } else {
            outbound.next.previous = outbound.previous;
        }
        outbound.previous = null;
        outbound.next = null;
        outbound.queued = false;
        queued--;
    }

    /**
     * Takes the oldest ones out of the queue.
     *
     * @param most 1 or more; one with a payload is the last
     * @return the first of them, each linked to the {@link Outbound#next}; null for none
     */
    Outbound take(int most) {
        lock.lock();
        try {
            Outbound oldest = sender ? first : null;
            if (oldest == null) {
                return null;
            }
            Outbound newest = oldest;
            oldest.queued = false;
            int count = 1;
            while (count < most && newest.next != null && !newest.carries()) {
                newest = newest.next;
                newest.queued = false;
                count++;
            }
            first = newest.next;
            if (first == null) {
                last = null;
            } else {
                first.previous = null;
                newest.next = null;
            }
            queued -= count;
            return oldest;
        } finally {
            lock.unlock();
        }
    }

    /** Empties the queue of a sender that is gone. @return what was in it */
    List<Outbound> takeAll() {
        List<Outbound> left = new ArrayList<>();
        lock.lock();
        try {
            while (!sender && first != null) {
                left.add(first);
                unlink(first);
            }
            return left;
        } finally {
            lock.unlock();
        }
    }

    /** Waits until there may be something to take. @return 0, or an EDVS number */
    int await(long nanos) {
        lock.lock();
        try {
            long left = nanos;
            while (first == null || !sender) {
                if (freed) {
                    return ErrorCode.NOPROXY.rcode();
                }
                if (!sender) {
                    return ErrorCode.NOTCONN.rcode();
                }
                if (left <= 0) {
                    return ErrorCode.TIMEDOUT.rcode();
                }
                left = work.awaitNanos(left);
            }
            return Result.OK;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return ErrorCode.INTR.rcode();
        } finally {
            lock.unlock();
        }
    }

    void listener(Runnable told) {
        listener = told;
        boolean now;
        lock.lock();
        try {
            now = queued > 0;
        } finally {
            lock.unlock();
        }
        if (now) {
            tellListener();
        }
    }

    static long nanos(long timeoutMs) {
        return timeoutMs < 0 ? Long.MAX_VALUE : TimeUnit.MILLISECONDS.toNanos(timeoutMs);
    }

    int flags() {
        return freed ? 0 : ProxyFlags.IN_USE | (sender ? ProxyFlags.SENDER_CONNECTED : 0)
                | (receiver ? ProxyFlags.RECEIVER_CONNECTED : 0);
    }

    BitSet nodes() {
        lock.lock();
        try {
            return (BitSet) nodes.clone();
        } finally {
            lock.unlock();
        }
    }

    ProxyInfo info() {
        lock.lock();
        try {
            return new ProxyInfo(id, name, flags(), maxBytes, maxBatch, nodes, queued);
        } finally {
            lock.unlock();
        }
    }
}
