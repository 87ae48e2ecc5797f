package org.dvs.proxy.internal.config;

import java.util.Objects;
import java.util.Optional;

import org.dvs.proxy.internal.frame.Options;

/**
 * How one other node is reached.
 *
 * @param id         of the node and of its pair
 * @param name       of the pair, 1 to 15 characters
 * @param host       name or address to connect to; empty where the node says itself
 * @param port       to connect to; 0 where the node says itself
 * @param listenPort own port for that node alone; 0 for none
 * @param listenHost own address of that port; empty for the node's
 * @param options    of the pair
 */
public record PeerSettings(int id, String name, Optional<String> host, int port, int listenPort, Optional<String> listenHost,
                           Options options) {
    public PeerSettings {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(host, "host");
        Objects.requireNonNull(listenHost, "listenHost");
        Objects.requireNonNull(options, "options");
    }
}
