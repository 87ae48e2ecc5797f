package org.dvs.kernel.internal.ipc;

import org.dvs.api.ErrorCode;
import org.dvs.kernel.api.IpcException;

/** Results that are no error numbers. */
final class Result {
    static final int OK = 0;
    /** The call has begun and ends later, through its completion. No EDVS number. */
    static final int BLOCKED = Integer.MIN_VALUE;

    private Result() {
    }

    /**
     * What another node says of a call, as its caller is told it. "Not bound" and "the DC is not running" said there of what is
     * there would mean here that the caller's own end has come.
     */
    static int ofAnotherNode(int result) {
        if (result == ErrorCode.NOTBIND.rcode()) {
            return ErrorCode.BADSRCDST.rcode();
        }
        return result == ErrorCode.DCNOTRUN.rcode() ? ErrorCode.NODCNODE.rcode() : result;
    }

    /** Has an error number thrown. */
    static void require(int result, String detail) throws IpcException {
        if (result < 0) {
            throw IpcException.of(result, detail);
        }
    }
}
