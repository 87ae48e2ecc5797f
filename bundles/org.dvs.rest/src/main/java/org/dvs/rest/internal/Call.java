package org.dvs.rest.internal;

import java.time.Duration;
import java.util.Map;

import org.dvs.api.dispatch.Pace;
import org.dvs.api.dispatch.Selection;

/**
 * What a client asks of a request, read from the query or the body.
 *
 * @param values    by parameter name, of the parameter's type
 * @param selection the nodes
 * @param timeout   deadline of the whole
 * @param pace      waves and their limits
 * @param dryRun    true to be told what would be sent
 * @param confirm   true to let it destroy something
 */
record Call(Map<String, Object> values, Selection selection, Duration timeout, Pace pace, boolean dryRun, boolean confirm) {

    Call {
        values = Map.copyOf(values);
    }
}
