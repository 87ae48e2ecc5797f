package org.dvs.agent.node.internal;

import org.dvs.api.DvsException;
import org.dvs.api.request.Request;
import org.dvs.api.request.RequestHandler;
import org.dvs.api.request.RequestSpec;
import org.dvs.api.request.RowSink;
import org.dvs.kernel.api.NodeInfo;
import org.dvs.registry.api.LocalKernel;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** {@code node show}: the table of nodes of a kernel, entries in use. Source: dvs-kernel reference 6. */
@Component
public final class NodeShowHandler implements RequestHandler {
    private final LocalKernel kernel;

    @Activate
    public NodeShowHandler(@Reference LocalKernel kernel) {
        this.kernel = kernel;
    }

    @Override
    public RequestSpec spec() {
        return NodeRow.columns(RequestSpec.named("RQST_NODESHOW").command("node show")
                .help("Shows the nodes that the kernel of the node knows; 'node list' lists those of the cluster"))
                .manyRows().build();
    }

    @Override
    public int handle(Request request, RowSink rows) throws DvsException {
        for (NodeInfo node : kernel.get().nodes()) {
            rows.row(NodeRow.of(node));
        }
        return 0;
    }
}
