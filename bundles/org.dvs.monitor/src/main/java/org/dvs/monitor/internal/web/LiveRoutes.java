package org.dvs.monitor.internal.web;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

import org.dvs.api.DvsException;
import org.dvs.api.Role;
import org.dvs.monitor.internal.live.Hub;
import org.dvs.monitor.internal.live.Watch;

/** The cluster at this moment, and the stream of what happens from then on. */
final class LiveRoutes {
    private final Hub hub;
    private final Supplier<Map<String, Object>> overview;
    private final Runnable soon;

    /**
     * @param overview what is known now, by the names of the events that bring it up to date
     * @param soon     has the next look come at once
     */
    LiveRoutes(Hub hub, Supplier<Map<String, Object>> overview, Runnable soon) {
        this.hub = hub;
        this.soon = soon;
        this.overview = overview;
    }

    List<Route> routes() {
        return List.of(
                Route.needs(Role.VIEWER, "GET", "/api/overview", exchange -> exchange.json(overview.get())),
                Route.needs(Role.VIEWER, "GET", "/api/events", exchange -> open(exchange, Hub.ALL)),
                Route.needs(Role.VIEWER, "GET", "/api/pairs", exchange -> open(exchange, Watch.PAIRS)));
    }

    private void open(Exchange exchange, String topic) throws IOException, DvsException {
        Hub.Page page = exchange.stream(hub, topic);
        if (topic.equals(Hub.ALL)) {
            // A page that slept may have been another user's.
            page.tell("session", Map.of("user", exchange.caller().user()));
        } else {
            soon.run();
        }
    }
}
