package org.dvs.kernel.internal.ipc;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

import org.dvs.api.ErrorCode;
import org.dvs.kernel.api.Command;
import org.dvs.kernel.api.ProxyFlags;
import org.dvs.kernel.api.ProxyInfo;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A proxy pair: which DCs have commands for it, and what is known of its connection. The commands themselves wait in the
 * {@link Lane}s of their DCs. Thread-safe; its lock is taken inside a DC's lock and never around one. Commands that wait are at
 * the most as many as there are processes, stubs that ask for the end of theirs, and {@link Answers#MAX}.
 */
final class PairState {
    /** Of proxies that have a pair no more. */
    static final int NOT_THEIRS = -1;
    /** Of those that have bound it. */
    static final int FIRST = 0;
    private static final Logger LOG = LoggerFactory.getLogger(PairState.class);

    private final int id;
    private final String name;
    private final int maxBytes;
    private final int maxBatch;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition work = lock.newCondition();
    private final BitSet nodes = new BitSet();
    /** Lanes with something in them, the one that has waited longest first; without those that are being taken from. */
    private final ArrayDeque<Lane> waiting = new ArrayDeque<>();
    /** What is of no DC. */
    private final Lane loose = new Lane(null, this);
    private volatile Runnable listener;
    private volatile boolean sender;
    private volatile boolean receiver;
    private volatile boolean freed;
    /** Changes when proxies leave it or take it over. Under the lock. */
    private int tenure;
    private final Answers answers = new Answers();
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

    // ---- whose it is

    /** Other proxies have it from now on. @return what they call it theirs by */
    int takenOver() {
        lock.lock();
        try {
            return ++tenure;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Proxies leave it: it is nobody's until it is taken over.
     *
     * @return by what it is nobody's; {@link #NOT_THEIRS} if others have it already
     */
    int left(int by) {
        lock.lock();
        try {
            if (by != tenure) {
                return NOT_THEIRS;
            }
            listener = null;
            return ++tenure;
        } finally {
            lock.unlock();
        }
    }

    // ---- what they say of the connection; each returns false, and nothing is done, once it is not theirs any more

    boolean sender(int by, boolean connected) {
        return change(by, connected, () -> {
            sender = connected;
            if (connected) {
                answers.beginAnew();
            }
        });
    }

    boolean receiver(int by, boolean connected) {
        return change(by, connected, () -> receiver = connected);
    }

    boolean disconnect(int by) {
        return change(by, false, () -> {
            sender = false;
            receiver = false;
        });
    }

    private boolean change(int by, boolean connected, Runnable change) {
        lock.lock();
        try {
            if (by != tenure || connected && freed) {
                return false;
            }
            if (connected) {
                connections.incrementAndGet();
            }
            change.run();
            work.signalAll();
            return true;
        } finally {
            lock.unlock();
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

    // ---- what waits

    Answers answers() {
        return answers;
    }

    /**
     * Queues a command. Under the lock of its DC, if it has one.
     *
     * @return false when the sender is not connected, or too many answers wait: nothing was queued
     */
    boolean add(Outbound outbound) {
        if (outbound.isAnswer() && sender && !answers.haveRoom()) {
            return false;
        }
        return outbound.dc == null ? addLoose(outbound) : add(outbound, outbound.dc.lanes.at(this));
    }

    private boolean add(Outbound outbound, Lane lane) {
        assert lane.dc.isEntered() : "a lane is guarded by its DC's lock";
        if (!sender) {
            return false;
        }
        lane.add(outbound);
        if (!lane.announced) {
            announce(lane);
        }
        return true;
    }

    private boolean addLoose(Outbound outbound) {
        boolean tell;
        lock.lock();
        try {
            if (!sender) {
                return false;
            }
            loose.add(outbound);
            tell = !loose.announced && list(loose);
        } finally {
            lock.unlock();
        }
        tellListener(tell);
        return true;
    }

    private void announce(Lane lane) {
        boolean tell;
        lock.lock();
        try {
            tell = list(lane);
        } finally {
            lock.unlock();
        }
        tellListener(tell);
    }

    /** @return whether it is the only one. Under the lock */
    private boolean list(Lane lane) {
        lane.announced = true;
        waiting.add(lane);
        work.signal();
        return waiting.size() == 1;
    }

    private void tellListener(boolean tell) {
        Runnable told = listener;
        if (tell && told != null) {
            try {
                told.run();
            } catch (RuntimeException e) {
                LOG.error("The sender proxy of pair {} ({}) failed when it was told of work", id, name, e);
            }
        }
    }

    /**
     * A lane to take from; whoever takes from it says afterwards that it has {@link #tookFrom}.
     *
     * @return null if there is none, or the sender is not connected
     */
    Lane next() {
        lock.lock();
        try {
            return sender ? waiting.poll() : null;
        } finally {
            lock.unlock();
        }
    }

    /** Nobody is told of what is left in it: whoever took from it goes on, or knows why not. Under the lock of the lane's DC. */
    void tookFrom(Lane lane) {
        lane.announced = false;
        if (lane.isEmpty()) {
            return;
        }
        lock.lock();
        try {
            list(lane);
        } finally {
            lock.unlock();
        }
    }

    /** Takes what is of no DC from the lane for that. @return how many */
    int takeLoose(Command[] into) {
        lock.lock();
        try {
            int count = 0;
            while (count < into.length && !loose.isEmpty()) {
                loose.poll().into(into[count++]);
            }
            loose.announced = false;
            if (!loose.isEmpty()) {
                list(loose);
            }
            return count;
        } finally {
            lock.unlock();
        }
    }

    /** A lane was emptied by somebody else: the next command in it is news again. Under the lock of its DC. */
    void dropped(Lane lane) {
        lock.lock();
        try {
            if (lane.isEmpty() && waiting.remove(lane)) {
                lane.announced = false;
            }
        } finally {
            lock.unlock();
        }
    }

    /** Forgets what is of no DC, at a sender that is gone. @return the lanes of DCs in which there may be something */
    List<Lane> abandoned() {
        lock.lock();
        try {
            List<Lane> left = new ArrayList<>();
            if (!sender) {
                while (loose.poll() != null) {
                    continue;
                }
                loose.announced = false;
                waiting.remove(loose);
                left.addAll(waiting);
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
            while (waiting.isEmpty() || !sender) {
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

    /** Nothing is done once it is not theirs any more. */
    void listener(int by, Runnable told) {
        boolean now;
        lock.lock();
        try {
            if (by != tenure) {
                return;
            }
            listener = told;
            now = !waiting.isEmpty();
        } finally {
            lock.unlock();
        }
        tellListener(now);
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
            int queued = waiting.stream().mapToInt(Lane::size).sum();
            return new ProxyInfo(id, name, flags(), maxBytes, maxBatch, nodes, queued);
        } finally {
            lock.unlock();
        }
    }
}
