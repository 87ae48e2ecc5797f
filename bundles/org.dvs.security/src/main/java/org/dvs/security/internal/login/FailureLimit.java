package org.dvs.security.internal.login;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Counts failures by key over the last minute. Thread-safe. The table is bounded: when it is full the key that failed longest
 * ago is forgotten; to push a key out, somebody has to fail {@value #MAX_KEYS} logins, which bcrypt makes a matter of minutes.
 */
final class FailureLimit {
    static final int MAX_KEYS = 10_000;
    private static final long WINDOW = TimeUnit.MINUTES.toNanos(1);

    private final int allowed;
    private final LongSupplier nanoTime;
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
        Deque<Long> times = failures.get(key);
        if (times == null) {
            return false;
        }
        long now = nanoTime.getAsLong();
        while (!times.isEmpty() && now - times.peekFirst() >= WINDOW) {
            times.removeFirst();
        }
        if (times.isEmpty()) {
            failures.remove(key);
        }
        return times.size() >= allowed;
    }

    synchronized void failed(String key) {
        Deque<Long> times = failures.remove(key);
        if (times == null) {
            times = new ArrayDeque<>(allowed);
        }
        if (times.size() == allowed) {
            times.removeFirst();
        }
        times.addLast(nanoTime.getAsLong());
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
