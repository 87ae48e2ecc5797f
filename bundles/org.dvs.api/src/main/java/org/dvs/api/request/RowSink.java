package org.dvs.api.request;

import org.dvs.api.DvsException;

/** Where a handler puts its rows. Rows leave in bounded chunks while the handler still runs. Used by one thread. */
@FunctionalInterface
public interface RowSink {
    /**
     * @param values one for each column of the spec, of its type's carrier; null for unknown. Integers may also come as
     *               {@link Integer} or {@link Short}, decimals as {@link Float}
     * @throws DvsException {@code INTR} when the request was cancelled or its requester is gone, {@code TIMEDOUT} past the
     *                      deadline, {@code MSGSIZE} past the size a reply may have: let it through
     */
    void row(Object... values) throws DvsException;

    /**
     * Has the rows so far leave now, for who watches; without it they leave when they are many, or with the last one.
     *
     * @throws DvsException as {@link #row}
     */
    default void flush() throws DvsException {
        // Whoever keeps all rows anyway has nothing to do.
    }
}
