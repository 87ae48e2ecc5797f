package org.dvs.web.internal;

import java.util.List;

/** {@link WebConfig} as plain values; see there. */
record WebSettings(String address, int port, List<String> hosts, int maxConnections, int maxConnectionsPerAddress, int maxThreads,
                   int maxHeaderBytes, int maxBodyBytes, int idleTimeoutMs) {

    WebSettings {
        hosts = List.copyOf(hosts);
    }

    static WebSettings of(WebConfig config) {
        return new WebSettings(config.address(), config.port(), List.of(config.hosts()), config.maxConnections(),
                config.maxConnectionsPerAddress(), config.maxThreads(), config.maxHeaderBytes(), config.maxBodyBytes(),
                config.idleTimeoutMs());
    }
}
