package org.dvs.transport.netty.internal;

import org.dvs.transport.api.Limits;
import org.dvs.transport.netty.internal.loop.SocketKind;

/** {@link TransportConfig} as plain values, what is automatic decided. */
record Settings(SocketKind kind, int threads, int spinMicros, int maxConnections, int maxConnectionsPerAddress, Limits limits) {
    private static final int MOST_THREADS_BY_ITSELF = 8;

    /** @throws IllegalArgumentException naming a value that does not fit to another */
    static Settings of(TransportConfig config) {
        int processors = Runtime.getRuntime().availableProcessors();
        SocketKind kind = switch (config.io()) {
            case EPOLL -> SocketKind.EPOLL;
            case NIO -> SocketKind.NIO;
            case AUTO -> SocketKind.best();
        };
        int threads = config.threads() > 0 ? config.threads() : Math.min(processors, MOST_THREADS_BY_ITSELF);
        // Alone on a processor it would only keep from running what it waits for.
        int spinMicros = processors > 1 ? config.spinMicros() : 0;
        Limits limits = new Limits(config.maxFrameBytes(), config.maxQueuedBytes(), config.highQueuedBytes(),
                config.maxStateBytes(), config.handshakeTimeoutMs(), config.firstFrameTimeoutMs(), config.readTimeoutMs(),
                config.writeTimeoutMs(), config.idleTimeoutMs(), config.parkTimeoutMs());
        return new Settings(kind, threads, spinMicros, config.maxConnections(), config.maxConnectionsPerAddress(), limits);
    }

    /** What counts of the limits that a protocol wants: no size above what is configured. */
    Limits within(Limits wanted) {
        int frame = Math.min(wanted.maxFrameBytes(), limits.maxFrameBytes());
        int queued = Math.max(frame, Math.min(wanted.maxQueuedBytes(), limits.maxQueuedBytes()));
        int state = Math.min(wanted.maxStateBytes(), limits.maxStateBytes());
        return new Limits(frame, queued, Math.min(wanted.highQueuedBytes(), queued), state, wanted.handshakeMs(),
                wanted.firstFrameMs(), wanted.readMs(), wanted.writeMs(), wanted.idleMs(), wanted.parkMs());
    }
}
