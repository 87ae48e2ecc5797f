package org.dvs.transport.netty.internal.socket;

import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

/**
 * Counts the open connections of each address; of IPv6 those of a network of 64 bits, which is one customer's, are one's.
 * Thread-safe.
 */
public final class AddressLimit {
    private static final int NETWORK_BYTES = 8;

    private final int allowed;
    private final Predicate<InetAddress> exempt;
    private final Map<ByteBuffer, Integer> open = new ConcurrentHashMap<>();

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
        open.compute(network(address), (key, count) -> {
            int now = count == null ? 0 : count;
            entered[0] = now < allowed;
            return entered[0] ? Integer.valueOf(now + 1) : count;
        });
        return entered[0];
    }

    private static ByteBuffer network(InetAddress address) {
        byte[] bytes = address.getAddress();
        return ByteBuffer.wrap(bytes, 0, Math.min(bytes.length, NETWORK_BYTES));
    }

    /** For each {@link #enter} that returned true. */
    public void leave(InetAddress address) {
        open.computeIfPresent(network(address), (key, count) -> count == 1 ? null : count - 1);
    }
}
