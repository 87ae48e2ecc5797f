package org.dvs.dispatcher.internal.requester;

import java.util.List;
import java.util.function.LongPredicate;
import java.util.function.Supplier;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.api.request.Column;
import org.dvs.dispatcher.internal.Settings;
import org.dvs.dispatcher.internal.wire.Wire;

/**
 * What a node's rows must be to be kept: complete, of the columns of the request, and within the limits of node, job and all
 * jobs. Of one job; called on the loop.
 */
final class Inspection {
    static final String PART_MISSING = "a part of its answer is missing";

    private final List<Column> columns;
    private final Supplier<Settings> limits;
    private final LongPredicate reserve;
    private volatile long bytes;

    /** @param reserve takes bytes from what all jobs may have; false if there is no room */
    Inspection(List<Column> columns, Supplier<Settings> limits, LongPredicate reserve) {
        this.columns = columns;
        this.limits = limits;
        this.reserve = reserve;
    }

    /** Bytes of all rows that were taken. Any thread. */
    long bytes() {
        return bytes;
    }

    /**
     * Takes a part of a node's answer, and room for it.
     *
     * @throws DvsException {@code GENERIC} if one is missing before it or its rows are not of these columns; {@code MSGSIZE} if
     *                      there is no room; nothing was taken then
     */
    void take(Target target, int chunk, List<List<Object>> rows) throws DvsException {
        if (chunk != target.chunks) {
            throw new DvsException(ErrorCode.GENERIC, PART_MISSING);
        }
        long size = size(rows);
        takeRoom(target.bytes + size, size);
        bytes += size;
        target.bytes += size;
        target.rows.addAll(rows);
    }

    private long size(List<List<Object>> rows) throws DvsException {
        long size = 0;
        for (List<Object> row : rows) {
            if (!fits(row)) {
                throw new DvsException(ErrorCode.GENERIC,
                        "answers with other columns than this node knows; do their versions differ?");
            }
            size += Wire.size(row);
        }
        return size;
    }

    private boolean fits(List<Object> row) {
        if (row.size() != columns.size()) {
            return false;
        }
        for (int i = 0; i < row.size(); i++) {
            Object value = row.get(i);
            if (value != null && !columns.get(i).type().carrier().isInstance(value)) {
                return false;
            }
        }
        return true;
    }

    private void takeRoom(long ofNode, long size) throws DvsException {
        Settings now = limits.get();
        if (ofNode > now.maxReplyBytes()) {
            throw new DvsException(ErrorCode.MSGSIZE, "more than maxReplyBytes " + now.maxReplyBytes());
        }
        if (bytes + size > now.maxJobBytes()) {
            throw new DvsException(ErrorCode.MSGSIZE, "all nodes together have more than maxJobBytes " + now.maxJobBytes());
        }
        if (!reserve.test(size)) {
            throw new DvsException(ErrorCode.MSGSIZE, "all jobs together have more than maxTotalBytes " + now.maxTotalBytes());
        }
    }
}
