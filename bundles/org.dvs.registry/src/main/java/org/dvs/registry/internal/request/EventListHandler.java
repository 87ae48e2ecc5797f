package org.dvs.registry.internal.request;

import org.dvs.api.DvsException;
import org.dvs.api.request.Parameter;
import org.dvs.api.request.Request;
import org.dvs.api.request.RequestHandler;
import org.dvs.api.request.RequestSpec;
import org.dvs.api.request.RowSink;
import org.dvs.api.request.ValueType;
import org.dvs.registry.internal.RegistryState;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** {@code cluster events}: the journal of membership events. */
@Component
public final class EventListHandler implements RequestHandler {
    private final RegistryState registry;

    @Activate
    public EventListHandler(@Reference RegistryState registry) {
        this.registry = registry;
    }

    @Override
    public RequestSpec spec() {
        return RequestSpec.named("RQST_EVENTLIST").command("cluster events")
                .help("Lists membership events as this node saw them, newest first, and what became of their scripts")
                .parameter(Parameter.of("count", ValueType.INTEGER, "rows at the most").range(1, 10_000).byDefault(200L))
                .column("time", ValueType.TIME, "when the node heard of it")
                .column("event", ValueType.TEXT, "JOIN, DISCONNECT, PARTITION or MERGE")
                .column("changed", ValueType.TEXTS, "nodes that came or went")
                .column("view", ValueType.INTEGER, "id of the view after it")
                .column("primary", ValueType.FLAG, "that view holds a majority")
                .column("current", ValueType.FLAG, "the tables were brought up to date")
                .column("script", ValueType.TEXT, "as configured")
                .column("outcome", ValueType.TEXT, "of the script: ok, failed, timed out, missing, skipped, elsewhere, stopped")
                .column("elapsed", ValueType.DURATION, "of the script").manyRows().build();
    }

    @Override
    public int handle(Request request, RowSink rows) throws DvsException {
        registry.events(rows, (int) request.number("count"));
        return 0;
    }
}
