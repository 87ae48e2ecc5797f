package org.dvs.agent.proxy.internal;

import java.util.List;

import org.dvs.api.DvsException;
import org.dvs.api.request.Parameter;
import org.dvs.api.request.Request;
import org.dvs.api.request.RequestHandler;
import org.dvs.api.request.RequestSpec;
import org.dvs.api.request.RowSink;
import org.dvs.api.request.ValueType;
import org.dvs.kernel.api.DvsParameters;
import org.dvs.registry.api.LocalKernel;
import org.dvs.registry.api.NodeIds;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/**
 * {@code proxy bind}: tells a kernel that an endpoint lives on another node, so that programs here can call it. Source: dvsd
 * reference 2.3 (API rmtbind); dvs-kernel reference 9.
 */
@Component
public final class ProxyBindHandler implements RequestHandler {
    private static final int MAX_NUMBER = 65_535;
    private static final Parameter DCID = Parameter.of("dcid", ValueType.INTEGER, "id of the DC").range(0,
            DvsParameters.MAX_DCS - 1)
            .mandatory().asOperand();
    private static final Parameter ENDPOINT = Parameter.of("endpoint", ValueType.INTEGER, "where the program is bound")
            .range(-MAX_NUMBER, Integer.MAX_VALUE).mandatory().asOperand();
    private static final Parameter NODE = Parameter.of("node", ValueType.TEXT, "where the program is, by name or id")
            .matching("[A-Za-z0-9_.-]{1,63}").mandatory().asOperand();
    private static final Parameter NAME = Parameter.of("name", ValueType.TEXT, "for listings").matching("[A-Za-z0-9_.-]{1,15}")
            .byDefault("remote");

    private final LocalKernel kernel;
    private final NodeIds ids;

    @Activate
    public ProxyBindHandler(@Reference LocalKernel kernel, @Reference NodeIds ids) {
        this.kernel = kernel;
        this.ids = ids;
    }

    @Override
    public RequestSpec spec() {
        return RequestSpec.named("RQST_RMTBIND").command("proxy bind").result("the endpoint")
                .help("Tells the kernel of the node that an endpoint of a DC is that of a program on another node")
                .parameter(DCID).parameter(ENDPOINT).parameter(NODE).parameter(NAME).changes().build();
    }

    /** @return the endpoint; 0 for those of tasks, which are below 0 */
    @Override
    public int handle(Request request, RowSink rows) throws DvsException {
        int endpoint = kernel.get().rmtbind(Math.toIntExact(request.number("dcid")), Math.toIntExact(request.number("endpoint")),
                request.text("name"), ids.id(request.text("node")));
        return Math.max(0, endpoint);
    }

    @Override
    public List<String> suggest(Parameter parameter, String typed) {
        return parameter == NODE ? ids.names() : List.of();
    }
}
