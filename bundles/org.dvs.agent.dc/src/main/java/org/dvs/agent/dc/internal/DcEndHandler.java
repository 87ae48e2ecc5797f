package org.dvs.agent.dc.internal;

import org.dvs.api.DvsException;
import org.dvs.api.request.Request;
import org.dvs.api.request.RequestHandler;
import org.dvs.api.request.RequestSpec;
import org.dvs.api.request.RowSink;
import org.dvs.registry.api.Dcs;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** {@code dc end}: ends a DC on all nodes, whichever is asked. Source: seed 000; dvsd reference 4. */
@Component
public final class DcEndHandler implements RequestHandler {
    private final Dcs dcs;

    @Activate
    public DcEndHandler(@Reference Dcs dcs) {
        this.dcs = dcs;
    }

    @Override
    public RequestSpec spec() {
        return RequestSpec.named("RQST_DCEND").command("dc end")
                .help("Ends a DC and all its processes, on all its nodes").parameter(DcParameter.DCID).destroys().build();
    }

    @Override
    public int handle(Request request, RowSink rows) throws DvsException, InterruptedException {
        dcs.end(Math.toIntExact(request.number("dcid")), request.id(), request.timeLeft());
        return 0;
    }
}
