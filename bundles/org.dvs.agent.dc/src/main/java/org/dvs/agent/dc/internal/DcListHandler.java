package org.dvs.agent.dc.internal;

import org.dvs.api.DvsException;
import org.dvs.api.NodeSet;
import org.dvs.api.request.Request;
import org.dvs.api.request.RequestHandler;
import org.dvs.api.request.RequestSpec;
import org.dvs.api.request.RowSink;
import org.dvs.api.request.ValueType;
import org.dvs.kernel.api.DcSettings;
import org.dvs.registry.api.AgreedDc;
import org.dvs.registry.api.Dcs;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** {@code dc list}: the DCs that all nodes agree on. */
@Component
public final class DcListHandler implements RequestHandler {
    private final Dcs dcs;

    @Activate
    public DcListHandler(@Reference Dcs dcs) {
        this.dcs = dcs;
    }

    @Override
    public RequestSpec spec() {
        return RequestSpec.named("RQST_DCLIST").command("dc list")
                .help("Lists the DCs that all nodes agree on; 'dc show' shows what a node's kernel runs")
                .column("dcid", ValueType.INTEGER, "id")
                .column("name", ValueType.TEXT, "unique")
                .column("nr_procs", ValueType.INTEGER, "endpoints from 0 on")
                .column("nr_tasks", ValueType.INTEGER, "endpoints below 0")
                .column("nr_sysprocs", ValueType.INTEGER, "slots of tasks and servers together")
                .column("nr_nodes", ValueType.INTEGER, "member nodes there may be")
                .column("nodes", ValueType.TEXT, "member nodes")
                .column("created", ValueType.TIME, "when it was made")
                .column("age_ms", ValueType.INTEGER, "0 if this is what is agreed; else how old it may be").manyRows().build();
    }

    @Override
    public int handle(Request request, RowSink rows) throws DvsException, InterruptedException {
        for (AgreedDc dc : dcs.all(request.timeLeft()).dcs()) {
            DcSettings of = dc.settings();
            rows.row(of.dcid(), of.name(), of.nrProcs(), of.nrTasks(), of.nrSysprocs(), of.nrNodes(),
                    NodeSet.fold(dc.nodes().values()), dc.createdMs(), dc.ageMs());
        }
        return 0;
    }
}
