package org.dvs.agent.dc.internal;

import java.util.Map;
import java.util.stream.Collectors;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.api.NodeSet;
import org.dvs.api.request.Request;
import org.dvs.api.request.RequestHandler;
import org.dvs.api.request.RequestSpec;
import org.dvs.api.request.RowSink;
import org.dvs.api.request.ValueType;
import org.dvs.kernel.api.DcInfo;
import org.dvs.kernel.api.DcSettings;
import org.dvs.registry.api.AgreedDc;
import org.dvs.registry.api.Dcs;
import org.dvs.registry.api.LocalKernel;
import org.dvs.registry.api.NodeIds;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/**
 * {@code dc show}: the DCs that a node's kernel runs, as {@code info} of /proc/dvs, and beside it who is a member as all agree.
 * Source: dvs-kernel reference 6.
 */
@Component
public final class DcShowHandler implements RequestHandler {
    private final Dcs dcs;
    private final LocalKernel kernel;
    private final NodeIds ids;

    @Activate
    public DcShowHandler(@Reference Dcs dcs, @Reference LocalKernel kernel, @Reference NodeIds ids) {
        this.dcs = dcs;
        this.kernel = kernel;
        this.ids = ids;
    }

    @Override
    public RequestSpec spec() {
        return RequestSpec.named("RQST_DCSHOW").command("dc show")
                .help("Shows the DCs that the kernel of the node runs; 'dc list' lists those that are agreed")
                .column("dcid", ValueType.INTEGER, "id")
                .column("name", ValueType.TEXT, "unique")
                .column("flags", ValueType.INTEGER, "0 running")
                .column("nr_procs", ValueType.INTEGER, "endpoints from 0 on")
                .column("nr_tasks", ValueType.INTEGER, "endpoints below 0")
                .column("nr_sysprocs", ValueType.INTEGER, "slots of tasks and servers together")
                .column("nr_nodes", ValueType.INTEGER, "member nodes there may be")
                .column("nodes", ValueType.TEXT, "member nodes that this kernel reaches, itself included")
                .column("agreed_nodes", ValueType.TEXT, "member nodes, as agreed; none if that is not known here")
                .column("pid", ValueType.INTEGER, "process that holds the DC on this node")
                .column("warn2proc", ValueType.INTEGER, "endpoint that is told when a process ends; 27342 for nobody")
                .column("warnmsg", ValueType.INTEGER, "type of that message; -1 if not used")
                .column("generations", ValueType.FLAG, "each bind of a slot gives it a new endpoint")
                .column("bound", ValueType.INTEGER, "slots in use").manyRows().build();
    }

    @Override
    public int handle(Request request, RowSink rows) throws DvsException, InterruptedException {
        Map<Integer, AgreedDc> agreed = agreed(request);
        for (DcInfo dc : kernel.get().dcs()) {
            DcSettings of = dc.settings();
            rows.row(of.dcid(), of.name(), dc.flags(), of.nrProcs(), of.nrTasks(), of.nrSysprocs(), of.nrNodes(),
                    Names.of(dc.nodes(), ids), members(agreed.get(of.dcid())), dc.pid(), of.warn2proc(), of.warnMessage(),
                    of.generations(), dc.bound());
        }
        return 0;
    }

    private static String members(AgreedDc agreed) {
        return agreed == null ? null : NodeSet.fold(agreed.nodes().values());
    }

    /** Empty where nothing was heard of it yet: what the kernel runs is shown all the same. */
    private Map<Integer, AgreedDc> agreed(Request request) throws DvsException, InterruptedException {
        try {
            return dcs.all(request.timeLeft()).dcs().stream().collect(Collectors.toMap(dc -> dc.settings().dcid(), dc -> dc));
        } catch (DvsException e) {
            if (e.code() != ErrorCode.NOTREADY) {
                throw e;
            }
            return Map.of();
        }
    }
}
