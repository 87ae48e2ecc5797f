package org.dvs.cli.internal.words;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;

/** Makes the errors of somebody who typed. */
public final class Usage {
    private Usage() {
    }

    /** @param detail one sentence that names the word at fault */
    public static DvsException error(String detail) {
        return new DvsException(ErrorCode.USAGE, detail);
    }
}
