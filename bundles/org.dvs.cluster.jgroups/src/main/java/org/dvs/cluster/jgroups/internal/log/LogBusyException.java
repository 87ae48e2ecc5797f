package org.dvs.cluster.jgroups.internal.log;

import java.io.IOException;

/** Another process, or another log of this one, has the folder. */
public final class LogBusyException extends IOException {
    private static final long serialVersionUID = 1L;

    LogBusyException(String folder) {
        super("the folder " + folder + " is in use by another node");
    }
}
