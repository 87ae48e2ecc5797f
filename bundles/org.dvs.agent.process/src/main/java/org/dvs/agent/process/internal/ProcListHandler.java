package org.dvs.agent.process.internal;

import java.util.OptionalLong;

import org.dvs.api.DvsException;
import org.dvs.api.request.Parameter;
import org.dvs.api.request.Request;
import org.dvs.api.request.RequestHandler;
import org.dvs.api.request.RequestSpec;
import org.dvs.api.request.RowSink;
import org.dvs.api.request.ValueType;
import org.dvs.kernel.api.DcInfo;
import org.dvs.kernel.api.DvsParameters;
import org.dvs.kernel.api.Kernel;
import org.dvs.kernel.api.ProcessInfo;
import org.dvs.registry.api.LocalKernel;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** {@code proc list}: the slots in use on a node, as {@code procs} in /proc/dvs. Source: dvs-kernel reference 6. */
@Component
public final class ProcListHandler implements RequestHandler {
    private final LocalKernel kernel;

    @Activate
    public ProcListHandler(@Reference LocalKernel kernel) {
        this.kernel = kernel;
    }

    @Override
    public RequestSpec spec() {
        return ProcessRow.columns(RequestSpec.named("RQST_PROCLIST").command("proc list")
                .help("Lists the processes that the kernel of the node knows, its own and those of other nodes")
                .parameter(Parameter.of("dcid", ValueType.INTEGER, "id of the DC; all DCs that run there if not given")
                        .range(0, DvsParameters.MAX_DCS - 1).asOperand())).manyRows().build();
    }

    @Override
    public int handle(Request request, RowSink rows) throws DvsException {
        Kernel there = kernel.get();
        OptionalLong dcid = request.optionalNumber("dcid");
        if (dcid.isPresent()) {
            list(there, Math.toIntExact(dcid.getAsLong()), rows);
            return 0;
        }
        for (DcInfo dc : there.dcs()) {
            list(there, dc.settings().dcid(), rows);
        }
        return 0;
    }

    private static void list(Kernel kernel, int dcid, RowSink rows) throws DvsException {
        for (ProcessInfo process : kernel.processes(dcid)) {
            ProcessRow.put(process, rows);
        }
    }
}
