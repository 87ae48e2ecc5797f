package org.dvs.cluster.jgroups.internal.engine;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;

import org.dvs.cluster.api.Delivery;
import org.dvs.cluster.api.Receiver;
import org.dvs.cluster.api.View;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What waits for one receiver, and the thread that brings it.
 *
 * <p>When more waits than {@code limit} messages or bytes, the port is {@linkplain #full full}: the engine then acknowledges no
 * more, which slows the senders down. A port that stays full for {@link #STUCK_AFTER} loses what comes next until it has room:
 * one receiver that hangs on one node must not stop the cluster. That is logged as an error and counted. Views are never lost.
 */
final class ChannelPort {
    /** Nanoseconds. */
    static final long STUCK_AFTER = TimeUnit.SECONDS.toNanos(5);

    private static final Logger LOG = LoggerFactory.getLogger(ChannelPort.class);
    private static final AtomicInteger NUMBER = new AtomicInteger();

    /** What happens at the port. */
    sealed interface Item {
        /** A message. @param taken run when the receiver has it */
        record Message(Delivery delivery, boolean direct, Runnable taken) implements Item {
        }

        /** A view. */
        record Change(View view) implements Item {
        }
    }

    private final String name;
    private final Receiver receiver;
    private final int limitMessages;
    private final long limitBytes;
    private final LongSupplier nanoTime;
    private final Runnable roomAgain;
    private final Thread thread;

    private final Deque<Item> items = new ArrayDeque<>();
    private int messages;
    private long bytes;
    private boolean wasFull;
    private long fullSince;
    private long lost;
    private boolean closed;

    /** @param roomAgain called, without locks, when the port was full and is no longer */
    ChannelPort(String name, Receiver receiver, int limitMessages, long limitBytes, LongSupplier nanoTime, Runnable roomAgain) {
        this.name = name;
        this.receiver = receiver;
        this.limitMessages = limitMessages;
        this.limitBytes = limitBytes;
        this.nanoTime = nanoTime;
        this.roomAgain = roomAgain;
        thread = new Thread(this::run, "dvs-cluster-channel-" + NUMBER.incrementAndGet());
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    String name() {
        return name;
    }

    synchronized boolean full() {
        return messages >= limitMessages || bytes >= limitBytes;
    }

    /** Messages that were not delivered because the receiver had been stuck for too long. */
    synchronized long lost() {
        return lost;
    }

    synchronized void put(Item item) {
        if (closed) {
            return;
        }
        if (item instanceof Item.Message message) {
            if (full()) {
                if (!wasFull) {
                    wasFull = true;
                    fullSince = nanoTime.getAsLong();
                } else if (nanoTime.getAsLong() - fullSince > STUCK_AFTER) {
                    lose(message);
                    return;
                }
            }
            messages++;
            bytes += message.delivery().payload().length;
        }
        items.add(item);
        notifyAll();
    }

    /** True while the port is full and may still be waited for. */
    synchronized boolean holds() {
        return full() && !(wasFull && nanoTime.getAsLong() - fullSince > STUCK_AFTER);
    }

    private void lose(Item.Message message) {
        if (lost++ == 0) {
            LOG.error("Channel {}: its receiver has not kept up for {} s; messages to it are lost until it does", name,
                    TimeUnit.NANOSECONDS.toSeconds(STUCK_AFTER));
        }
        message.taken().run();
    }

    /** @return the messages that will not be delivered any more, oldest first; their senders are still owed for them */
    synchronized List<Item.Message> end() {
        List<Item.Message> left = items.stream().filter(Item.Message.class::isInstance).map(Item.Message.class::cast).toList();
        closed = true;
        items.clear();
        messages = 0;
        bytes = 0;
        notifyAll();
        return left;
    }

    /** After {@link #end}: nothing is delivered after this returned, unless the receiver itself calls it. */
    void awaitEnd() {
        if (Thread.currentThread() != thread) {
            try {
                thread.join(STUCK_AFTER / 1_000_000);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        roomAgain.run();
    }

    private void run() {
        while (true) {
            Item item;
            synchronized (this) {
                while (items.isEmpty() && !closed) {
                    try {
                        wait();
                    } catch (InterruptedException e) {
                        return;
                    }
                }
                if (closed) {
                    return;
                }
                item = items.poll();
            }
            deliver(item);
            if (item instanceof Item.Message message) {
                message.taken().run();
                if (taken(message)) {
                    roomAgain.run();
                }
            }
        }
    }

    private synchronized boolean taken(Item.Message message) {
        if (closed) {
            return false;
        }
        messages--;
        bytes -= message.delivery().payload().length;
        if (wasFull && !full()) {
            wasFull = false;
            if (lost > 0) {
                LOG.warn("Channel {}: the receiver keeps up again; {} messages were lost so far", name, lost);
            }
            return true;
        }
        return false;
    }

    private void deliver(Item item) {
        try {
            if (item instanceof Item.Change change) {
                receiver.view(change.view());
            } else if (item instanceof Item.Message message && message.direct()) {
                receiver.direct(message.delivery());
            } else {
                receiver.multicast(((Item.Message) item).delivery());
            }
        } catch (RuntimeException | Error e) {
            LOG.error("Channel {}: its receiver failed", name, e);
        }
    }
}
