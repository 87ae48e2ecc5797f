package org.dvs.agent.process.internal;

import org.dvs.api.DvsException;
import org.dvs.api.request.Request;
import org.dvs.api.request.RequestHandler;
import org.dvs.api.request.RequestSpec;
import org.dvs.api.request.RowSink;
import org.dvs.api.request.ValueType;
import org.dvs.kernel.api.WaitingProgram;
import org.dvs.registry.api.LocalKernel;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** {@code proc waiting}: programs of a node that wait to be bound. Source: dvs-kernel reference 9.5. */
@Component
public final class WaitingHandler implements RequestHandler {
    private final LocalKernel kernel;

    @Activate
    public WaitingHandler(@Reference LocalKernel kernel) {
        this.kernel = kernel;
    }

    @Override
    public RequestSpec spec() {
        return RequestSpec.named("RQST_WAITING").command("proc waiting")
                .help("Lists the programs of the node that wait for 'proc bind'")
                .column("pid", ValueType.INTEGER, "as the operating system has it; of one process the first is bound first")
                .column("name", ValueType.TEXT, "that it gave itself").manyRows().build();
    }

    @Override
    public int handle(Request request, RowSink rows) throws DvsException {
        for (WaitingProgram each : kernel.get().waiting()) {
            rows.row(each.pid(), each.name());
        }
        return 0;
    }
}
