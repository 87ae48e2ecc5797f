package org.dvs.agent.dc.internal;

import java.util.Optional;

import org.dvs.api.DvsException;
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
 * {@code dc info}: one DC as all agree on it, and beside it what the kernel of the node that was asked has. A free id gives a row
 * too, with flags 2. Source: seed 000; dvsd reference 4; dvs-kernel reference 4.2.
 */
@Component
public final class DcInfoHandler implements RequestHandler {
    private final Dcs dcs;
    private final LocalKernel kernel;
    private final NodeIds ids;

    @Activate
    public DcInfoHandler(@Reference Dcs dcs, @Reference LocalKernel kernel, @Reference NodeIds ids) {
        this.dcs = dcs;
        this.kernel = kernel;
        this.ids = ids;
    }

    @Override
    public RequestSpec spec() {
        return RequestSpec.named("RQST_GETDCINFO").alias("RQST_DCINFO").command("dc info")
                .help("Shows a DC: what is agreed about it, and what the node that was asked has of it")
                .parameter(DcParameter.DCID)
                .column("dcid", ValueType.INTEGER, "id")
                .column("name", ValueType.TEXT, "unique among running DCs")
                .column("flags", ValueType.INTEGER, "0 running, 2 free")
                .column("nr_procs", ValueType.INTEGER, "endpoints from 0 on")
                .column("nr_tasks", ValueType.INTEGER, "endpoints below 0")
                .column("nr_sysprocs", ValueType.INTEGER, "slots of tasks and servers together")
                .column("nr_nodes", ValueType.INTEGER, "member nodes there may be")
                .column("nodes", ValueType.TEXT, "member nodes, as agreed")
                .column("own_nodes", ValueType.TEXT, "member nodes in this node's kernel; none where it does not run the DC")
                .column("bound", ValueType.INTEGER, "slots in use in this node's kernel")
                .column("pid", ValueType.INTEGER, "process that holds the DC on this node")
                .column("warn2proc", ValueType.INTEGER, "endpoint that is told when a process ends; 27342 for nobody")
                .column("warnmsg", ValueType.INTEGER, "type of that message; -1 if not used")
                .column("generations", ValueType.FLAG, "each bind of a slot gives it a new endpoint")
                .column("created", ValueType.TIME, "when it was made")
                .column("age_ms", ValueType.INTEGER, "0 if this is what is agreed; else how old it may be").build();
    }

    @Override
    public int handle(Request request, RowSink rows) throws DvsException, InterruptedException {
        int dcid = Math.toIntExact(request.number("dcid"));
        Optional<AgreedDc> agreed = dcs.dc(dcid, request.timeLeft());
        if (agreed.isEmpty()) {
            rows.row(dcid, null, DcInfo.FREE, null, null, null, null, null, null, null, null, null, null, null, null, null);
            return 0;
        }
        DcSettings of = agreed.get().settings();
        Optional<DcInfo> own = own(dcid);
        rows.row(dcid, of.name(), DcInfo.RUNNING, of.nrProcs(), of.nrTasks(), of.nrSysprocs(), of.nrNodes(),
                NodeSet.fold(agreed.get().nodes().values()), own.map(dc -> Names.of(dc.nodes(), ids)).orElse(null),
                own.map(DcInfo::bound).orElse(null), own.map(DcInfo::pid).orElse(null), of.warn2proc(), of.warnMessage(),
                of.generations(), agreed.get().createdMs(), agreed.get().ageMs());
        return 0;
    }

    /** Empty also if there is no kernel: what is agreed is shown all the same. */
    private Optional<DcInfo> own(int dcid) {
        try {
            return Optional.of(kernel.get().dc(dcid));
        } catch (DvsException e) {
            return Optional.empty();
        }
    }
}
