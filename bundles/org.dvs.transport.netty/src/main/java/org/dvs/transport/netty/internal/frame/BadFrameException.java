package org.dvs.transport.netty.internal.frame;

import org.dvs.transport.api.CloseReason;

/** What came cannot be a frame: the connection is to be closed. */
public final class BadFrameException extends Exception {
    private static final long serialVersionUID = 1L;

    private final CloseReason reason;

    BadFrameException(CloseReason reason, String detail) {
        // Without a stack: where it was found says nothing, and a hostile peer can cause many.
        super(detail, null, false, false);
        this.reason = reason;
    }

    public CloseReason reason() {
        return reason;
    }
}
