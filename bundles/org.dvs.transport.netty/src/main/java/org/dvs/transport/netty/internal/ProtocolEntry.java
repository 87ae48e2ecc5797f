package org.dvs.transport.netty.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import org.dvs.transport.api.Framing;
import org.dvs.transport.api.Limits;
import org.dvs.transport.api.Protocol;

/**
 * One protocol by its name: who serves it, and what is served. What is served hears of each change by
 * {@link Served#servingChanged} and looks up {@link #serving} then, so it never misses the last one. Thread-safe.
 */
final class ProtocolEntry {
    private final String name;
    private final List<Protocol> offered = new ArrayList<>();
    private final Set<Served> served = ConcurrentHashMap.newKeySet();
    private volatile Serving serving;

    /** Who serves, with what counts for its connections. */
    record Serving(Protocol protocol, Framing framing, Limits limits) {
    }

    /** A connection or a listener of the protocol. */
    interface Served {
        /** @param done called when the change has taken effect, by any thread, perhaps at once */
        void servingChanged(Runnable done);
    }

    ProtocolEntry(String name) {
        this.name = name;
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

    void offer(Protocol protocol, Settings settings) {
        synchronized (this) {
            offered.add(protocol);
            if (offered.size() > 1) {
                return;
            }
            serve(protocol, settings);
        }
        tell(() -> { });
    }

    /** Returns when nothing calls the protocol any more, or the time is over. @return whether it is so */
    boolean withdraw(Protocol protocol, Settings settings, long timeoutMs) throws InterruptedException {
        synchronized (this) {
            boolean first = !offered.isEmpty() && offered.get(0) == protocol;
            offered.remove(protocol);
            if (!first) {
                return true;
            }
            if (offered.isEmpty()) {
                serving = null;
            } else {
                serve(offered.get(0), settings);
            }
        }
        List<Served> all = List.copyOf(served);
        CountDownLatch done = new CountDownLatch(all.size());
        all.forEach(each -> each.servingChanged(done::countDown));
        return done.await(timeoutMs, TimeUnit.MILLISECONDS);
    }

    private void serve(Protocol protocol, Settings settings) {
        serving = new Serving(protocol, protocol.framing(), settings.within(protocol.limits(settings.limits())));
    }

    private void tell(Runnable done) {
        served.forEach(each -> each.servingChanged(done));
    }
}
