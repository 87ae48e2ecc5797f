package org.dvs.monitor.internal.web;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

import jakarta.servlet.AsyncContext;

import org.dvs.api.DvsException;
import org.dvs.api.Role;
import org.dvs.monitor.internal.live.Hub;

/** The cluster at this moment, and the stream of what happens from then on. */
final class LiveRoutes {
    private final Hub hub;
    private final Supplier<Map<String, Object>> overview;

    /** @param overview what is known now, by the names of the events that bring it up to date */
    LiveRoutes(Hub hub, Supplier<Map<String, Object>> overview) {
        this.hub = hub;
        this.overview = overview;
    }

    List<Route> routes() {
        return List.of(
                Route.needs(Role.VIEWER, "GET", "/api/overview", exchange -> exchange.json(overview.get())),
                Route.needs(Role.VIEWER, "GET", "/api/events", this::events));
    }

    private void events(Exchange exchange) throws IOException, DvsException {
        exchange.response().setContentType("text/event-stream;charset=utf-8");
        AsyncContext context = exchange.request().startAsync();
        // It ends when the browser goes, which the beat finds out, or with the session.
        context.setTimeout(0);
        hub.open(exchange.session().orElseThrow().key(), context);
    }
}
