package org.dvs.web.internal;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import org.dvs.api.security.AddressLimit;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.ssl.SslConnection;

/** Closes connections of an address that has too many open. */
final class ConnectionLimit implements Connection.Listener {
    private final AddressLimit addresses;
    private final Map<Connection, InetAddress> entered = new ConcurrentHashMap<>();

    ConnectionLimit(AddressLimit addresses) {
        this.addresses = addresses;
    }

    @Override
    public void onOpened(Connection connection) {
        // Each socket has two connections here, TLS and inside it HTTP.
        if (connection instanceof SslConnection
                && connection.getEndPoint().getRemoteSocketAddress() instanceof InetSocketAddress remote) {
            if (addresses.enter(remote.getAddress())) {
                entered.put(connection, remote.getAddress());
            } else {
                connection.getEndPoint().close();
            }
        }
    }

    @Override
    public void onClosed(Connection connection) {
        InetAddress address = entered.remove(connection);
        if (address != null) {
            addresses.leave(address);
        }
    }
}
