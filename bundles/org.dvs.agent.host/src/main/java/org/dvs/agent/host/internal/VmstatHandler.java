package org.dvs.agent.host.internal;

import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.api.Units;
import org.dvs.api.request.Column;
import org.dvs.api.request.Parameter;
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
    private static final RequestSpec SPEC = RequestSpec.named("RQST_VMSTAT").command("host vmstat")
            .help("Shows memory, paging and processor load of each host, one row per interval")
            .parameter(Parameter.of("interval", ValueType.DURATION, "time that one row tells of").range(100, 60_000).byDefault(1_000L))
            .parameter(Parameter.of("count", ValueType.INTEGER, "number of rows").range(1, 60).byDefault(1L))
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
            .manyRows().build();

    /** Waits; the way time enters. */
    @FunctionalInterface
    interface Pause {
        void millis(long millis) throws InterruptedException;
    }

    private final Path root;
    private final Pause pause;
    private final LongSupplier nanoTime;
    private final LongSupplier timeMs;

    @Activate
    public VmstatHandler() {
        this(Path.of("/"), millis -> new CountDownLatch(1).await(millis, TimeUnit.MILLISECONDS), System::nanoTime,
                System::currentTimeMillis);
    }

    VmstatHandler(Path root, Pause pause, LongSupplier nanoTime, LongSupplier timeMs) {
        this.root = root;
        this.pause = pause;
        this.nanoTime = nanoTime;
        this.timeMs = timeMs;
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
        long interval = request.number("interval");
        long count = request.number("count");
        Duration left = request.timeLeft();
        if (left.compareTo(Duration.ofMillis(interval * count)) < 0) {
            throw new DvsException(ErrorCode.INVAL, count + " rows of " + Units.durationText(interval) + " take "
                    + Units.durationText(interval * count) + ", but the deadline is in "
                    + Units.durationText(Math.max(0, left.toMillis())) + "; allow more with --timeout");
        }
        SystemSample before = SystemSample.read(root);
        long beforeNanos = nanoTime.getAsLong();
        for (long row = 0; row < count; row++) {
            pause.millis(interval);
            SystemSample now = SystemSample.read(root);
            long nanos = nanoTime.getAsLong();
            rows.row(VmstatRow.of(before, now, timeMs.getAsLong(), nanos - beforeNanos));
            before = now;
            beforeNanos = nanos;
        }
        return 0;
    }
}
