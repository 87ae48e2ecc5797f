package org.dvs.transport.api;

import java.util.Objects;
import java.util.OptionalInt;

/**
 * How to connect.
 *
 * @param tls       {@link Tls#NONE} or {@link Tls#CLUSTER}
 * @param node      with {@link Tls#CLUSTER}: the id of the node that must be at the other end; empty for any
 * @param connectMs deadline of the connect, 1 or more; the TLS handshake has its own in {@link Limits}
 * @param loop      serves it; null for any
 */
public record ConnectOptions(Tls tls, OptionalInt node, int connectMs, Loop loop) {
    private static final int CONNECT_MS = 5_000;

    public ConnectOptions {
        Objects.requireNonNull(node, "node");
        if (Objects.requireNonNull(tls, "tls") == Tls.SERVER || connectMs < 1) {
            throw new IllegalArgumentException("TLS " + tls + ", connect deadline " + connectMs + " ms");
        }
    }

    /** No TLS, 5 s, any loop. */
    public static ConnectOptions plain() {
        return new ConnectOptions(Tls.NONE, OptionalInt.empty(), CONNECT_MS, null);
    }

    /** TLS to the node of that id, 5 s, any loop. */
    public static ConnectOptions node(int id) {
        return new ConnectOptions(Tls.CLUSTER, OptionalInt.of(id), CONNECT_MS, null);
    }

    public ConnectOptions connectMs(int ms) {
        return new ConnectOptions(tls, node, ms, loop);
    }

    public ConnectOptions loop(Loop one) {
        return new ConnectOptions(tls, node, connectMs, one);
    }
}
