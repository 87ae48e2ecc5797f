package org.dvs.agent.dvs.internal;

import org.dvs.api.DvsException;
import org.dvs.api.request.Request;
import org.dvs.api.request.RequestHandler;
import org.dvs.api.request.RequestSpec;
import org.dvs.api.request.RowSink;
import org.dvs.registry.api.Dvs;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/**
 * {@code dvs end}: ends the DVS on each node asked. The node stays a member and can be initialised again. Source: seed 000;
 * dvsd reference 4.
 */
@Component
public final class DvsEndHandler implements RequestHandler {
    private final Dvs dvs;

    @Activate
    public DvsEndHandler(@Reference Dvs dvs) {
        this.dvs = dvs;
    }

    @Override
    public RequestSpec spec() {
        return RequestSpec.named("RQST_DVSEND").command("dvs end")
                .help("Ends the DVS on the nodes named; with the last one its parameters go").destroys().build();
    }

    @Override
    public int handle(Request request, RowSink rows) throws DvsException, InterruptedException {
        dvs.end(request.timeLeft());
        return 0;
    }
}
