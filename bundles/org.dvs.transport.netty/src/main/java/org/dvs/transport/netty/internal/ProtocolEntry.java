package org.dvs.transport.netty.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

import org.dvs.transport.api.Framing;
import org.dvs.transport.api.Limits;
import org.dvs.transport.api.Protocol;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One protocol by its name: who serves it, and what is served. What is served hears of each change by
 * {@link Served#servingChanged} and looks up {@link #serving} then, so it never misses the last one. Thread-safe.
 */
final class ProtocolEntry {
    private static final Logger LOG = LoggerFactory.getLogger(ProtocolEntry.class);

    private final String name;
    private final Supplier<Settings> settings;
    private final List<Protocol> offered = new ArrayList<>();
    private final Set<Served> served = ConcurrentHashMap.newKeySet();
    private volatile Serving serving;

    /** Who serves, with what counts for its connections from now on; what they have stays with those that are served. */
    record Serving(Protocol protocol, Framing framing, Limits limits) {
    }

    /** A connection or a listener of the protocol. */
    interface Served {
        /** @param done called when the change has taken effect, by any thread, perhaps at once */
        void servingChanged(Runnable done);
    }

    /** @param settings those of now; who changes them calls {@link #settingsChanged} */
    ProtocolEntry(String name, Supplier<Settings> settings) {
        this.name = name;
        this.settings = settings;
    }

    String name() {
        return name;
    }

    /** Null while nobody serves. */
    Serving serving() {
        return serving;
    }

    /** From now on it hears of changes; it looks up {@link #serving} after this. */
    void add(Served one) {
        served.add(one);
    }

    void remove(Served one) {
        served.remove(one);
    }

    void offer(Protocol protocol) {
        synchronized (this) {
            offered.add(protocol);
            if (offered.size() > 1) {
                return;
            }
            serving = new Serving(protocol, protocol.framing(), limits(protocol));
        }
        tell(() -> { });
    }

    /** Returns when nothing calls the protocol any more, or the time is over. @return whether it is so */
    boolean withdraw(Protocol protocol, long timeoutMs) throws InterruptedException {
        synchronized (this) {
            boolean first = !offered.isEmpty() && offered.get(0) == protocol;
            offered.remove(protocol);
            if (!first) {
                return true;
            }
            Protocol next = offered.isEmpty() ? null : offered.get(0);
            serving = next == null ? null : new Serving(next, next.framing(), limits(next));
        }
        List<Served> all = List.copyOf(served);
        CountDownLatch done = new CountDownLatch(all.size());
        all.forEach(each -> each.servingChanged(done::countDown));
        return done.await(timeoutMs, TimeUnit.MILLISECONDS);
    }

    /** New limits count for connections that are opened or resumed from now on: those that are served are not told. */
    synchronized void settingsChanged() {
        Serving before = serving;
        if (before == null) {
            return;
        }
        try {
            serving = new Serving(before.protocol(), before.framing(), limits(before.protocol()));
        } catch (RuntimeException e) {
            LOG.error("Protocol {} keeps the limits that it has, as it has none for the new settings", name, e);
        }
    }

    private Limits limits(Protocol protocol) {
        Settings now = settings.get();
        return now.within(protocol.limits(now.limits()));
    }

    private void tell(Runnable done) {
        served.forEach(each -> each.servingChanged(done));
    }
}
