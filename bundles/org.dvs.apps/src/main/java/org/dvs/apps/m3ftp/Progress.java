package org.dvs.apps.m3ftp;

import org.dvs.api.DvsException;

/** Hears how far a file has come; on the thread of the client, after each block. */
@FunctionalInterface
public interface Progress {
    /** For whom it does not matter. */
    Progress NONE = (done, size) -> { };

    /**
     * @param done of {@code size} bytes
     * @throws DvsException ends the transfer; what has come stays for another attempt
     */
    void at(long done, long size) throws DvsException;

    /**
     * How far what is there already has been compared.
     *
     * @param done of {@code size} bytes
     * @throws DvsException as {@link #at}
     */
    default void compared(long done, long size) throws DvsException {
        at(done, size);
    }
}
