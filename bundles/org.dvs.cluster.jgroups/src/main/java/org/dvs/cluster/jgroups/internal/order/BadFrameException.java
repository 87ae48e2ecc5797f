package org.dvs.cluster.jgroups.internal.order;

/** Bytes that are no frame; the message says which field. */
public class BadFrameException extends Exception {
    private static final long serialVersionUID = 1L;

    public BadFrameException(String message) {
        super(message);
    }
}
