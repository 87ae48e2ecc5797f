package org.dvs.agent.host.internal;

import java.nio.file.Path;

import org.dvs.api.DvsException;
import org.dvs.api.request.Column;
import org.dvs.api.request.Request;
import org.dvs.api.request.RequestHandler;
import org.dvs.api.request.RequestSpec;
import org.dvs.api.request.RowSink;
import org.dvs.api.request.ValueType;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/**
 * RQST_VMSTAT: load of this host. Each row tells of the interval that ended with it and leaves at once. Source: dvsd
 * reference 9.
 */
@Component
public final class VmstatHandler implements RequestHandler {
    private static final RequestSpec SPEC = Intervals.parameters(RequestSpec.named("RQST_VMSTAT").command("host vmstat")
            .help("Shows memory, paging and processor load of each host, one row per interval"))
            .column("ts", ValueType.TIME, "end of the interval")
            .column("r", ValueType.INTEGER, "processes that run or could")
            .column("b", ValueType.INTEGER, "processes that wait for I/O")
            .column("swpd", ValueType.SIZE, "swap space in use")
            .column("free", ValueType.SIZE, "memory nobody uses")
            .column("buff", ValueType.SIZE, "memory of buffers")
            .column("cache", ValueType.SIZE, "memory of the file cache")
            .column(rate("si", "B/s", "swapped in"))
            .column(rate("so", "B/s", "swapped out"))
            .column(rate("bi", "B/s", "read from block devices"))
            .column(rate("bo", "B/s", "written to block devices"))
            .column(rate("in", "1/s", "interrupts"))
            .column(rate("cs", "1/s", "context switches"))
            .column(share("us", "processor time of programs"))
            .column(share("sy", "processor time of the kernel"))
            .column(share("id", "idle processor time"))
            .column(share("wa", "idle while waiting for I/O"))
            .column(share("st", "taken by the hypervisor"))
            .streams().build();

    private final Path root;
    private final Intervals intervals;

    @Activate
    public VmstatHandler() {
        this(Path.of("/"), new Intervals());
    }

    VmstatHandler(Path root, Intervals intervals) {
        this.root = root;
        this.intervals = intervals;
    }

    private static Column rate(String name, String unit, String help) {
        return Column.of(name, ValueType.INTEGER, help).unit(unit);
    }

    private static Column share(String name, String help) {
        return Column.of(name, ValueType.DECIMAL, help).unit("%");
    }

    @Override
    public RequestSpec spec() {
        return SPEC;
    }

    @Override
    public int handle(Request request, RowSink rows) throws DvsException, InterruptedException {
        SystemSample[] before = {SystemSample.read(root)};
        intervals.run(request, (timeMs, elapsed) -> {
            SystemSample now = SystemSample.read(root);
            rows.row(VmstatRow.of(before[0], now, timeMs, elapsed));
            before[0] = now;
            rows.flush();
        });
        return 0;
    }
}
