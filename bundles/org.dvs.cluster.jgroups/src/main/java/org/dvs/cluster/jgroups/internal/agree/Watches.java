package org.dvs.cluster.jgroups.internal.agree;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

import org.dvs.cluster.api.AgreedState;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The contents as they are applied here, and those who want to hear of changes. Reads take no lock. A watcher has a thread and a
 * bounded queue of its own; when that is full, the watcher is brought up to date instead: it hears, in the order in which they
 * were written, only the newest value of each key that has changed since, and of each key that has gone.
 */
final class Watches {
    static final int QUEUE = 4096;

    private static final Logger LOG = LoggerFactory.getLogger(Watches.class);
    private static final long STOP_MS = 2000;

    private final String threadPrefix;
    private final AtomicInteger threads = new AtomicInteger();
    private final Set<Watch> watches = ConcurrentHashMap.newKeySet();
    private volatile SortedTree<KeyedState.Value> contents = SortedTree.empty();

    Watches(String threadPrefix) {
        this.threadPrefix = threadPrefix;
    }

    SortedTree<KeyedState.Value> contents() {
        return contents;
    }

    /** Makes new contents known. @param events what has changed, in order; null for all that differs */
    synchronized void publish(SortedTree<KeyedState.Value> now, List<KeyedState.Event> events) {
        contents = now;
        for (Watch watch : watches) {
            watch.offer(events);
        }
    }

    synchronized AutoCloseable add(String prefix, AgreedState.Watcher watcher) {
        Watch watch = new Watch(prefix, watcher);
        watches.add(watch);
        watch.thread.start();
        return watch;
    }

    /** Ends all threads, without waiting for more than 2 s. */
    void close() {
        List<Watch> all = List.copyOf(watches);
        all.forEach(Watch::end);
        long deadline = System.nanoTime() + STOP_MS * 1_000_000;
        for (Watch watch : all) {
            watch.await((deadline - System.nanoTime()) / 1_000_000);
        }
    }

    static AgreedState.Entry entry(KeyedState.Value value) {
        return new AgreedState.Entry(value.bytes().clone(), value.version());
    }

    private final class Watch implements AutoCloseable {
        private final String prefix;
        private final AgreedState.Watcher watcher;
        private final Thread thread;
        private final Deque<KeyedState.Event> queue = new ArrayDeque<>();
        private boolean behind = true;
        private boolean ended;
        /** What the watcher knows; its thread's own. */
        private SortedTree<KeyedState.Value> known = SortedTree.empty();

        Watch(String prefix, AgreedState.Watcher watcher) {
            this.prefix = prefix;
            this.watcher = watcher;
            this.thread = new Thread(this::run, threadPrefix + threads.incrementAndGet());
            this.thread.setDaemon(true);
        }

        private synchronized void offer(List<KeyedState.Event> events) {
            if (events == null) {
                behind = true;
            } else if (!behind) {
                for (KeyedState.Event event : events) {
                    if (event.key().startsWith(prefix)) {
                        queue.addLast(event);
                    }
                }
                behind = queue.size() > QUEUE;
            }
            if (behind) {
                queue.clear();
            }
            notifyAll();
        }

        private void run() {
            try {
                while (true) {
                    KeyedState.Event event = next();
                    if (event == null) {
                        catchUp();
                    } else {
                        tell(event);
                    }
                }
            } catch (InterruptedException e) {
                LOG.debug("{} has ended", thread.getName());
            }
        }

        /** @return null when it has to catch up instead */
        private KeyedState.Event next() throws InterruptedException {
            synchronized (this) {
                while (queue.isEmpty() && !behind && !ended) {
                    wait();
                }
                if (ended) {
                    throw new InterruptedException();
                }
                return behind ? null : queue.removeFirst();
            }
        }

        private void catchUp() throws InterruptedException {
            SortedTree<KeyedState.Value> now;
            synchronized (Watches.this) {
                synchronized (this) {
                    now = contents;
                    behind = false;
                    queue.clear();
                }
            }
            List<KeyedState.Event> events = new ArrayList<>();
            SortedTree<KeyedState.Value> before = known;
            before.forEach(prefix, (key, value) -> {
                if (now.get(key) == null) {
                    events.add(new KeyedState.Event(key, null));
                }
            });
            List<KeyedState.Event> written = new ArrayList<>();
            now.forEach(prefix, (key, value) -> {
                KeyedState.Value last = before.get(key);
                if (last == null || last.version() != value.version()) {
                    written.add(new KeyedState.Event(key, value));
                }
            });
            written.sort(Comparator.comparingLong(event -> event.value().version()));
            events.addAll(written);
            for (KeyedState.Event event : events) {
                synchronized (this) {
                    if (ended) {
                        throw new InterruptedException();
                    }
                }
                tell(event);
            }
        }

        private void tell(KeyedState.Event event) {
            known = event.value() == null ? known.without(event.key()) : known.with(event.key(), event.value());
            try {
                watcher.changed(event.key(), Optional.ofNullable(event.value()).map(Watches::entry));
            } catch (RuntimeException e) {
                LOG.error("A watcher of {} failed at {}", prefix, event.key(), e);
            }
        }

        private void end() {
            synchronized (this) {
                ended = true;
                notifyAll();
            }
            thread.interrupt();
        }

        private void await(long millis) {
            try {
                if (Thread.currentThread() != thread && millis > 0) {
                    thread.join(millis);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        /**
         * The watcher hears nothing after this returned, except from itself; a call that takes more than 2 s is not
         * waited for.
         */
        @Override
        public void close() {
            watches.remove(this);
            end();
            await(STOP_MS);
        }
    }
}
