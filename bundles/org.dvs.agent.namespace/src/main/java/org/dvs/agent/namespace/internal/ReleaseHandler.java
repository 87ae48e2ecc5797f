package org.dvs.agent.namespace.internal;

import org.dvs.api.DvsException;
import org.dvs.api.request.Parameter;
import org.dvs.api.request.Request;
import org.dvs.api.request.RequestHandler;
import org.dvs.api.request.RequestSpec;
import org.dvs.api.request.RowSink;
import org.dvs.api.request.ValueType;
import org.dvs.helper.api.HelperRequest.NamespaceRelease;
import org.dvs.kernel.api.DvsParameters;

/** Takes a DC's namespaces from it; also those of a DC that has ended. What runs in them goes on, except in a PID namespace. */
final class ReleaseHandler implements RequestHandler {
    private static final RequestSpec SPEC = RequestSpec.named("RQST_NSRELEASE").command("ns dc release")
            .help("Takes its namespaces from a DC; what runs in a PID namespace is ended")
            .parameter(Parameter.of("dcid", ValueType.INTEGER, "id of the DC").range(0, DvsParameters.MAX_DCS - 1).mandatory()
            .asOperand())
            .column("released", ValueType.INTEGER, "namespaces it had").destroys().build();

    private final Place place;

    ReleaseHandler(Place place) {
        this.place = place;
    }

    @Override
    public RequestSpec spec() {
        return SPEC;
    }

    @Override
    public int handle(Request request, RowSink rows) throws DvsException, InterruptedException {
        rows.row(place.helper().ask(new NamespaceRelease((int) request.number("dcid"))).number(0));
        return 0;
    }
}
