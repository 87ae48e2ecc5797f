package org.dvs.agent.node.internal;

import org.dvs.api.DvsException;
import org.dvs.api.request.Request;
import org.dvs.api.request.RequestHandler;
import org.dvs.api.request.RequestSpec;
import org.dvs.registry.api.Dcs;
import org.dvs.registry.api.NodeIds;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** {@code dc node add}. */
@Component(service = RequestHandler.class)
public final class DcNodeAddHandler extends MemberHandler {
    @Activate
    public DcNodeAddHandler(@Reference Dcs dcs, @Reference NodeIds ids) {
        super(RequestSpec.named("RQST_ADDNODE").command("dc node add")
                .help("Makes a node a member of a DC; the DVS must be initialised there").changes(), dcs, ids);
    }

    @Override
    void change(int dcid, int nodeId, Request request) throws DvsException, InterruptedException {
        dcs.addNode(dcid, nodeId, request.id(), request.timeLeft());
    }
}
