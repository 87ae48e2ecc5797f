package org.dvs.monitor.internal.login;

import java.security.SecureRandom;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;

import org.dvs.api.Caller;
import org.dvs.api.DvsException;
import org.dvs.api.security.Accounts;

/**
 * Who is logged in now. A session ends when nobody has used it for a while, at an age, at a logout, with its account, and with
 * this node; it has no role that the account has no longer. Thread-safe.
 * The table is bounded: when it is full, the session that was used longest ago ends.
 */
public final class Sessions {
    static final int MOST = 1_000;

    private final long idleNanos;
    private final long maxNanos;
    private final LongSupplier nanoTime;
    private final RandomWords words;
    private final Accounts accounts;
    /** By key, the one used longest ago first. */
    private final Map<String, Entry> open = new LinkedHashMap<>(16, 0.75f, true);

    private record Entry(Session session, long openedNanos, long usedNanos) {
    }

    /** What the browser keeps, and the session. */
    public record Opened(String id, Session session) {
    }

    /**
     * @param nanoTime monotonic clock
     * @param accounts looked up at each use
     */
    public Sessions(Duration idle, Duration max, LongSupplier nanoTime, SecureRandom random, Accounts accounts) {
        this.accounts = accounts;
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
     * @return the session, its caller with the roles that the account has now
     * @throws DvsException {@code NOLOGIN} if the account is gone: then the session has ended
     */
    public synchronized Optional<Session> find(String id, boolean used) throws DvsException {
        Optional<Entry> entry = entry(RandomWords.digest(id), used);
        return entry.isEmpty() ? Optional.empty() : Optional.of(current(entry.get().session()));
    }

    private Session current(Session session) throws DvsException {
        try {
            return new Session(session.key(), accounts.current(session.caller()), session.csrf());
        } catch (DvsException e) {
            open.remove(session.key());
            throw new DvsException(e.code(), e.getMessage() + "; the session has ended", e);
        }
    }

    /** @return true if the session goes on; asking is no use of it */
    public synchronized boolean isOpen(String key) {
        Optional<Entry> entry = entry(key, false);
        try {
            return entry.isPresent() && current(entry.get().session()) != null;
        } catch (DvsException e) {
            return false;
        }
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
