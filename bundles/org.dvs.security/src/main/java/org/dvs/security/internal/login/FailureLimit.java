package org.dvs.security.internal.login;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Counts failures by key over the last minute. Thread-safe. The table is bounded: a key is forgotten a minute after its last
 * failure, and when the table is full the one that failed longest ago goes; to push a key out, somebody has to fail
 * {@value #MAX_KEYS} logins, which bcrypt makes a matter of minutes for passwords. How long a key is, is for its caller to bound.
 */
final class FailureLimit {
    static final int MAX_KEYS = 10_000;
    private static final long WINDOW = TimeUnit.MINUTES.toNanos(1);

    private final int allowed;
    private final LongSupplier nanoTime;
    /** The key that failed longest ago stands first. */
    private final Map<String, Deque<Long>> failures = new LinkedHashMap<>();

    /**
     * @param allowed  failures per minute and key
     * @param nanoTime monotonic clock
     */
    FailureLimit(int allowed, LongSupplier nanoTime) {
        this.allowed = allowed;
        this.nanoTime = nanoTime;
    }

    /** @return true if the key has failed as often as it may in the last minute */
    synchronized boolean exceeded(String key) {
        long now = nanoTime.getAsLong();
        forget(now);
        Deque<Long> times = failures.get(key);
        if (times == null) {
            return false;
        }
        while (now - times.peekFirst() >= WINDOW) {
            times.removeFirst();
        }
        return times.size() >= allowed;
    }

    /** What one look takes out, as many failures have put in before. */
    private void forget(long now) {
        Iterator<Deque<Long>> oldest = failures.values().iterator();
        while (oldest.hasNext() && now - oldest.next().peekLast() >= WINDOW) {
            oldest.remove();
        }
    }

    synchronized void failed(String key) {
        long now = nanoTime.getAsLong();
        forget(now);
        Deque<Long> times = failures.remove(key);
        if (times == null) {
            times = new ArrayDeque<>();
        }
        if (times.size() == allowed) {
            times.removeFirst();
        }
        times.addLast(now);
        failures.put(key, times);
        if (failures.size() > MAX_KEYS) {
            failures.remove(failures.keySet().iterator().next());
        }
    }

    synchronized void succeeded(String key) {
        failures.remove(key);
    }

    synchronized int size() {
        return failures.size();
    }
}
