package org.dvs.web.internal;

import org.dvs.api.config.Kind;
import org.dvs.api.config.Takes;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** Settings of {@code org.dvs.web}. */
@ObjectClassDefinition(name = "DVS web", description = "The HTTP server. Without this file no port is opened.")
@interface WebConfig {
    @AttributeDefinition(name = "Address",
            description = "Address to listen at. 127.0.0.1 lets in this machine only; 0.0.0.0 everybody.")
    @Takes(Kind.ADDRESS)
    String address() default "127.0.0.1";

    @AttributeDefinition(name = "Port", description = "Port to listen at, always with TLS; 0 takes any free one.", min = "0",
            max = "65535")
    int port() default 8443;

    @AttributeDefinition(name = "Host names",
            description = "Further names that clients may call this node by, beside those in its"
            + " certificate. A request for any other host is refused.")
    String[] hosts() default {};

    @AttributeDefinition(name = "Connections", description = "Connections open at once; more wait to be accepted.",
            min = "1", max = "100000")
    int maxConnections() default 1000;

    @AttributeDefinition(name = "Connections of an address",
            description = "Connections open at once from one address; one more is"
            + " closed. The loopback address is not limited by it.", min = "1", max = "100000")
    int maxConnectionsPerAddress() default 50;

    @AttributeDefinition(name = "Threads", description = "Requests worked on at once; more wait. Threads are made when needed and"
            + " leave after a minute.", min = "8", max = "2000")
    int maxThreads() default 256;

    @AttributeDefinition(name = "Header bytes", description = "Size of a request's line and headers in bytes; more gets 431.",
            min = "1024", max = "65536")
    int maxHeaderBytes() default 8192;

    @AttributeDefinition(name = "Body bytes", description = "Size of a request's body in bytes; more gets 413.",
            min = "1024", max = "67108864")
    int maxBodyBytes() default 1_048_576;

    @AttributeDefinition(name = "Idle time",
            description = "Milliseconds after which a silent connection, or a client that does not"
            + " read its answer, is cut.", min = "1000", max = "3600000")
    int idleTimeoutMs() default 30_000;
}
