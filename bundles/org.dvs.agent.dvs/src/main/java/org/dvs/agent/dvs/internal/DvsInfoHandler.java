package org.dvs.agent.dvs.internal;

import org.dvs.api.DvsException;
import org.dvs.api.request.Column;
import org.dvs.api.request.Request;
import org.dvs.api.request.RequestHandler;
import org.dvs.api.request.RequestSpec;
import org.dvs.api.request.RowSink;
import org.dvs.api.request.ValueType;
import org.dvs.kernel.api.DvsParameters;
import org.dvs.registry.api.Dvs;
import org.dvs.registry.api.DvsInfo;
import org.dvs.registry.api.LocalKernel;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/**
 * {@code dvs info}: the parameters of the DVS and where it is initialised. With a majority the answer is what is agreed, and
 * its age is 0; on the side of a minority it is what the node knows, and how old that is. Beside it the flags of the node's own
 * kernel. Source: seed 000; dvsd reference 4; dvs-kernel reference 4.1 and 5.4.
 */
@Component
public final class DvsInfoHandler implements RequestHandler {
    /** What the original kernel calls itself. */
    private static final int VERSION = 202202;
    private static final int USERMODE = 0x4;
    private static final int INITIALIZED = 0x100;

    private final Dvs dvs;
    private final LocalKernel kernel;

    @Activate
    public DvsInfoHandler(@Reference Dvs dvs, @Reference LocalKernel kernel) {
        this.dvs = dvs;
        this.kernel = kernel;
    }

    @Override
    public RequestSpec spec() {
        return RequestSpec.named("RQST_DVSINFO").alias("RQST_GETDVSINFO").command("dvs info")
                .help("Shows the parameters of the DVS and the nodes it is initialised on")
                .column("name", ValueType.TEXT, "of the DVS")
                .column("nr_dcs", ValueType.INTEGER, "DCs there may be")
                .column("nr_nodes", ValueType.INTEGER, "nodes there may be")
                .column("nr_procs", ValueType.INTEGER, "endpoints from 0 on, in each DC")
                .column("nr_tasks", ValueType.INTEGER, "endpoints below 0, in each DC")
                .column("nr_sysprocs", ValueType.INTEGER, "slots of tasks and servers together")
                .column("max_copybuf", ValueType.SIZE, "largest chunk of a copy")
                .column("max_copylen", ValueType.SIZE, "largest copy")
                .column("dbglvl", ValueType.INTEGER, "debug bit mask")
                .column("nodes", ValueType.TEXTS, "where it is initialised")
                .column("age_ms", ValueType.INTEGER, "0 if this is what is agreed; else how old it may be")
                .column(Column.of("version", ValueType.INTEGER, "of the interface of the original kernel").onlyWide())
                .column(Column.of("flags", ValueType.TEXT,
                        "of this node's kernel, hexadecimal: 104 initialised, in user mode; 0 not").onlyWide()).build();
    }

    @Override
    public int handle(Request request, RowSink rows) throws DvsException, InterruptedException {
        DvsInfo info = dvs.info(request.timeLeft());
        DvsParameters of = info.parameters();
        rows.row(of.name(), of.nrDcs(), of.nrNodes(), of.nrProcs(), of.nrTasks(), of.nrSysprocs(), (long) of.maxCopybuf(),
                (long) of.maxCopylen(), of.dbglvl(), info.nodes(), info.ageMs(), VERSION, Integer.toHexString(flags()));
        return 0;
    }

    private int flags() {
        try {
            kernel.get().dvs();
            return USERMODE | INITIALIZED;
        } catch (DvsException e) {
            return 0;
        }
    }
}
