package org.dvs.agent.host.internal;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.api.request.Parameter;
import org.dvs.api.request.Request;
import org.dvs.api.request.RequestHandler;
import org.dvs.api.request.RequestSpec;
import org.dvs.api.request.RowSink;
import org.dvs.api.request.ValueType;
import org.dvs.helper.api.Helper;
import org.dvs.helper.api.Signal;
import org.dvs.helper.target.Target;
import org.dvs.helper.target.Targets;
import org.dvs.kernel.api.DvsParameters;
import org.dvs.procfs.ProcessTable;
import org.dvs.procfs.UserNames;
import org.dvs.registry.api.LocalKernel;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/**
 * RQST_KILL: sends a signal to one process of this host, to one endpoint's, or to all of a DC, and tells what became of them.
 * Source:
 * dvsd reference 9.
 */
@Component
public final class KillHandler implements RequestHandler {
    private static final long WAIT_MS = 1_000;
    private static final long LONGEST_WAIT_MS = 60_000;
    /** How far the start that a list showed may be off: the machine's clock may have been set since. */
    private static final long START_SLACK_MS = 1_500;
    private static final RequestSpec SPEC = RequestSpec.named("RQST_KILL").command("host kill")
            .help("Sends a signal to a process, or to those of a DC, and says which of them ended")
            .parameter(Parameter.of("pid", ValueType.INTEGER, "process id").range(1, Integer.MAX_VALUE).asOperand())
            .parameter(Parameter.of("start", ValueType.TIME,
            "when that process started, as host ps -o json shows it: if another one has its"
                    + " id by now, nothing is done"))
            .parameter(Parameter.of("dcid", ValueType.INTEGER, "instead: all processes of this DC on the node")
                    .range(0, DvsParameters.MAX_DCS - 1))
            .parameter(Parameter.of("endpoint", ValueType.INTEGER, "only that endpoint of the DC")
                    .range(Integer.MIN_VALUE, Integer.MAX_VALUE))
            .parameter(Parameter.of("signal", ValueType.TEXT, "name or number").range(1, 12).byDefault("TERM"))
            .parameter(Parameter.of("wait", ValueType.DURATION, "how long to look whether they end").range(0, LONGEST_WAIT_MS)
                    .byDefault(WAIT_MS))
            .parameter(Parameter.of("force", ValueType.FLAG, "KILL what has not ended after that"))
            .column("pid", ValueType.INTEGER, "process id")
            .column("rcode", ValueType.INTEGER, "0, or the negative code of what the system refused")
            .column("state", ValueType.TEXT,
            "ended; killed, after it had not; running: it ignores the signal; sent: nobody looked; refused")
            .oneOf("pid", "dcid").manyRows().destroys().build();

    private final Targets targets;
    private final Killing killing;
    private final Path root;

    @Activate
    public KillHandler(@Reference LocalKernel kernel, @Reference Helper helper) {
        this(Path.of("/"), kernel::get, helper);
    }

    KillHandler(Path root, Targets.Source kernel, Helper helper) {
        this.root = root;
        this.targets = new Targets(root, kernel);
        this.killing = new Killing(root, helper);
    }

    @Override
    public RequestSpec spec() {
        return SPEC;
    }

    @Override
    public List<String> suggest(Parameter parameter, String typed) {
        return parameter.name().equals("signal") ? List.of("TERM", "KILL", "HUP", "INT", "STOP", "CONT", "USR1", "USR2")
                : parameter.allowed();
    }

    @Override
    public int handle(Request request, RowSink rows) throws DvsException, InterruptedException {
        Signal signal = Signal.of(request.text("signal")).orElseThrow(
                () -> new DvsException(ErrorCode.BADVALUE, "signal: there is no " + Shown.of(request.text("signal"))));
        List<Target> meant = meant(request);
        List<Killing.Fate> fates = new ArrayList<>();
        for (Target target : meant) {
            fates.add(killing.begin(target, signal));
        }
        killing.watch(fates, signal, Math.min(request.number("wait"), Math.max(0, request.timeLeft().toMillis() / 2)),
                request.flag("force"));
        Optional<DvsException> refused = fates.stream().map(Killing.Fate::refused).filter(each -> each != null).findFirst();
        if (request.optionalNumber("pid").isPresent() && refused.isPresent()) {
            throw refused.get();
        }
        for (Killing.Fate fate : fates) {
            rows.row(fate.target().pid(), fate.refused() == null ? 0 : fate.refused().code().rcode(), fate.state());
        }
        return 0;
    }

    private List<Target> meant(Request request) throws DvsException {
        OptionalLong pid = request.optionalNumber("pid");
        OptionalLong dcid = request.optionalNumber("dcid");
        OptionalLong endpoint = request.optionalNumber("endpoint");
        OptionalLong start = request.optionalNumber("start");
        if (pid.isPresent() == dcid.isPresent() || endpoint.isPresent() && dcid.isEmpty() || start.isPresent() && pid.isEmpty()) {
            throw new DvsException(ErrorCode.INVAL,
                    "give either a process id, with its start or not, or a DC, with an endpoint or not");
        }
        if (dcid.isPresent()) {
            int dc = (int) dcid.getAsLong();
            return endpoint.isPresent() ? List.of(targets.ofEndpoint(dc, (int) endpoint.getAsLong())) : targets.ofDc(dc);
        }
        Target target = targets.ofProcess((int) pid.getAsLong());
        if (start.isPresent()) {
            long shown = new ProcessTable(root, new UserNames(root)).read(target.pid(), -1, null)
                    .orElseThrow(() -> new DvsException(ErrorCode.SRCH, "process " + target.pid())).startMs();
            if (Math.abs(shown - start.getAsLong()) > START_SLACK_MS) {
                throw new DvsException(ErrorCode.SRCH, "process " + target.pid() + " ended; another has its id now");
            }
        }
        return List.of(target);
    }
}
