package org.dvs.transport.netty.internal;

import org.dvs.api.config.Takes;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** Settings of {@code org.dvs.transport}. */
@ObjectClassDefinition(name = "DVS transport", description = "Sockets between programs, nodes and clients.")
@interface TransportConfig {

    /** How sockets are reached. */
    enum Io {
        AUTO, EPOLL, NIO
    }

    @AttributeDefinition(name = "Sockets",
            description = "How sockets are reached: EPOLL natively (Linux), NIO by the JDK, AUTO the best there is. With NIO"
            + " there are no Unix-domain sockets. Counts from the next start on.")
    Io io() default Io.AUTO;

    @AttributeDefinition(name = "Threads", min = "0", max = "256",
            description = "Threads that serve all connections; 0 is one for each processor, at most 8. Counts from the next start"
            + " on.")
    int threads() default 0;

    @AttributeDefinition(name = "Spin", min = "0", max = "10000",
            description = "Microseconds for which a thread looks for more after it had work, before it sleeps: shortens round"
            + " trips, costs processor time while there is traffic. 0 never; with one processor never.")
    int spinMicros() default 30;

    @AttributeDefinition(name = "Connections", min = "1", max = "1000000",
            description = "Connections open at once of a listener that sets no number itself; one more is closed.")
    int maxConnections() default 1000;

    @AttributeDefinition(name = "Connections of an address", min = "1", max = "1000000",
            description = "Connections open at once from one address to a listener that sets no number itself; one more is"
            + " closed. The loopback address is not limited by it.")
    int maxConnectionsPerAddress() default 50;

    @AttributeDefinition(name = "Frame bytes", min = "1048576", max = "1073741824",
            description = "Longest frame; a longer one ends the connection. Protocols may take less, not more; the proxies"
            + " need what is the least.")
    int maxFrameBytes() default 1 << 20;

    @AttributeDefinition(name = "Queued bytes", min = "1024", max = "2147483647",
            description = "Most bytes of a connection that wait to be sent; what would be more is refused. At least"
            + " maxFrameBytes. Protocols may take less, not more.")
    @Takes(atLeast = {"maxFrameBytes", "highQueuedBytes"})
    int maxQueuedBytes() default 4 << 20;

    @AttributeDefinition(name = "High mark", min = "1", max = "2147483647",
            description = "Bytes that wait to be sent from which on a protocol is asked to stop. At most maxQueuedBytes.")
    int highQueuedBytes() default 256 << 10;

    @AttributeDefinition(name = "State bytes", min = "0", max = "1048576",
            description = "Most bytes that a protocol may leave with a parked connection.")
    int maxStateBytes() default 64 << 10;

    @AttributeDefinition(name = "Handshake deadline", min = "100", max = "600000",
            description = "Milliseconds for a TLS handshake.")
    int handshakeTimeoutMs() default 5_000;

    @AttributeDefinition(name = "First frame deadline", min = "0", max = "3600000",
            description = "Milliseconds within which a peer that connected must have sent a whole frame; 0 for ever.")
    int firstFrameTimeoutMs() default 10_000;

    @AttributeDefinition(name = "Read deadline", min = "100", max = "3600000",
            description = "Milliseconds from a frame's first byte to its last.")
    int readTimeoutMs() default 30_000;

    @AttributeDefinition(name = "Write deadline", min = "100", max = "3600000",
            description = "Milliseconds after which a peer that takes nothing is cut off.")
    int writeTimeoutMs() default 30_000;

    @AttributeDefinition(name = "Idle deadline", min = "0", max = "86400000",
            description = "Milliseconds after which a silent connection is closed; 0 never.")
    int idleTimeoutMs() default 60_000;

    @AttributeDefinition(name = "Park deadline", min = "1000", max = "3600000",
            description = "Milliseconds that connections and listeners wait for the next version of a protocol's bundle.")
    int parkTimeoutMs() default 60_000;
}
