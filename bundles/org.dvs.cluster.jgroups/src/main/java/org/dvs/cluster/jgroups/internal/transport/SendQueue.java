package org.dvs.cluster.jgroups.internal.transport;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

import org.jgroups.Message;
import org.jgroups.protocols.BaseBundler;

/**
 * Takes messages from the threads that send them and puts them into pieces, one for each destination, as many at once as wait.
 * One queue and one buffer for all destinations; in front of a destination that is slow there is the queue of its connection.
 * What the queue has no room for is lost here and sent again by the layers above.
 *
 * <p>JGroups' own either keeps 136 KB for each destination and forgets what waits behind its 2 048th message, or empties its
 * queue at its end beside the thread that still does so.
 */
public final class SendQueue extends BaseBundler {
    private static final int CAPACITY = 16_384;
    private static final int MOST_LISTS = 2_048;
    private static final int STOP_MS = 500;

    private final BlockingQueue<Message> queue = new LinkedBlockingQueue<>(CAPACITY);
    private Thread thread;
    private volatile boolean running;

    @Override
    public synchronized void start() {
        if (!running) {
            running = true;
            thread = transport.getThreadFactory().newThread(this::run, "dvs-cluster-bundle");
            thread.start();
        }
    }

    @Override
    public synchronized void stop() {
        if (!running) {
            return;
        }
        running = false;
        thread.interrupt();
        try {
            thread.join(STOP_MS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void send(Message message) {
        if (running && !queue.offer(message)) {
            num_drops_on_full_queue.increment();
        }
    }

    @Override
    public int getQueueSize() {
        return queue.size();
    }

    @Override
    public int size() {
        return queue.size();
    }

    private void run() {
        while (running) {
            try {
                add(queue.take());
                sendAll();
            } catch (InterruptedException e) {
                // What still waits is sent: among it may be this node's farewell.
                sendAll();
                return;
            } catch (RuntimeException e) {
                log.error("cannot send: %s", e);
            }
        }
        sendAll();
    }

    private void sendAll() {
        for (Message next = queue.poll(); next != null; next = queue.poll()) {
            add(next);
        }
        sendBundledMessages();
        if (msgs.size() > MOST_LISTS) {
            // The lists of destinations that are gone.
            msgs.clear();
        }
    }

    private void add(Message message) {
        int bytes = message.size();
        if (count + bytes > max_size) {
            sendBundledMessages();
        }
        addMessage(message, bytes);
    }
}
