package org.dvs.agent.node.internal;

import java.util.BitSet;
import java.util.List;

import org.dvs.api.DvsException;
import org.dvs.api.Ranges;
import org.dvs.api.request.Parameter;
import org.dvs.api.request.Request;
import org.dvs.api.request.RequestHandler;
import org.dvs.api.request.RequestSpec;
import org.dvs.api.request.RowSink;
import org.dvs.api.request.ValueType;
import org.dvs.kernel.api.NodeInfo;
import org.dvs.registry.api.AgreedDcs;
import org.dvs.registry.api.Dcs;
import org.dvs.registry.api.LocalKernel;
import org.dvs.registry.api.NodeIds;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/**
 * {@code node info}: an entry of the table of nodes in the kernel of the node that was asked, each node having its own, and
 * beside it the DCs of which the node is a member as all agree. A free entry gives a row too. Source: seed 000; dvsd reference 4;
 * dvs-kernel reference 4.3.
 */
@Component
public final class NodeInfoHandler implements RequestHandler {
    private final LocalKernel kernel;
    private final Dcs dcs;
    private final NodeIds ids;

    @Activate
    public NodeInfoHandler(@Reference LocalKernel kernel, @Reference Dcs dcs, @Reference NodeIds ids) {
        this.kernel = kernel;
        this.dcs = dcs;
        this.ids = ids;
    }

    @Override
    public RequestSpec spec() {
        return NodeRow.columns(RequestSpec.named("RQST_NODEINFO").alias("RQST_GETNODEINFO")
                .command("node info").help("Shows what the kernel of the node that was asked knows of a node")
                .parameter(NodeParameters.NODE))
                .column("agreed_dcs", ValueType.TEXT, "DCs of which it is a member, as agreed")
                .column("age_ms", ValueType.INTEGER, "of what is agreed: 0, or how old it may be").build();
    }

    @Override
    public int handle(Request request, RowSink rows) throws DvsException, InterruptedException {
        NodeInfo node = kernel.get().node(ids.id(request.text("node")));
        AgreedDcs agreed = dcs.all(request.timeLeft());
        BitSet member = new BitSet();
        agreed.dcs().stream().filter(dc -> dc.nodes().containsKey(node.id())).forEach(dc -> member.set(dc.settings().dcid()));
        rows.row(NodeRow.of(node, Ranges.fold(member), agreed.ageMs()));
        return 0;
    }

    @Override
    public List<String> suggest(Parameter parameter, String typed) {
        return ids.names();
    }
}
