package org.dvs.agent.host.internal;

/** The allow-list cannot be used; the message says why, for people. */
final class BadAllowListException extends Exception {
    private static final long serialVersionUID = 1L;

    BadAllowListException(String message) {
        super(message);
    }
}
