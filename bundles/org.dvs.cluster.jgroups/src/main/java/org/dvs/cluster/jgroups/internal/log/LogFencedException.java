package org.dvs.cluster.jgroups.internal.log;

import org.dvs.api.DvsException;

/** The log takes nothing more, since the first failure of its storage. */
public final class LogFencedException extends IllegalStateException {
    private static final long serialVersionUID = 1L;

    private final transient DvsException reason;

    LogFencedException(DvsException reason) {
        super(reason.getMessage(), reason);
        this.reason = reason;
    }

    public DvsException reason() {
        return reason;
    }
}
