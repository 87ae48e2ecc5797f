package org.dvs.monitor.internal.login;

import java.security.SecureRandom;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;

import org.dvs.api.Caller;

/** Links that log in once: made for who is logged in already, good for a moment. Thread-safe; bounded, the oldest goes first. */
public final class Tickets {
    static final int MOST = 100;

    private final Duration good;
    private final LongSupplier nanoTime;
    private final RandomWords words;
    private final Map<String, Ticket> open = new LinkedHashMap<>();

    private record Ticket(Caller caller, long endNanos) {
    }

    /** @param nanoTime monotonic clock */
    public Tickets(Duration good, LongSupplier nanoTime, SecureRandom random) {
        this.good = good;
        this.nanoTime = nanoTime;
        this.words = new RandomWords(random);
    }

    /** How long a ticket is good. */
    public Duration good() {
        return good;
    }

    public synchronized String issue(Caller caller) {
        String word = words.next();
        if (open.size() >= MOST) {
            open.remove(open.keySet().iterator().next());
        }
        open.put(RandomWords.digest(word), new Ticket(caller, nanoTime.getAsLong() + good.toNanos()));
        return word;
    }

    /** @return whom it was made for; empty if it is not known, used or too old */
    public synchronized Optional<Caller> redeem(String word) {
        Ticket ticket = open.remove(RandomWords.digest(word));
        return ticket == null || nanoTime.getAsLong() - ticket.endNanos() >= 0 ? Optional.empty() : Optional.of(ticket.caller());
    }
}
