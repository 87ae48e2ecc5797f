package org.dvs.registry.internal.request;

import java.util.List;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.api.Role;
import org.dvs.api.request.Parameter;
import org.dvs.api.request.Request;
import org.dvs.api.request.RequestHandler;
import org.dvs.api.request.RequestSpec;
import org.dvs.api.request.RowSink;
import org.dvs.api.request.ValueType;
import org.dvs.cluster.api.Member;
import org.dvs.registry.internal.NodeNames;
import org.dvs.registry.internal.RegistryState;
import org.dvs.registry.internal.Waiting;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** {@code node delete}: takes a node out of the cluster and ends the DVS on it. */
@Component
public final class NodeDeleteHandler implements RequestHandler {
    private final RegistryState registry;

    @Activate
    public NodeDeleteHandler(@Reference RegistryState registry) {
        this.registry = registry;
    }

    @Override
    public RequestSpec spec() {
        return RequestSpec.named("RQST_NODEEXPEL").command("node delete")
                .help("Takes a node out of the cluster: it no longer counts and cannot come back before it is added anew")
                .parameter(Parameter.of("node", ValueType.TEXT, "name or id").matching("[A-Za-z0-9_.-]{1,63}").mandatory()
                        .asOperand()).destroys().role(Role.ADMIN).build();
    }

    @Override
    public int handle(Request request, RowSink rows) throws DvsException, InterruptedException {
        Member node = NodeNames.find(registry.cluster(), request.text("node"));
        Waiting.on(registry.cluster().expel(node.id()), request.timeLeft(), ErrorCode.UNKNOWNOUTCOME, "deleting " + node.name());
        try {
            registry.table().end(node, request.timeLeft());
        } catch (DvsException e) {
            if (e.code() != ErrorCode.DVSINIT) {
                throw new DvsException(e.code(), node.name() + " is out of the cluster, but the DVS could not be ended on it: "
                        + e.getMessage(), e);
            }
        }
        return 0;
    }

    @Override
    public List<String> suggest(Parameter parameter, String typed) {
        return NodeNames.all(registry.cluster()).stream().map(Member::name).toList();
    }
}
