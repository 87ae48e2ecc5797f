package org.dvs.transport.api;

import java.nio.file.Path;
import java.util.Objects;

/**
 * Where a listener listens or a connection leads. {@link #toString} gives {@code unix:/run/dvs/kernel} or
 * {@code tcp:host:3001}.
 */
public sealed interface Address {

    /**
     * A Unix-domain socket.
     *
     * @param path absolute, at most 100 bytes
     */
    record Unix(Path path) implements Address {
        public Unix {
            Objects.requireNonNull(path, "path");
        }

        @Override
        public String toString() {
            return "unix:" + path;
        }
    }

    /**
     * A TCP address.
     *
     * @param host name or address; where there are several addresses of that name the first that answers is taken
     * @param port 1 to 65535; 0 only to listen at any free one
     */
    record Tcp(String host, int port) implements Address {
        public Tcp {
            Objects.requireNonNull(host, "host");
            if (port < 0 || port > 65_535) {
                throw new IllegalArgumentException("port " + port);
            }
        }

        @Override
        public String toString() {
            return "tcp:" + (host.indexOf(':') < 0 ? host : '[' + host + ']') + ':' + port;
        }
    }

    static Address unix(Path path) {
        return new Unix(path);
    }

    static Address tcp(String host, int port) {
        return new Tcp(host, port);
    }
}
