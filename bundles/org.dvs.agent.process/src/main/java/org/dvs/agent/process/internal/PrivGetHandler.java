package org.dvs.agent.process.internal;

import org.dvs.api.DvsException;
import org.dvs.api.Ranges;
import org.dvs.api.request.Request;
import org.dvs.api.request.RequestHandler;
import org.dvs.api.request.RequestSpec;
import org.dvs.api.request.RowSink;
import org.dvs.api.request.ValueType;
import org.dvs.kernel.api.Call;
import org.dvs.kernel.api.Privileges;
import org.dvs.registry.api.LocalKernel;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** {@code proc priv get}: what a process may do, on the node that was asked. Source: seed 000; dvs-kernel reference 4.5. */
@Component
public final class PrivGetHandler implements RequestHandler {
    private final LocalKernel kernel;

    @Activate
    public PrivGetHandler(@Reference LocalKernel kernel) {
        this.kernel = kernel;
    }

    @Override
    public RequestSpec spec() {
        return RequestSpec.named("RQST_GETPRIV").command("proc priv get")
                .help("Shows the privileges of a process as the kernel of the node has them")
                .parameter(ProcessParameters.DCID).parameter(ProcessParameters.ENDPOINT)
                .column("id", ValueType.INTEGER, "index: the slot of a system process, nr_sysprocs for users")
                .column("level", ValueType.INTEGER, "0 user, 1 server, 2 task, 3 system, 4 kernel, 5 proxy")
                .column("warn", ValueType.INTEGER, "stored, not used by the kernel")
                .column("ipc_to", ValueType.TEXT, "system slots it may address; 0 is the lowest task")
                .column("allowed", ValueType.TEXTS, "calls it may make").build();
    }

    @Override
    public int handle(Request request, RowSink rows) throws DvsException {
        Privileges of = kernel.get().privileges(ProcessParameters.dcid(request), ProcessParameters.endpoint(request));
        rows.row(of.id(), of.level(), of.warn(), Ranges.fold(of.ipcTo()),
                Call.of(of.allowed()).stream().map(Call::word).toList());
        return 0;
    }
}
