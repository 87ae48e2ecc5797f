package org.dvs.kernel.api;

import org.dvs.api.ErrorCode;

/** Refuses what a caller left out with a sentence that names it, before anything is done. */
public final class Given {
    private Given() {
    }

    /**
     * For calls that give typed errors.
     *
     * @param what the argument, as the caller knows it
     * @throws IpcException {@code INVAL} without a value
     */
    public static <T> T required(T value, String what) throws IpcException {
        if (value == null) {
            throw new IpcException(ErrorCode.INVAL, missing(what));
        }
        return value;
    }

    /**
     * For calls that give none.
     *
     * @throws IllegalArgumentException without a value
     */
    public static <T> T argument(T value, String what) {
        if (value == null) {
            throw new IllegalArgumentException(missing(what));
        }
        return value;
    }

    private static String missing(String what) {
        return what + ": null was given, where one is needed";
    }
}
