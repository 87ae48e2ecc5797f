package org.dvs.agent.host.internal;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

import org.dvs.api.DvsException;
import org.dvs.api.Role;
import org.dvs.api.request.Column;
import org.dvs.api.request.Parameter;
import org.dvs.api.request.Request;
import org.dvs.api.request.RequestHandler;
import org.dvs.api.request.RequestSpec;
import org.dvs.api.request.RowSink;
import org.dvs.api.request.ValueType;
import org.dvs.helper.target.Targets;
import org.dvs.helper.target.Targets.Bound;
import org.dvs.kernel.api.DvsParameters;
import org.dvs.procfs.ProcessEntry;
import org.dvs.procfs.ProcessTable;
import org.dvs.procfs.UserNames;
import org.dvs.registry.api.LocalKernel;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** RQST_PS: the processes of this host. Source: dvsd reference 9. */
@Component
public final class PsHandler implements RequestHandler {
    /** 2^32 - 1 is for no user; see setresuid(2). */
    private static final long MAX_UID = 0xFFFF_FFFEL;
    /** A command line may show a secret, so the whole family's role of dvsd reference 9 is kept here. */
    private static final RequestSpec SPEC = RequestSpec.named("RQST_PS").command("host ps")
            .help("Lists the processes of each host")
            .parameter(Parameter.of("uid", ValueType.INTEGER, "only processes of this effective user id").range(0, MAX_UID))
            .parameter(Parameter.of("name", ValueType.TEXT, "only processes of exactly this name").range(1, 64))
            .parameter(Parameter.of("dcid", ValueType.INTEGER, "only processes that are bound to this DC").range(0,
                    DvsParameters.MAX_DCS - 1))
            .column("pid", ValueType.INTEGER, "process id")
            .column("ppid", ValueType.INTEGER, "id of its parent")
            .column(Column.of("tgid", ValueType.INTEGER, "thread group").onlyWide())
            .column(Column.of("uid", ValueType.INTEGER, "effective user id").onlyWide())
            .column("user", ValueType.TEXT, "name of that user, or the id where the host has none")
            .column("state", ValueType.TEXT, "R running, S sleeping, D waiting for I/O, Z ended, T stopped, I idle")
            .column(Column.of("nice", ValueType.INTEGER, "-20 first … 19 last").onlyWide())
            .column(Column.of("threads", ValueType.INTEGER, "number of threads").onlyWide())
            .column("start", ValueType.TIME, "when it started")
            .column("cpu_user", ValueType.DURATION, "processor time used by the program")
            .column("cpu_sys", ValueType.DURATION, "processor time used by the kernel for it")
            .column(Column.of("vsz", ValueType.SIZE, "address space").onlyWide())
            .column("rss", ValueType.SIZE, "memory in use; none for kernel threads")
            .column(Column.of("tty", ValueType.TEXT, "controlling terminal").onlyWide())
            .column("comm", ValueType.TEXT, "name")
            .column("args", ValueType.TEXT, "command line, at most " + ProcessTable.MAX_ARGS + " characters")
            .column(Column.of("dcid", ValueType.INTEGER, "DC it is bound to; -1 for none").onlyWide())
            .column(Column.of("endpoint", ValueType.INTEGER, "endpoint it is bound to, in the first of its DCs").onlyWide())
            .manyRows().role(Role.OPERATOR).build();

    private final Path root;
    private final UserNames users;
    private final Targets targets;

    @Activate
    public PsHandler(@Reference LocalKernel kernel) {
        this(Path.of("/"), kernel::get);
    }

    PsHandler(Path root, Targets.Source kernel) {
        this.root = root;
        this.targets = new Targets(root, kernel);
        this.users = new UserNames(root);
    }

    @Override
    public RequestSpec spec() {
        return SPEC;
    }

    @Override
    public int handle(Request request, RowSink rows) throws DvsException, InterruptedException {
        users.refresh();
        long uid = request.optionalNumber("uid").orElse(-1);
        String name = request.optionalText("name").orElse(null);
        OptionalLong dcid = request.optionalNumber("dcid");
        if (dcid.isPresent()) {
            targets.requireDc((int) dcid.getAsLong());
        }
        Map<Integer, Bound> bound = targets.bound();
        ProcessTable table = new ProcessTable(root, users);
        for (int pid : table.pids()) {
            Bound to = bound.get(pid);
            if (dcid.isEmpty() || to != null && to.dcid() == dcid.getAsLong()) {
                Optional<ProcessEntry> entry = table.read(pid, uid, name);
                if (entry.isPresent()) {
                    put(entry.get(), to, rows);
                }
            }
            if (Thread.interrupted()) {
                throw new InterruptedException("at process " + pid);
            }
        }
        return 0;
    }

    private static void put(ProcessEntry entry, Bound to, RowSink rows) throws DvsException {
        rows.row(entry.pid(), entry.parent(), entry.pid(), known(entry.uid()), entry.user(), String.valueOf(entry.state()),
                entry.nice(), entry.threads(), known(entry.startMs()), entry.userMs(), entry.systemMs(), entry.virtualBytes(),
                known(entry.rssBytes()), entry.tty(), entry.name(), entry.args(),
                to == null ? -1 : to.dcid(), to == null ? null : to.endpoint());
    }

    private static Long known(long value) {
        return value < 0 ? null : value;
    }
}
