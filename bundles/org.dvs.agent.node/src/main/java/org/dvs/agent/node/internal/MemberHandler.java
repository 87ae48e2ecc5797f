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

/** A change of the members of a DC, whichever node is asked. Source: seed 000; dvsd reference 4. */
abstract class MemberHandler implements RequestHandler {
    private final RequestSpec spec;
    private final NodeIds ids;
    final Dcs dcs;

    /** @param spec without its parameters */
    MemberHandler(RequestSpec.Builder spec, Dcs dcs, NodeIds ids) {
        this.spec = spec.parameter(NodeParameters.DCID).parameter(NodeParameters.NODE).build();
        this.dcs = dcs;
        this.ids = ids;
    }

    @Override
    public final RequestSpec spec() {
        return spec;
    }

    @Override
    public final int handle(Request request, RowSink rows) throws DvsException, InterruptedException {
        int nodeId = ids.id(request.text("node"));
        change(Math.toIntExact(request.number("dcid")), nodeId, request);
        return 0;
    }

    abstract void change(int dcid, int nodeId, Request request) throws DvsException, InterruptedException;

    @Override
    public final List<String> suggest(Parameter parameter, String typed) {
        return parameter == NodeParameters.NODE ? ids.names() : List.of();
    }
}
