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

/** {@code dc node delete}. */
@Component(service = RequestHandler.class)
public final class DcNodeDeleteHandler extends MemberHandler {
    @Activate
    public DcNodeDeleteHandler(@Reference Dcs dcs, @Reference NodeIds ids) {
        super(RequestSpec.named("RQST_DELNODE").command("dc node delete")
                .help("Takes a node out of a DC: the DC and its processes end there").destroys(), dcs, ids);
    }

    @Override
    void change(int dcid, int nodeId, Request request) throws DvsException, InterruptedException {
        dcs.deleteNode(dcid, nodeId, request.id(), request.timeLeft());
    }
}
