package org.dvs.monitor.internal.request;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryUsage;
import java.lang.management.OperatingSystemMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

import org.dvs.api.request.Column;
import org.dvs.api.request.Request;
import org.dvs.api.request.RequestHandler;
import org.dvs.api.request.RequestSpec;
import org.dvs.api.request.RowSink;
import org.dvs.api.request.ValueType;
import org.dvs.api.DvsException;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/** {@code node load}: what a node and its host have to do, in one row and at once, for overviews. */
@Component
public final class NodeLoadHandler implements RequestHandler {
    private static final RequestSpec SPEC = RequestSpec.named("RQST_NODELOAD").command("node load")
            .help("Shows load and memory of each node and its host, and what runs there")
            .column("load", ValueType.DECIMAL, "processes that ran or could, on average of the last minute")
            .column("processors", ValueType.INTEGER, "of the host")
            .column("memory", ValueType.SIZE, "of the host")
            .column("available", ValueType.SIZE, "memory of the host that programs could get")
            .column("heap", ValueType.SIZE, "used by the node")
            .column(Column.of("heap_max", ValueType.SIZE, "most that the node may use").onlyWide())
            .column("up", ValueType.DURATION, "since the node was started")
            .column("version", ValueType.TEXT, "of DVS")
            .column(Column.of("java", ValueType.TEXT, "version of Java").onlyWide())
            .column(Column.of("bundles", ValueType.INTEGER, "installed").onlyWide())
            .column("faulty", ValueType.INTEGER, "bundles that should run and do not").build();

    private final BundleContext context;
    private final Path meminfo;

    @Activate
    public NodeLoadHandler(BundleContext context) {
        this(context, Path.of("/proc/meminfo"));
    }

    NodeLoadHandler(BundleContext context, Path meminfo) {
        this.context = context;
        this.meminfo = meminfo;
    }

    @Override
    public RequestSpec spec() {
        return SPEC;
    }

    @Override
    public int handle(Request request, RowSink rows) throws DvsException {
        OperatingSystemMXBean system = ManagementFactory.getOperatingSystemMXBean();
        MemoryUsage heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage();
        double load = system.getSystemLoadAverage();
        List<String> lines = lines();
        Bundle[] bundles = context.getBundles();
        rows.row(load < 0 ? null : load, (long) system.getAvailableProcessors(), size(lines, "MemTotal:"), size(lines,
                "MemAvailable:"),
                heap.getUsed(), heap.getMax(), ManagementFactory.getRuntimeMXBean().getUptime(),
                context.getBundle().getVersion().toString(), Runtime.version().toString(), (long) bundles.length,
                Arrays.stream(bundles).filter(Bundles::faulty).count());
        return 0;
    }

    private List<String> lines() {
        try {
            return Files.readAllLines(meminfo);
        } catch (IOException e) {
            // Not Linux, or hidden: then it is not known.
            return List.of();
        }
    }

    /** Bytes; null if it is not told. */
    private static Long size(List<String> lines, String name) {
        return lines.stream().filter(line -> line.startsWith(name)).map(line -> line.replaceAll("\\D", ""))
                .filter(digits -> !digits.isEmpty()).findFirst().map(digits -> Long.parseLong(digits) * 1024).orElse(null);
    }
}
