package org.dvs.agent.dvs.internal;

import org.dvs.api.DvsException;
import org.dvs.api.request.Parameter;
import org.dvs.api.request.Request;
import org.dvs.api.request.RequestHandler;
import org.dvs.api.request.RequestSpec;
import org.dvs.api.request.RowSink;
import org.dvs.api.request.ValueType;
import org.dvs.kernel.api.DvsParameters;
import org.dvs.registry.api.Dvs;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/**
 * {@code dvs init}: initialises the DVS on each node asked; the rcode is that node's id. Where it runs already it answers
 * DVSBUSY, and it never initialises with other parameters than the nodes before. Source: seed 000; dvsd reference 4.
 */
@Component
public final class DvsInitHandler implements RequestHandler {
    private final Dvs dvs;

    @Activate
    public DvsInitHandler(@Reference Dvs dvs) {
        this.dvs = dvs;
    }

    @Override
    public RequestSpec spec() {
        DvsParameters byDefault = DvsParameters.DEFAULT;
        return RequestSpec.named("RQST_DVSINIT").command("dvs init")
                .help("Initialises the DVS on the nodes named").result("the node's id")
                .parameter(Parameter.of("name", ValueType.TEXT, "name of the DVS, at most 15 characters")
                        .byDefault(byDefault.name()))
                .parameter(number("nr_dcs", "DCs there may be", 1, DvsParameters.MAX_DCS, byDefault.nrDcs()))
                .parameter(number("nr_nodes", "nodes there may be", 1, DvsParameters.MAX_NODES, byDefault.nrNodes()))
                .parameter(number("nr_procs", "endpoints from 0 on, in each DC", DvsParameters.MIN_PROCS,
                        DvsParameters.MAX_PROCS, byDefault.nrProcs()))
                .parameter(number("nr_tasks", "endpoints below 0, in each DC", 1, DvsParameters.MAX_TASKS, byDefault.nrTasks()))
                .parameter(number("nr_sysprocs", "slots of tasks and servers together", 2,
                        DvsParameters.MAX_TASKS + DvsParameters.MAX_PROCS - 1, byDefault.nrSysprocs()))
                .parameter(size("max_copybuf", "largest chunk of a copy", DvsParameters.MAX_COPYBUF, byDefault.maxCopybuf()))
                .parameter(size("max_copylen", "largest copy", DvsParameters.MAX_COPYLEN, byDefault.maxCopylen()))
                .parameter(Parameter.of("dbglvl", ValueType.INTEGER, "debug bit mask").range(0, DvsParameters.MAX_DBGLVL)
                        .byDefault(byDefault.dbglvl()))
                .changes().build();
    }

    private static Parameter number(String name, String help, int min, int max, int byDefault) {
        return Parameter.of(name, ValueType.INTEGER, help).range(min, max).byDefault((long) byDefault);
    }

    private static Parameter size(String name, String help, int max, int byDefault) {
        return Parameter.of(name, ValueType.SIZE, help).range(1, max).byDefault((long) byDefault);
    }

    @Override
    public int handle(Request request, RowSink rows) throws DvsException, InterruptedException {
        DvsParameters parameters = new DvsParameters(request.text("name"), number(request, "nr_dcs"), number(request, "nr_nodes"),
                number(request, "nr_procs"), number(request, "nr_tasks"), number(request, "nr_sysprocs"),
                number(request, "max_copybuf"), number(request, "max_copylen"), request.number("dbglvl"));
        return dvs.init(parameters, request.timeLeft());
    }

    private static int number(Request request, String name) {
        return Math.toIntExact(request.number(name));
    }
}
