package org.dvs.api.security;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

/** Counts what the clients of each {@linkplain #network network} have open. Thread-safe. */
public final class AddressLimit {
    /** Of an IPv6 address: what is behind these bytes its host chooses as it likes. */
    private static final int NETWORK_BYTES = 8;

    private final int allowed;
    private final Predicate<InetAddress> exempt;
    private final Map<InetAddress, Integer> open = new ConcurrentHashMap<>();

    /**
     * @param allowed at a time of each network
     * @param exempt  addresses that are not counted
     */
    public AddressLimit(int allowed, Predicate<InetAddress> exempt) {
        this.allowed = allowed;
        this.exempt = exempt;
    }

    /**
     * What one client has all of: the address, and of IPv6 the first one of its network of 64 bits, which is the least that a
     * customer is given (RFC 6177).
     */
    public static InetAddress network(InetAddress address) {
        if (!(address instanceof Inet6Address)) {
            return address;
        }
        byte[] bytes = address.getAddress();
        Arrays.fill(bytes, NETWORK_BYTES, bytes.length, (byte) 0);
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException e) {
            throw new IllegalStateException("as many bytes as before", e);
        }
    }

    /** @return false if the network has as many as it may; else it has one more until {@link #leave} */
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

    /** For each {@link #enter} that returned true. */
    public void leave(InetAddress address) {
        open.computeIfPresent(network(address), (key, count) -> count == 1 ? null : count - 1);
    }
}
