package org.dvs.kernel.internal.ipc;

import org.dvs.kernel.api.IpcException;

/** Results that are no error numbers. */
final class Result {
    static final int OK = 0;
    /** The call has begun and ends later, through its completion. No EDVS number. */
    static final int BLOCKED = Integer.MIN_VALUE;

    private Result() {
    }

    /** Has an error number thrown. */
    static void require(int result, String detail) throws IpcException {
        if (result < 0) {
            throw IpcException.of(result, detail);
        }
    }
}
