package org.dvs.cluster.jgroups.internal.log;

import java.io.IOException;

/** What is on disk is not what was written. */
public final class LogDamagedException extends IOException {
    private static final long serialVersionUID = 1L;

    private final String file;
    private final long offset;

    LogDamagedException(String file, long offset, String what) {
        super(file + " at byte " + offset + ": " + what);
        this.file = file;
        this.offset = offset;
    }

    public String file() {
        return file;
    }

    /** Where the damaged record or field begins. */
    public long offset() {
        return offset;
    }
}
