package org.dvs.agent.process.internal;

import java.util.List;
import java.util.Optional;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.api.request.Parameter;
import org.dvs.api.request.Request;
import org.dvs.api.request.RequestHandler;
import org.dvs.api.request.RequestSpec;
import org.dvs.api.request.RowSink;
import org.dvs.api.request.ValueType;
import org.dvs.kernel.api.BindKind;
import org.dvs.kernel.api.EndpointNumbers;
import org.dvs.kernel.api.Kernel;
import org.dvs.registry.api.LocalKernel;
import org.dvs.registry.api.NodeIds;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/**
 * {@code proc bind}: binds a program outside the container that waits for it (lclbind, replbind, bkupbind). Source: dvs-kernel
 * reference 9.1 and 9.5.
 */
@Component
public final class LclbindHandler implements RequestHandler {
    private static final String BACKUP = "backup";

    private final LocalKernel kernel;
    private final NodeIds ids;

    @Activate
    public LclbindHandler(@Reference LocalKernel kernel, @Reference NodeIds ids) {
        this.kernel = kernel;
        this.ids = ids;
    }

    @Override
    public RequestSpec spec() {
        return RequestSpec.named("RQST_LCLBIND").command("proc bind")
                .help("Binds a program of the node that waits in wait4bind; 'proc waiting' lists those")
                .parameter(ProcessParameters.DCID).parameter(ProcessParameters.ENDPOINT)
                .parameter(Parameter.of("pid", ValueType.INTEGER, "of the program").range(1, Integer.MAX_VALUE).mandatory())
                .parameter(Parameter.of("kind", ValueType.TEXT, "what it is here").oneOf("local", "replica", BACKUP)
                        .byDefault("local"))
                .parameter(Parameter.of("primary", ValueType.TEXT, "of a backup: name or id of the node where the process lives")
                        .matching("[A-Za-z0-9_.-]{1,63}"))
                .column("endpoint", ValueType.INTEGER, "that it has now, its generation included")
                .column("pid", ValueType.INTEGER, "of the program")
                .column("name", ValueType.TEXT, "that it gave itself")
                .changes().build();
    }

    @Override
    public int handle(Request request, RowSink rows) throws DvsException {
        Kernel there = kernel.get();
        int dcid = ProcessParameters.dcid(request);
        int pid = Math.toIntExact(request.number("pid"));
        BindKind kind = switch (request.text("kind")) {
            case "replica" -> BindKind.REPLICA;
            case BACKUP -> BindKind.BACKUP;
            default -> BindKind.LOCAL;
        };
        int endpoint = there.lclbind(dcid, pid, ProcessParameters.endpoint(request), kind, primary(request, kind));
        int number = there.dc(dcid).settings().numbers().processNumber(endpoint);
        rows.row(endpoint, pid, there.process(dcid, number).name());
        return 0;
    }

    private int primary(Request request, BindKind kind) throws DvsException {
        Optional<String> node = request.optionalText("primary");
        if (node.isPresent() != (kind == BindKind.BACKUP)) {
            throw new DvsException(ErrorCode.INVAL, node.isPresent() ? "primary: only a backup has one"
                    : "primary: a backup needs the node where the process lives");
        }
        return node.isPresent() ? ids.id(node.get()) : EndpointNumbers.LOCALNODE;
    }

    @Override
    public List<String> suggest(Parameter parameter, String typed) {
        return switch (parameter.name()) {
            case "primary" -> ids.names();
            case "pid" -> pids();
            default -> parameter.allowed();
        };
    }

    private List<String> pids() {
        try {
            return kernel.get().waiting().stream().map(each -> Integer.toString(each.pid())).distinct().toList();
        } catch (DvsException e) {
            return List.of();
        }
    }
}
