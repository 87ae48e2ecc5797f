package org.dvs.api.dispatch;

import java.time.Duration;
import java.util.Map;

import org.dvs.api.Caller;

/**
 * What a front asks of the {@link Dispatcher}.
 *
 * @param request   name or alias, {@code RQST_...}
 * @param values    by parameter name; absent ones get their default
 * @param selection the nodes
 * @param timeout   deadline of the whole, from now; zero means: send, and take only what is there at once
 * @param pace      waves and their limits
 * @param caller    who asks
 * @param requestId given by the caller, for logs and for at-most-once over a retried call; empty to have one made
 */
public record Order(String request, Map<String, Object> values, Selection selection, Duration timeout, Pace pace, Caller caller,
                    String requestId) {
    /** The deadline where nobody says otherwise. Source: dvsd reference 5.3. */
    public static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(30);

    public Order {
        values = Map.copyOf(values);
    }
}
