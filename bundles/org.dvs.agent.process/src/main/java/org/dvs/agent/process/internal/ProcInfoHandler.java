package org.dvs.agent.process.internal;

import java.util.OptionalLong;

import org.dvs.api.DvsException;
import org.dvs.api.request.Parameter;
import org.dvs.api.request.Request;
import org.dvs.api.request.RequestHandler;
import org.dvs.api.request.RequestSpec;
import org.dvs.api.request.RowSink;
import org.dvs.api.request.ValueType;
import org.dvs.kernel.api.Kernel;
import org.dvs.kernel.api.ProcessInfo;
import org.dvs.registry.api.LocalKernel;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/**
 * {@code proc info}: one slot of a DC on a node, free or not; without a number all slots in use, ascending. Source: seed 000;
 * dvsd reference 6; dvs-kernel reference 4.4.
 */
@Component
public final class ProcInfoHandler implements RequestHandler {
    private final LocalKernel kernel;

    @Activate
    public ProcInfoHandler(@Reference LocalKernel kernel) {
        this.kernel = kernel;
    }

    @Override
    public RequestSpec spec() {
        return ProcessRow.columns(RequestSpec.named("RQST_GETPROCINFO").alias("RQST_PROCINFO")
                .command("proc info").help("Shows a slot of a DC as the kernel of the node has it, or all slots in use")
                .parameter(ProcessParameters.DCID)
                .parameter(Parameter.of("p_nr", ValueType.INTEGER, "process number")
                        .range(Integer.MIN_VALUE, Integer.MAX_VALUE).asOperand())).manyRows().build();
    }

    @Override
    public int handle(Request request, RowSink rows) throws DvsException {
        Kernel there = kernel.get();
        int dcid = ProcessParameters.dcid(request);
        OptionalLong number = request.optionalNumber("p_nr");
        if (number.isPresent()) {
            ProcessRow.put(there.process(dcid, Math.toIntExact(number.getAsLong())), rows);
            return 0;
        }
        for (ProcessInfo process : there.processes(dcid)) {
            ProcessRow.put(process, rows);
        }
        return 0;
    }
}
