package org.dvs.security.internal.login;

import java.util.Set;

/** Where logins come from: addresses without a port, as sockets give them, or {@value #LOCAL}. */
final class Sources {
    /** A node's own terminal. */
    static final String LOCAL = "local";
    private static final Set<String> LOOPBACK_6 = Set.of("::1", "[::1]", "0:0:0:0:0:0:0:1", "[0:0:0:0:0:0:0:1]");

    private Sources() {
    }

    /**
     * All who work on this machine share such an address. What is limited by address alone does not count it: any of them, or
     * a program that has gone wrong, would lock the others out of their own node.
     */
    static boolean ofThisMachine(String source) {
        return source.equals(LOCAL) || source.startsWith("127.") || LOOPBACK_6.contains(source);
    }
}
