package org.dvs.proxy.internal.config;

import org.dvs.api.config.Kind;
import org.dvs.api.config.Takes;
import org.dvs.proxy.internal.frame.DigestKind;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** Settings of {@code org.dvs.proxy}. */
@ObjectClassDefinition(name = "DVS proxies", description = "How the kernels of the nodes talk to each other.")
public @interface ProxyConfig {

    /** Where a node is reached. */
    enum Ports {
        SINGLE, PAIR
    }

    @AttributeDefinition(name = "Bind address",
            description = "Address that the proxies listen at; other nodes are told this one, so 0.0.0.0 is of use only"
            + " where their block files name this node.")
    @Takes(Kind.ADDRESS)
    String bindAddress() default "127.0.0.1";

    @AttributeDefinition(name = "Base port", min = "0", max = "64512",
            description = "The port is this and the node's id; a node block in the file comes before it. 0 takes any free port,"
            + " one for all nodes.")
    int basePort() default 3000;

    @AttributeDefinition(name = "Ports",
            description = "SINGLE: all nodes come to base port + own id. PAIR: each node to a port of its own.")
    Ports ports() default Ports.SINGLE;

    @AttributeDefinition(name = "File",
            description = "Block file with node and proxy blocks, relative to the folder etc; none if there is"
            + " no such file: then every node of the cluster gets a pair.")
    String file() default "proxies.conf";

    @AttributeDefinition(name = "Batch", description = "Commands that wait together go in one frame; both ends must want it.")
    boolean batch() default true;

    @AttributeDefinition(name = "Compress",
            description = "Data and batches are compressed by LZ4 where that pays; both ends must want it.")
    boolean compress() default false;

    @AttributeDefinition(name = "Autobind",
            description = "Programs of other nodes that are unknown here are bound when they call.")
    boolean autobind() default true;

    @AttributeDefinition(name = "Sequence", description = "Numbers of frames are verified; both ends must want it.")
    boolean sequence() default true;

    @AttributeDefinition(name = "Sendpid", description = "The sender's pid and time go with each command.")
    boolean sendpid() default true;

    @AttributeDefinition(name = "Digest",
            description = "How the data of copies are verified beyond what TLS does; the stronger of both ends counts.")
    DigestKind digest() default DigestKind.CRC32C;

    @AttributeDefinition(name = "Heartbeat", min = "100", max = "60000", description = "Milliseconds between two signs of life.")
    int heartbeatMs() default 3000;

    @AttributeDefinition(name = "Silence", min = "500", max = "600000",
            description = "Milliseconds without a byte until a connection is taken for dead. At least heartbeatMs; peers are asked"
            + " for two signs of life within it.")
    @Takes(atLeast = "heartbeatMs")
    int silenceMs() default 10000;

    @AttributeDefinition(name = "Greeting", min = "100", max = "60000",
            description = "Milliseconds to connect, and again to answer a HELLO.")
    int greetingMs() default 5000;

    @AttributeDefinition(name = "First retry", min = "10", max = "60000",
            description = "Milliseconds until the first new try, less up to half by chance.")
    int reconnectMinMs() default 200;

    @AttributeDefinition(name = "Last retry", min = "10", max = "600000", description = "Most milliseconds between two tries.")
    @Takes(atLeast = "reconnectMinMs")
    int reconnectMaxMs() default 10000;
}
