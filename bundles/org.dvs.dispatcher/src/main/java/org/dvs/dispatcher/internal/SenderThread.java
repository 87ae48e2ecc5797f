package org.dvs.dispatcher.internal;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.cluster.api.Channel;

/** Sends on one thread, so that the loop never waits for the cluster's flow control. Bounded: full is AGAIN. Thread-safe. */
final class SenderThread implements Outbox {
    private static final int CAPACITY = 4096;
    private static final long MAX_STOP_MS = 1_000;

    private final ThreadPoolExecutor thread;
    /** Null when it has stopped: jobs that are kept know this, and the bundle that made the channel may be gone by then. */
    private volatile Channel channel;

    private interface Sending {
        void by(Channel way) throws DvsException;
    }

    SenderThread(String threadName, Channel channel) {
        this.channel = channel;
        thread = new ThreadPoolExecutor(1, 1, 0, TimeUnit.SECONDS, new ArrayBlockingQueue<>(CAPACITY), task -> {
            Thread sender = new Thread(task, threadName);
            sender.setDaemon(true);
            return sender;
        });
    }

    @Override
    public void multicast(byte[] message, Consumer<DvsException> failed) {
        submit(way -> way.multicast(message), failed);
    }

    @Override
    public void send(int nodeId, byte[] message, Consumer<DvsException> failed) {
        submit(way -> way.send(nodeId, message), failed);
    }

    private void submit(Sending sending, Consumer<DvsException> failed) {
        Channel way = channel;
        if (way == null) {
            failed.accept(new DvsException(ErrorCode.NOTREADY, "this node's part in the cluster has ended"));
            return;
        }
        try {
            thread.execute(() -> {
                try {
                    sending.by(way);
                } catch (DvsException e) {
                    failed.accept(e);
                }
            });
        } catch (RejectedExecutionException e) {
            failed.accept(new DvsException(ErrorCode.AGAIN, CAPACITY + " messages wait to be sent", e));
        }
    }

    /** Sends what waits, for {@value #MAX_STOP_MS} ms at the most. */
    void stop() {
        thread.shutdown();
        try {
            if (!thread.awaitTermination(MAX_STOP_MS, TimeUnit.MILLISECONDS)) {
                thread.shutdownNow();
            }
        } catch (InterruptedException e) {
            thread.shutdownNow();
            Thread.currentThread().interrupt();
        }
        channel = null;
    }
}
