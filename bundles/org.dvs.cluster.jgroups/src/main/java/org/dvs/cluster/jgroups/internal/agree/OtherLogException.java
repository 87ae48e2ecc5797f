package org.dvs.cluster.jgroups.internal.agree;

import org.dvs.api.DvsException;

/** This node keeps the log of a cluster that gives way to the one that it sees. Ends the member. */
final class OtherLogException extends IllegalStateException {
    private static final long serialVersionUID = 1L;

    private final transient DvsException reason;

    OtherLogException(DvsException reason) {
        super(reason.getMessage(), reason);
        this.reason = reason;
    }

    DvsException reason() {
        return reason;
    }
}
