package org.dvs.registry.internal.request;

import java.util.HashSet;
import java.util.Locale;
import java.util.Set;

import org.dvs.api.DvsException;
import org.dvs.api.request.Request;
import org.dvs.api.request.RequestHandler;
import org.dvs.api.request.RequestSpec;
import org.dvs.api.request.RowSink;
import org.dvs.api.request.ValueType;
import org.dvs.cluster.api.Cluster;
import org.dvs.cluster.api.Member;
import org.dvs.cluster.api.Standing;
import org.dvs.registry.internal.Expelled;
import org.dvs.registry.internal.RegistryState;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** {@code node list}: every registered node as the node that was asked sees it, and those that were taken out. */
@Component
public final class NodeListHandler implements RequestHandler {
    private final RegistryState registry;

    @Activate
    public NodeListHandler(@Reference RegistryState registry) {
        this.registry = registry;
    }

    @Override
    public RequestSpec spec() {
        return RequestSpec.named("RQST_NODELIST").command("node list")
                .help("Lists the registered nodes and how each stands, and those that were deleted")
                .column("node", ValueType.TEXT, "name")
                .column("id", ValueType.INTEGER, "node id")
                .column("state", ValueType.TEXT, "up or down, as seen from here; removed by node delete")
                .column("role", ValueType.TEXT, "voter counts for the majority, learner does not yet")
                .column("leader", ValueType.FLAG, "leads the agreed log")
                .column("coordinator", ValueType.FLAG, "puts messages in order")
                .column("dvs", ValueType.FLAG, "the DVS is initialised there")
                .column("address", ValueType.TEXT, "where its cluster port listens").manyRows().build();
    }

    @Override
    public int handle(Request request, RowSink rows) throws DvsException {
        Cluster cluster = registry.cluster();
        Set<Integer> initialised = new HashSet<>(registry.table().initialised());
        int coordinator = cluster.view().coordinator();
        for (Standing node : cluster.nodes()) {
            int id = node.member().id();
            rows.row(node.member().name(), (long) id, node.present() ? "up" : "down", node.role().name().toLowerCase(Locale.ROOT),
                    node.leader(), node.present() && id == coordinator, initialised.contains(id),
                    node.address().isEmpty() ? null : node.address());
        }
        for (Member removed : Expelled.all(cluster.state())) {
            rows.row(removed.name(), (long) removed.id(), "removed", null, false, false, false, null);
        }
        return 0;
    }
}
