package org.dvs.health.internal;

import org.dvs.api.DvsException;
import org.dvs.api.request.Request;
import org.dvs.api.request.RequestHandler;
import org.dvs.api.request.RequestSpec;
import org.dvs.api.request.RowSink;
import org.dvs.api.request.ValueType;
import org.osgi.service.component.annotations.Component;

/** {@code node clock}: what the clocks of the nodes say. */
@Component
public final class ClockHandler implements RequestHandler {
    private static final RequestSpec SPEC = RequestSpec.named("RQST_NODECLOCK").command("node clock")
            .help("Shows what the clock of each node says at the moment it is asked")
            .column("clock", ValueType.TIME, "of the node's host").build();

    @Override
    public RequestSpec spec() {
        return SPEC;
    }

    @Override
    public int handle(Request request, RowSink rows) throws DvsException {
        rows.row(System.currentTimeMillis());
        return 0;
    }
}
