package org.dvs.web.internal;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.ssl.SslConnection;

/** Closes connections of an address that has too many open. This machine's own are not counted: the operators share them. */
final class AddressLimit implements Connection.Listener {
    private final int allowed;
    private final Map<InetAddress, Integer> open = new ConcurrentHashMap<>();
    private final Map<Connection, InetAddress> counted = new ConcurrentHashMap<>();

    AddressLimit(int allowed) {
        this.allowed = allowed;
    }

    @Override
    public void onOpened(Connection connection) {
        // Each socket has two connections here, TLS and inside it HTTP.
        if (connection instanceof SslConnection && connection.getEndPoint().getRemoteSocketAddress() instanceof InetSocketAddress remote
                && !remote.getAddress().isLoopbackAddress()) {
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
