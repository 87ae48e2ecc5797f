package org.dvs.api.dispatch;

import java.util.List;
import java.util.Optional;

import org.dvs.api.ErrorCode;

/**
 * What one node had to say.
 *
 * @param node      name
 * @param state     how it ended
 * @param rcode     result; negative for an error
 * @param detail    the error's detail; empty on success
 * @param elapsedMs from sending to its end
 * @param rows      as far as they came; each has one value per column, null for unknown
 */
public record NodeAnswer(String node, NodeState state, int rcode, String detail, long elapsedMs, List<List<Object>> rows) {

    public NodeAnswer {
        rows = List.copyOf(rows);
    }

    /** The code of a negative rcode. */
    public Optional<ErrorCode> error() {
        return rcode < 0 ? ErrorCode.ofRcode(rcode) : Optional.empty();
    }
}
