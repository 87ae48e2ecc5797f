package org.dvs.kernel.api;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;

/**
 * A call of the kernel that did not succeed. The code is one of the EDVS numbers; {@link #rcode} is the negative number that
 * the original's library gives.
 */
public final class IpcException extends DvsException {
    private static final long serialVersionUID = 1L;

    public IpcException(ErrorCode code, String detail) {
        super(code, detail);
    }

    /**
     * The exception of a call's result.
     *
     * @param rcode  below 0
     * @param detail the call and whom it concerned: {@code "send to 12 of dc0"}
     */
    public static IpcException of(int rcode, String detail) {
        ErrorCode code = ErrorCode.ofRcode(rcode).orElse(ErrorCode.GENERIC);
        return new IpcException(code, code == ErrorCode.GENERIC ? detail + ": result " + rcode : detail);
    }

    public int rcode() {
        return code().rcode();
    }

    /** @return as {@link #endsProgram(int)} */
    public boolean endsProgram() {
        return endsProgram(rcode());
    }

    /**
     * Whether a call that ended so is the last one: the program was unbound or asked to end ({@code NOTBIND}, {@code SHUTDOWN}),
     * its DC has ended ({@code DCNOTRUN}), its thread was interrupted ({@code INTR}), its kernel is gone ({@code CONNRESET}). Any
     * other error is of that one call, whatever has become of the peer and its node: a server goes on. What {@code unbind} and
     * {@code getep} say of another process is not meant: of those {@code NOTBIND} may be that one's.
     *
     * @param rcode of a call that has ended, well or not
     */
    public static boolean endsProgram(int rcode) {
        return switch (ErrorCode.ofRcode(rcode).orElse(ErrorCode.GENERIC)) {
            case NOTBIND, SHUTDOWN, DCNOTRUN, INTR, CONNRESET -> true;
            default -> false;
        };
    }
}
