package org.dvs.transport.api;

/** What protects a TCP connection. Always TLS 1.3, or 1.2 with authenticated ciphers for clients. */
public enum Tls {
    /** Nothing: on loopback and Unix-domain sockets only. */
    NONE,
    /** Both sides show a certificate of this cluster; {@link Peer#node} tells whose. */
    CLUSTER,
    /** For clients: this node shows its certificate and asks for none. Only to listen. */
    SERVER
}
