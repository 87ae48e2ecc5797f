package org.dvs.agent.host.internal;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.LongSupplier;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.api.Role;
import org.dvs.api.request.Column;
import org.dvs.api.request.Parameter;
import org.dvs.api.request.Request;
import org.dvs.api.request.RequestHandler;
import org.dvs.api.request.RequestSpec;
import org.dvs.api.request.RowSink;
import org.dvs.api.request.ValueType;
import org.dvs.helper.target.Target;
import org.dvs.helper.target.Targets;
import org.dvs.kernel.api.DvsParameters;
import org.dvs.procfs.ProcessTable;
import org.dvs.procfs.UserNames;
import org.dvs.registry.api.LocalKernel;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** RQST_PIDSTAT: what processes of this host use, interval by interval. Source: dvsd reference 9. */
@Component
public final class PidstatHandler implements RequestHandler {
    private static final int MOST_CHARACTERS = 2048;
    private static final RequestSpec SPEC = Intervals.parameters(RequestSpec.named("RQST_PIDSTAT").command("host pidstat")
            .help("Shows what processes of each host use: those named, or all that used processor time; rows of one interval"
                    + " after the other"))
            .parameter(Parameter.of("pids", ValueType.TEXT, "only these process ids, busy or not, between commas")
                    .matching("[1-9]\\d{0,8}(,[1-9]\\d{0,8})*").range(1, MOST_CHARACTERS).asOperand())
            .parameter(Parameter.of("dcid", ValueType.INTEGER, "instead: processes that are bound to this DC, busy or not")
                    .range(0, DvsParameters.MAX_DCS - 1))
            .column("ts", ValueType.TIME, "end of the interval")
            .column("pid", ValueType.INTEGER, "process id")
            .column(share("usr_pct", "processor time of the program"))
            .column(share("sys_pct", "processor time of the kernel for it"))
            .column(share("wait_pct", "ready to run and not running").onlyWide())
            .column(share("cpu_pct", "processor time together; 100 is one processor"))
            .column(Column.of("cpu", ValueType.INTEGER, "processor it ran on last").onlyWide())
            .column(rate("minflt_s", "1/s", "page faults that needed no reading").onlyWide())
            .column(rate("majflt_s", "1/s", "page faults that needed reading"))
            .column(Column.of("vsz", ValueType.SIZE, "address space").onlyWide())
            .column("rss", ValueType.SIZE, "memory in use")
            .column(rate("rd_bytes_s", "B/s", "read from disk; unknown for other users' processes"))
            .column(rate("wr_bytes_s", "B/s", "written to disk"))
            .column(rate("cswch_s", "1/s", "it waited for something").onlyWide())
            .column(rate("nvcswch_s", "1/s", "it was made to wait").onlyWide())
            .column("comm", ValueType.TEXT, "name")
            .streams().role(Role.OPERATOR).build();

    private final Path root;
    private final Targets targets;
    private final Intervals intervals;
    private final LongSupplier nanoTime;

    @Activate
    public PidstatHandler(@Reference LocalKernel kernel) {
        this(Path.of("/"), kernel::get, new Intervals(), System::nanoTime);
    }

    PidstatHandler(Path root, Targets.Source kernel, Intervals intervals, LongSupplier nanoTime) {
        this.root = root;
        this.targets = new Targets(root, kernel);
        this.intervals = intervals;
        this.nanoTime = nanoTime;
    }

    private static Column share(String name, String help) {
        return Column.of(name, ValueType.DECIMAL, help).unit("%");
    }

    private static Column rate(String name, String unit, String help) {
        return Column.of(name, ValueType.DECIMAL, help).unit(unit);
    }

    @Override
    public RequestSpec spec() {
        return SPEC;
    }

    @Override
    public int handle(Request request, RowSink rows) throws DvsException, InterruptedException {
        OptionalLong dcid = request.optionalNumber("dcid");
        if (dcid.isPresent() && request.optionalText("pids").isPresent()) {
            throw new DvsException(ErrorCode.INVAL, "give processes or a DC, not both");
        }
        boolean all = dcid.isEmpty() && request.optionalText("pids").isEmpty();
        int[] named = dcid.isPresent() ? ofDc((int) dcid.getAsLong()) : named(request.optionalText("pids"));
        ProcessTable table = new ProcessTable(root, new UserNames(root));
        ProcessUses uses = new ProcessUses(root);
        for (int pid : named) {
            if (dcid.isEmpty() && table.name(pid) == null) {
                throw new DvsException(ErrorCode.SRCH, "process " + pid);
            }
        }
        uses.begin(all ? table.pids() : named, nanoTime.getAsLong());
        intervals.run(request, (timeMs, elapsed) -> {
            uses.tell(all ? table.pids() : named, !all, timeMs, nanoTime.getAsLong(), rows);
            rows.flush();
        });
        return 0;
    }

    /** Those it has at the beginning. */
    private int[] ofDc(int dcid) throws DvsException {
        return targets.ofDc(dcid).stream().mapToInt(Target::pid).distinct().sorted().toArray();
    }

    private static int[] named(Optional<String> pids) {
        return pids.stream().flatMap(each -> Arrays.stream(each.split(","))).mapToInt(Integer::parseInt)
                .distinct().sorted().toArray();
    }
}
