package org.dvs.web.internal;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.ssl.SslConnection;

/** Closes connections of an address that has too many open. */
final class AddressLimit implements Connection.Listener {
    private final int allowed;
    private final Predicate<InetAddress> exempt;
    private final Map<InetAddress, Integer> open = new ConcurrentHashMap<>();
    private final Map<Connection, InetAddress> counted = new ConcurrentHashMap<>();

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
            counted.put(connection, remote.getAddress());
            if (open.merge(remote.getAddress(), 1, Integer::sum) > allowed) {
                connection.getEndPoint().close();
            }
        }
    }

    @Override
    public void onClosed(Connection connection) {
        InetAddress address = counted.remove(connection);
        if (address != null) {
            open.computeIfPresent(address, (key, count) -> count == 1 ? null : count - 1);
        }
    }
}
