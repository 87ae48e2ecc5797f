package org.dvs.registry.internal.request;

import java.time.Duration;
import java.util.Optional;

import org.dvs.api.DvsException;
import org.dvs.api.request.Request;
import org.dvs.api.request.RequestHandler;
import org.dvs.api.request.RequestSpec;
import org.dvs.api.request.RowSink;
import org.dvs.api.request.ValueType;
import org.dvs.cluster.api.AgreedState;
import org.dvs.cluster.api.Cluster;
import org.dvs.cluster.api.Member;
import org.dvs.cluster.api.Standing;
import org.dvs.cluster.api.View;
import org.dvs.registry.internal.RegistryState;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** {@code cluster info}: the cluster as the node that was asked sees it. */
@Component
public final class ClusterInfoHandler implements RequestHandler {
    private final RegistryState registry;

    @Activate
    public ClusterInfoHandler(@Reference RegistryState registry) {
        this.registry = registry;
    }

    @Override
    public RequestSpec spec() {
        return RequestSpec.named("RQST_CLUSTERINFO").command("cluster info")
                .help("Shows the view, who coordinates and leads, and how old the agreed state is here")
                .column("view", ValueType.INTEGER, "id; grows with every change")
                .column("members", ValueType.TEXTS, "nodes in the view")
                .column("registered", ValueType.INTEGER, "nodes registered")
                .column("coordinator", ValueType.TEXT, "puts messages in order")
                .column("leader", ValueType.TEXT, "leads the agreed log")
                .column("primary", ValueType.FLAG, "the view holds a majority, so changes can be agreed")
                .column("age", ValueType.DURATION, "of the agreed state here; nothing if this node has not heard of it yet")
                .column("events", ValueType.INTEGER, "membership events since the start")
                .column("failures", ValueType.INTEGER, "scripts of events that failed, ran out of time or were skipped").build();
    }

    @Override
    public int handle(Request request, RowSink rows) throws DvsException {
        Cluster cluster = registry.cluster();
        View view = cluster.view();
        Optional<Member> leader = cluster.nodes().stream().filter(Standing::leader).map(Standing::member).findFirst();
        Duration age = cluster.state().age();
        rows.row(view.id(), view.members().stream().map(Member::name).toList(), (long) cluster.nodes().size(),
                view.member(view.coordinator()).map(Member::name).orElse(null), leader.map(Member::name).orElse(null),
                view.primary(), age.equals(AgreedState.NEVER) ? null : age.toMillis(),
                registry.eventCount(), registry.scriptFailures());
        return 0;
    }
}
