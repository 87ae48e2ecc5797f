package org.dvs.agent.node.internal;

import java.util.List;

import org.dvs.api.DvsException;
import org.dvs.api.request.Parameter;
import org.dvs.api.request.Request;
import org.dvs.api.request.RequestHandler;
import org.dvs.api.request.RequestSpec;
import org.dvs.api.request.RowSink;
import org.dvs.registry.api.Dcs;
import org.dvs.registry.api.NodeIds;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** {@code dc node delete}: takes a member of a DC away, whichever node is asked. Source: seed 000; dvsd reference 4. */
@Component
public final class DcNodeDeleteHandler implements RequestHandler {
    private final Dcs dcs;
    private final NodeIds ids;

    @Activate
    public DcNodeDeleteHandler(@Reference Dcs dcs, @Reference NodeIds ids) {
        this.dcs = dcs;
        this.ids = ids;
    }

    @Override
    public RequestSpec spec() {
        return RequestSpec.named("RQST_DELNODE").command("dc node delete")
                .help("Takes a node out of a DC: the DC and its processes end there")
                .parameter(NodeParameters.DCID).parameter(NodeParameters.NODE).destroys().build();
    }

    @Override
    public int handle(Request request, RowSink rows) throws DvsException, InterruptedException {
        int nodeId = ids.id(request.text("node"));
        dcs.deleteNode(Math.toIntExact(request.number("dcid")), nodeId, request.id(), request.timeLeft());
        return 0;
    }

    @Override
    public List<String> suggest(Parameter parameter, String typed) {
        return parameter == NodeParameters.NODE ? ids.names() : List.of();
    }
}
