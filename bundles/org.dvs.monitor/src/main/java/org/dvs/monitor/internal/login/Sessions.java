package org.dvs.monitor.internal.login;

import java.security.SecureRandom;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;

import org.dvs.api.Caller;

/**
 * Who is logged in now. A session ends when nobody has used it for a while, at an age, at a logout, and with this node.
 * Thread-safe.
 * The table is bounded: when it is full, the session that was used longest ago ends.
 */
public final class Sessions {
    static final int MOST = 1_000;

    private final long idleNanos;
    private final long maxNanos;
    private final LongSupplier nanoTime;
    private final RandomWords words;
    /** By key, the one used longest ago first. */
    private final Map<String, Entry> open = new LinkedHashMap<>(16, 0.75f, true);

    private record Entry(Session session, long openedNanos, long usedNanos) {
    }

    /** What the browser keeps, and the session. */
    public record Opened(String id, Session session) {
    }

    /** @param nanoTime monotonic clock */
    public Sessions(Duration idle, Duration max, LongSupplier nanoTime, SecureRandom random) {
        this.idleNanos = idle.toNanos();
        this.maxNanos = max.toNanos();
        this.nanoTime = nanoTime;
        this.words = new RandomWords(random);
    }

    public synchronized Opened open(Caller caller) {
        String id = words.next();
        Session session = new Session(RandomWords.digest(id), caller, words.next());
        long now = nanoTime.getAsLong();
        open.values().removeIf(entry -> ended(entry, now));
        if (open.size() >= MOST) {
            open.remove(open.keySet().iterator().next());
        }
        open.put(session.key(), new Entry(session, now, now));
        return new Opened(id, session);
    }

    /**
     * @param id   what the browser sent
     * @param used true if a person did something; what a page does by itself keeps no session alive
     */
    public synchronized Optional<Session> find(String id, boolean used) {
        return entry(RandomWords.digest(id), used).map(Entry::session);
    }

    /** @return true if the session goes on; asking is no use of it */
    public synchronized boolean isOpen(String key) {
        return entry(key, false).isPresent();
    }

    private Optional<Entry> entry(String key, boolean used) {
        long now = nanoTime.getAsLong();
        Entry entry = open.get(key);
        if (entry == null) {
            return Optional.empty();
        }
        if (ended(entry, now)) {
            open.remove(key);
            return Optional.empty();
        }
        if (used) {
            open.put(key, new Entry(entry.session(), entry.openedNanos(), now));
        }
        return Optional.of(entry);
    }

    private boolean ended(Entry entry, long now) {
        return now - entry.usedNanos() >= idleNanos || now - entry.openedNanos() >= maxNanos;
    }

    public synchronized void close(Session session) {
        open.remove(session.key());
    }

    synchronized int size() {
        return open.size();
    }
}
