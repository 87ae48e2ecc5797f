package org.dvs.kernel.internal.ipc;

/** Results that are no error numbers. */
final class Result {
    static final int OK = 0;
    /** The call has begun and ends later, through its completion. No EDVS number. */
    static final int BLOCKED = Integer.MIN_VALUE;

    private Result() {
    }
}
