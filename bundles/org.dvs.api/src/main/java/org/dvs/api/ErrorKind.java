package org.dvs.api;

/** What sort of failure an {@link ErrorCode} is, which tells a caller whether trying again can help. */
public enum ErrorKind {
    /** What was asked is wrong in itself and will never work. */
    ARGUMENT,
    /** Nobody is logged in. */
    LOGIN,
    /** The caller may not do this. */
    FORBIDDEN,
    /** What it is about is not there. */
    MISSING,
    /** What it is about is not in a state for this; that must change first. */
    STATE,
    /** Request or answer is larger than allowed. */
    SIZE,
    /** The caller asks too often. */
    RATE,
    /** Something failed that should not fail. */
    DEFECT,
    /** Cannot be done at the moment; the same request may work later. */
    UNAVAILABLE,
    /** No answer came in time; what was asked may or may not have been done. */
    TIMEOUT
}
