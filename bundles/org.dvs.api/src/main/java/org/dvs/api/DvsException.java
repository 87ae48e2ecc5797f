package org.dvs.api;

import java.util.Objects;

/** A foreseen failure: a code, and a detail that names the value at fault. Any other exception is a defect. */
public class DvsException extends Exception {
    private static final long serialVersionUID = 1L;

    private final ErrorCode code;

    /** @param detail the thing and the value at fault, for people: {@code "node7 is not a member"} */
    public DvsException(ErrorCode code, String detail) {
        super(Objects.requireNonNull(detail, "detail"));
        this.code = Objects.requireNonNull(code, "code");
    }

    public DvsException(ErrorCode code, String detail, Throwable cause) {
        this(code, detail);
        initCause(cause);
    }

    public ErrorCode code() {
        return code;
    }

    /** {@code org.dvs.kernel.api.IpcException: EDVSPROCSTS: reply to 12 of dc0}: a trace names the code too. */
    @Override
    public String toString() {
        return getClass().getName() + ": " + code + ": " + getMessage();
    }
}
