package org.dvs.cluster.jgroups.internal.view;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

import org.dvs.cluster.api.ViewEvent;
import org.dvs.cluster.api.ViewListener;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells listeners of membership events, one after another on one thread, so that a listener that takes its time holds up nothing
 * but the other listeners. Holds 1 024 events; more are lost and logged: then listeners have been stuck for very long.
 */
public final class EventPump implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(EventPump.class);
    private static final int CAPACITY = 1_024;

    private final List<ViewListener> listeners = new CopyOnWriteArrayList<>();
    private final ThreadPoolExecutor thread = new ThreadPoolExecutor(1, 1, 5, TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(CAPACITY), task -> {
                Thread made = new Thread(task, "dvs-cluster-events-1");
                made.setDaemon(true);
                return made;
            });

    public EventPump() {
        thread.allowCoreThreadTimeOut(true);
    }

    public void add(ViewListener listener) {
        listeners.add(listener);
    }

    public void remove(ViewListener listener) {
        listeners.remove(listener);
    }

    /** Returns at once. */
    public void publish(List<ViewEvent> events) {
        for (ViewEvent event : events) {
            try {
                thread.execute(() -> tell(event));
            } catch (RejectedExecutionException e) {
                if (!thread.isShutdown()) {
                    LOG.error("Event {} of view {} is lost: a listener has been busy for {} events", event.kind(),
                            event.after().id(), CAPACITY);
                }
            }
        }
    }

    private void tell(ViewEvent event) {
        for (ViewListener listener : listeners) {
            try {
                listener.happened(event);
            } catch (RuntimeException e) {
                LOG.error("Listener {} failed at {} of view {}", listener.getClass().getName(), event.kind(), event.after().id(),
                        e);
            }
        }
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
