package org.dvs.transport.netty.internal.socket;

import java.net.InetAddress;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

/** Counts the open connections of each address. Thread-safe. */
public final class AddressLimit {
    private final int allowed;
    private final Predicate<InetAddress> exempt;
    private final Map<InetAddress, Integer> open = new ConcurrentHashMap<>();

    /** @param exempt addresses that are not counted */
    public AddressLimit(int allowed, Predicate<InetAddress> exempt) {
        this.allowed = allowed;
        this.exempt = exempt;
    }

    /** @return false if the address has as many as it may; else it has one more until {@link #leave} */
    public boolean enter(InetAddress address) {
        if (exempt.test(address)) {
            return true;
        }
        boolean[] entered = new boolean[1];
        open.compute(address, (key, count) -> {
            int now = count == null ? 0 : count;
            entered[0] = now < allowed;
            return entered[0] ? Integer.valueOf(now + 1) : count;
        });
        return entered[0];
    }

    /** For each {@link #enter} that returned true. */
    public void leave(InetAddress address) {
        open.computeIfPresent(address, (key, count) -> count == 1 ? null : count - 1);
    }
}
