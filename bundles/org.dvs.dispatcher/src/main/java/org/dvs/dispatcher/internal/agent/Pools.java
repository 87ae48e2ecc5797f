package org.dvs.dispatcher.internal.agent;

import org.dvs.api.request.RequestSpec;

/**
 * Who runs which request. Changes beside others have workers of their own, as they may take an hour, and whoever only looks is to
 * be answered meanwhile.
 *
 * @param queries run requests that only read, several at once
 * @param beside  run requests that change something beside others, several at once
 * @param changes run the other requests that change something, one at a time
 */
public record Pools(Workers queries, Workers beside, Workers changes) {

    Workers of(RequestSpec spec) {
        if (spec.inTurn()) {
            return changes;
        }
        return spec.changes() ? beside : queries;
    }
}
