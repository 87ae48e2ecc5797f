package org.dvs.monitor.internal.live;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;

/**
 * One page's stream of events. Nobody waits for it: what the connection does not take at once stays in a bounded queue, and a
 * browser that lets the queue fill up is cut off; it connects again and learns everything anew.
 *
 * <p><b>Threads.</b> Any; the container's call {@link #onWritePossible}. What is written is written under the lock of this
 * object, which never blocks, because it is written only where the container says it is taken.
 */
final class Subscriber implements WriteListener {
    /** Bytes that may wait; the last event may go beyond. */
    private static final long MOST_BYTES = 16L << 20;

    private final String session;
    private final String topic;
    private final AsyncContext context;
    private final ServletOutputStream out;
    private final int most;
    private final Runnable closed;
    private final Deque<byte[]> queue = new ArrayDeque<>();
    private long queuedBytes;
    private boolean started;
    private boolean dirty;
    private boolean ending;
    private boolean done;

    /**
     * @param session key of the session it belongs to
     * @param topic   what it hears of
     * @param most    events that may wait
     * @param closed  called once, when it has ended, on any thread
     */
    Subscriber(String session, String topic, AsyncContext context, ServletOutputStream out, int most, Runnable closed) {
        this.session = session;
        this.topic = topic;
        this.context = context;
        this.out = out;
        this.most = most;
        this.closed = closed;
    }

    String session() {
        return session;
    }

    String topic() {
        return topic;
    }

    /** @return false if it was too slow and has been cut off, or has ended before */
    boolean offer(byte[] event) {
        synchronized (this) {
            if (done || ending) {
                return false;
            }
            if (queue.size() < most && queuedBytes < MOST_BYTES) {
                queue.add(event);
                queuedBytes += event.length;
                if (!started || drain()) {
                    return true;
                }
            }
        }
        close();
        return false;
    }

    /** Ends the stream when what waits has been written; nothing more is taken. */
    void end() {
        synchronized (this) {
            ending = true;
            if (!started || drain()) {
                return;
            }
        }
        close();
    }

    /** @return false if the connection is gone, or all is written of a stream that ends */
    private boolean drain() {
        try {
            while (out.isReady()) {
                byte[] next = queue.poll();
                if (next != null) {
                    queuedBytes -= next.length;
                    out.write(next);
                    dirty = true;
                } else if (dirty) {
                    dirty = false;
                    out.flush();
                } else {
                    return !ending;
                }
            }
            return true;
        } catch (IOException | IllegalStateException e) {
            // The browser went; the container says so here or there.
            return false;
        }
    }

    @Override
    public void onWritePossible() {
        boolean going;
        synchronized (this) {
            started = true;
            going = done || drain();
        }
        if (!going) {
            close();
        }
    }

    @Override
    public void onError(Throwable failure) {
        close();
    }

    /** Ends the stream. */
    void close() {
        synchronized (this) {
            if (done) {
                return;
            }
            done = true;
            queue.clear();
        }
        try {
            context.complete();
        } catch (IllegalStateException e) {
            // The container ended it first.
        }
        closed.run();
    }
}
