package org.dvs.web.internal;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.ssl.SslConnection;

/**
 * Closes connections of an address that has too many open; of IPv6 a network of 64 bits, which is one customer's, counts as one
 * address.
 */
final class AddressLimit implements Connection.Listener {
    private static final int NETWORK_BYTES = 8;

    private final int allowed;
    private final Predicate<InetAddress> exempt;
    private final Map<ByteBuffer, Integer> open = new ConcurrentHashMap<>();
    private final Map<Connection, ByteBuffer> counted = new ConcurrentHashMap<>();

    /** @param exempt addresses that are not counted */
    AddressLimit(int allowed, Predicate<InetAddress> exempt) {
        this.allowed = allowed;
        this.exempt = exempt;
    }

    @Override
    public void onOpened(Connection connection) {
        // Each socket has two connections here, TLS and inside it HTTP.
        if (connection instanceof SslConnection
                && connection.getEndPoint().getRemoteSocketAddress() instanceof InetSocketAddress remote
                && !exempt.test(remote.getAddress())) {
            ByteBuffer network = network(remote.getAddress());
            counted.put(connection, network);
            if (open.merge(network, 1, Integer::sum) > allowed) {
                connection.getEndPoint().close();
            }
        }
    }

    static ByteBuffer network(InetAddress address) {
        byte[] bytes = address.getAddress();
        return ByteBuffer.wrap(bytes, 0, Math.min(bytes.length, NETWORK_BYTES));
    }

    @Override
    public void onClosed(Connection connection) {
        ByteBuffer network = counted.remove(connection);
        if (network != null) {
            open.computeIfPresent(network, (key, count) -> count == 1 ? null : count - 1);
        }
    }
}
