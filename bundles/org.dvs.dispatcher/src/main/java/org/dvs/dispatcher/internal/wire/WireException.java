package org.dvs.dispatcher.internal.wire;

import java.util.Optional;

/** Bytes that are not a message. Nothing else is ever thrown while decoding. */
public final class WireException extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient Key foreignRequest;

    WireException(String problem) {
        this(problem, null);
    }

    WireException(String problem, Key foreignRequest) {
        // No stack: the place is in the text, and hostile senders could make many of these.
        super(problem, null, false, false);
        this.foreignRequest = foreignRequest;
    }

    /** The key of a request in a version that is not spoken here, so that it can be answered. */
    public Optional<Key> foreignRequest() {
        return Optional.ofNullable(foreignRequest);
    }
}
