package org.dvs.dispatcher.internal.requester;

import java.util.List;
import java.util.Optional;
import java.util.function.LongPredicate;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.api.request.Column;
import org.dvs.dispatcher.internal.Settings;
import org.dvs.dispatcher.internal.wire.Wire;

/** What a node's rows must be to be kept: of the columns of the request, and within the limits of node, job and all jobs. */
final class Inspection {
    private final List<Column> columns;

    Inspection(List<Column> columns) {
        this.columns = columns;
    }

    /** @return bytes that the rows take. @throws DvsException {@code GENERIC} if they are not of these columns */
    long size(List<List<Object>> rows) throws DvsException {
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

    /**
     * Takes room for rows.
     *
     * @param ofNode  bytes of the node with them
     * @param ofJob   bytes of the job with them
     * @param reserve takes it from what all jobs may have; false if there is none left
     * @return why there is no room
     */
    static Optional<String> noRoom(Settings limits, long ofNode, long ofJob, long size, LongPredicate reserve) {
        if (ofNode > limits.maxReplyBytes()) {
            return Optional.of("more than maxReplyBytes " + limits.maxReplyBytes());
        }
        if (ofJob > limits.maxJobBytes()) {
            return Optional.of("all nodes together have more than maxJobBytes " + limits.maxJobBytes());
        }
        return reserve.test(size) ? Optional.empty()
                : Optional.of("all jobs together have more than maxTotalBytes " + limits.maxTotalBytes());
    }
}
