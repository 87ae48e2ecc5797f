package org.dvs.agent.dc.internal;

import java.util.OptionalLong;

import org.dvs.api.DvsException;
import org.dvs.api.request.Parameter;
import org.dvs.api.request.Request;
import org.dvs.api.request.RequestHandler;
import org.dvs.api.request.RequestSpec;
import org.dvs.api.request.RowSink;
import org.dvs.api.request.ValueType;
import org.dvs.kernel.api.DcSettings;
import org.dvs.kernel.api.DvsParameters;
import org.dvs.kernel.api.EndpointNumbers;
import org.dvs.registry.api.Dcs;
import org.dvs.registry.api.Dvs;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/**
 * {@code dc init}: initialises a DC on each node asked; the rcode is its id. The first node makes it, the others join it with the
 * same settings. What is not given is as in the DVS. Source: seed 000; dvsd reference 4; dvs-kernel reference 4.2 and 11.
 */
@Component
public final class DcInitHandler implements RequestHandler {
    private final Dvs dvs;
    private final Dcs dcs;

    @Activate
    public DcInitHandler(@Reference Dvs dvs, @Reference Dcs dcs) {
        this.dvs = dvs;
        this.dcs = dcs;
    }

    private static Parameter limit(String name, String help, int min, int max) {
        return Parameter.of(name, ValueType.INTEGER, help).range(min, max);
    }

    @Override
    public RequestSpec spec() {
        return RequestSpec.named("RQST_DCINIT").command("dc init")
                .help("Initialises a DC on the nodes named, which become its members").result("the DC's id")
                .parameter(DcParameter.DCID)
                .parameter(Parameter.of("name", ValueType.TEXT, "unique name, at most 15 characters; DC and the id if not given"))
                .parameter(limit("nr_procs", "endpoints from 0 on; those of the DVS if not given", DvsParameters.MIN_PROCS,
                        DvsParameters.MAX_PROCS))
                .parameter(limit("nr_tasks", "endpoints below 0; those of the DVS if not given", 1, DvsParameters.MAX_TASKS))
                .parameter(limit("nr_sysprocs", "slots of tasks and servers together; those of the DVS if not given", 2,
                        DvsParameters.MAX_TASKS + DvsParameters.MAX_PROCS - 1))
                .parameter(limit("nr_nodes", "member nodes there may be; those of the DVS if not given", 1,
                        DvsParameters.MAX_NODES))
                .parameter(Parameter.of("warn2proc", ValueType.INTEGER, "endpoint that is told when a process of the DC ends")
                        .range(Integer.MIN_VALUE, Integer.MAX_VALUE))
                .parameter(Parameter.of("warnmsg", ValueType.INTEGER, "type of that message")
                        .range(Integer.MIN_VALUE, Integer.MAX_VALUE).byDefault(-1L))
                .parameter(Parameter.of("generations", ValueType.FLAG, "each bind of a slot gives it a new endpoint"))
                .changes().build();
    }

    @Override
    public int handle(Request request, RowSink rows) throws DvsException, InterruptedException {
        DvsParameters limits = dvs.info(request.timeLeft()).parameters();
        int dcid = Math.toIntExact(request.number("dcid"));
        DcSettings settings = new DcSettings(dcid, request.optionalText("name").orElse("DC" + dcid),
                or(request, "nr_procs", limits.nrProcs()), or(request, "nr_tasks", limits.nrTasks()),
                or(request, "nr_sysprocs", limits.nrSysprocs()), or(request, "nr_nodes", limits.nrNodes()),
                or(request, "warn2proc", EndpointNumbers.NONE), or(request, "warnmsg", -1), request.flag("generations"));
        dcs.init(settings, request.id(), request.timeLeft());
        return dcid;
    }

    private static int or(Request request, String name, int otherwise) {
        OptionalLong given = request.optionalNumber(name);
        return given.isPresent() ? Math.toIntExact(given.getAsLong()) : otherwise;
    }
}
