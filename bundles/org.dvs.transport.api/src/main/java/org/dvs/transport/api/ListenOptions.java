package org.dvs.transport.api;

import java.util.Objects;

/**
 * How a listener listens.
 *
 * @param tls                      of TCP
 * @param maxConnections           open at once; one more is closed. 0 as the node is configured
 * @param maxConnectionsPerAddress open at once from one address, loopback excepted; one more is closed. 0 as the node is
 *     configured
 * @param mode                     of a Unix-domain socket's file, e.g. {@code 0600}: who may write may connect
 * @param loop                     serves all its connections, so that they may share state without a lock and a frame goes
 *     from one to the other without a change of threads; null spreads them over all loops
 */
public record ListenOptions(Tls tls, int maxConnections, int maxConnectionsPerAddress, int mode, Loop loop) {
    private static final int OWNER_ONLY = 0600;

    public ListenOptions {
        Objects.requireNonNull(tls, "tls");
        if (maxConnections < 0 || maxConnectionsPerAddress < 0 || mode < 0 || mode > 0777) {
            throw new IllegalArgumentException("connections " + maxConnections + ", per address " + maxConnectionsPerAddress
                    + ", mode " + Integer.toOctalString(mode));
        }
    }

    /** No TLS, limits as configured, file mode 0600, all loops. */
    public static ListenOptions plain() {
        return new ListenOptions(Tls.NONE, 0, 0, OWNER_ONLY, null);
    }

    public ListenOptions tls(Tls kind) {
        return new ListenOptions(kind, maxConnections, maxConnectionsPerAddress, mode, loop);
    }

    public ListenOptions maxConnections(int count) {
        return new ListenOptions(tls, count, maxConnectionsPerAddress, mode, loop);
    }

    public ListenOptions maxConnectionsPerAddress(int count) {
        return new ListenOptions(tls, maxConnections, count, mode, loop);
    }

    public ListenOptions mode(int permissions) {
        return new ListenOptions(tls, maxConnections, maxConnectionsPerAddress, permissions, loop);
    }

    public ListenOptions loop(Loop one) {
        return new ListenOptions(tls, maxConnections, maxConnectionsPerAddress, mode, one);
    }
}
