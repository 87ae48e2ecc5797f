package org.dvs.registry.internal.request;

import java.util.List;
import java.util.Locale;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.api.request.Parameter;
import org.dvs.api.request.Request;
import org.dvs.api.request.RequestHandler;
import org.dvs.api.request.RequestSpec;
import org.dvs.api.request.RowSink;
import org.dvs.api.request.ValueType;
import org.dvs.cluster.api.Cluster;
import org.dvs.cluster.api.Member;
import org.dvs.cluster.api.Standing;
import org.dvs.registry.internal.Expelled;
import org.dvs.registry.internal.NodeNames;
import org.dvs.registry.internal.RegistryState;
import org.dvs.registry.internal.Waiting;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/**
 * {@code node add}: lets a node vote that has joined as a learner.
 *
 * <p>An operator may do this, although it changes membership: who may join at all is decided by the authority that issued the
 * node's certificate; here a node that has joined already only begins to count, after it has caught up. Taking a node away
 * ({@link NodeDeleteHandler}) needs an admin.
 *
 * <p>A node that was taken away is not let in again before this lifts its ban. It cannot have joined then, so that is success
 * with a row that says what is left to do: start it, and add it a second time.
 */
@Component
public final class NodeAddHandler implements RequestHandler {
    static final String MAY_JOIN = "none, but may join again: start it, then add it once more";

    private final RegistryState registry;

    @Activate
    public NodeAddHandler(@Reference RegistryState registry) {
        this.registry = registry;
    }

    @Override
    public RequestSpec spec() {
        return RequestSpec.named("RQST_NODEADMIT").command("node add")
                .help("Lets a node vote that has joined the cluster and caught up; lets a deleted node join again")
                .parameter(Parameter.of("node", ValueType.TEXT, "name or id").matching("[A-Za-z0-9_.-]{1,63}").mandatory()
                        .asOperand())
                .column("node", ValueType.TEXT, "name")
                .column("id", ValueType.INTEGER, "node id")
                .column("role", ValueType.TEXT, "its role now").changes().build();
    }

    @Override
    public int handle(Request request, RowSink rows) throws DvsException, InterruptedException {
        Cluster cluster = registry.cluster();
        Member node = NodeNames.findAlsoExpelled(cluster, request.text("node"));
        boolean banned = Expelled.holds(cluster.state(), node.id());
        try {
            Standing standing = Waiting.on(cluster.admit(node.id()), request.timeLeft(), ErrorCode.TIMEDOUT,
                    "adding " + node.name());
            rows.row(standing.member().name(), (long) standing.member().id(), standing.role().name().toLowerCase(Locale.ROOT));
        } catch (DvsException e) {
            // It cannot be in the view before its ban is lifted: that this was done is all that could be.
            if (!banned || e.code() != ErrorCode.BADNODEID || Expelled.holds(cluster.state(), node.id())) {
                throw e;
            }
            rows.row(node.name(), (long) node.id(), MAY_JOIN);
        }
        return 0;
    }

    /** Those in the view that do not vote yet. */
    @Override
    public List<String> suggest(Parameter parameter, String typed) {
        List<Integer> voters = registry.cluster().nodes().stream().filter(node -> node.role() == Standing.Role.VOTER)
                .map(node -> node.member().id()).toList();
        return registry.cluster().view().members().stream().filter(member -> !voters.contains(member.id())).map(Member::name)
                .toList();
    }
}
