package org.dvs.metrics.internal;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalDouble;

import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;

import org.dvs.api.metrics.Metric;
import org.dvs.api.metrics.MetricSource;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/** This node's process, as the system sees it. What the system does not tell is left out. */
@Component
public final class ProcessMetrics implements MetricSource {
    private static final Metric START = Metric.gauge("dvs_process_start_time_seconds",
            "When this process started, in seconds since 1970.");
    private static final Metric CPU = Metric.counter("dvs_process_cpu_seconds_total",
            "Processor time that this process has used.");
    private static final Metric RESIDENT = Metric.gauge("dvs_process_resident_bytes", "Memory of this process that is in RAM.");
    private static final Metric FILES = Metric.gauge("dvs_process_open_files", "Files and sockets that are open.");
    private static final Metric FILES_MAX = Metric.gauge("dvs_process_open_files_max", "Files and sockets that may be open.");
    private static final String RSS = "VmRSS:";
    private static final double KIB = 1024;

    private final Path status;

    @Activate
    public ProcessMetrics() {
        this(Path.of("/proc/self/status"));
    }

    ProcessMetrics(Path status) {
        this.status = status;
    }

    @Override
    public List<Metric> metrics() {
        return List.of(START, CPU, RESIDENT, FILES, FILES_MAX);
    }

    @Override
    public void read(Sink sink) {
        sink.put(START, ManagementFactory.getRuntimeMXBean().getStartTime() / 1e3);
        system("ProcessCpuTime").ifPresent(nanos -> sink.put(CPU, nanos / 1e9));
        resident().ifPresent(bytes -> sink.put(RESIDENT, bytes));
        system("OpenFileDescriptorCount").ifPresent(count -> sink.put(FILES, count));
        system("MaxFileDescriptorCount").ifPresent(count -> sink.put(FILES_MAX, count));
    }

    /** By name, since the interface that has these is not one of every Java's. */
    private static OptionalDouble system(String attribute) {
        MBeanServer server = ManagementFactory.getPlatformMBeanServer();
        try {
            Object value = server.getAttribute(new ObjectName(ManagementFactory.OPERATING_SYSTEM_MXBEAN_NAME), attribute);
            return value instanceof Number number && number.doubleValue() >= 0 ? OptionalDouble.of(number.doubleValue())
                    : OptionalDouble.empty();
        } catch (JMException e) {
            return OptionalDouble.empty();
        }
    }

    private OptionalDouble resident() {
        try {
            return Files.readAllLines(status).stream().filter(line -> line.startsWith(RSS))
                    .map(line -> line.substring(RSS.length()).replace("kB", "").strip())
                    .mapToDouble(kib -> Double.parseDouble(kib) * KIB).findFirst();
        } catch (IOException e) {
            return OptionalDouble.empty();
        }
    }
}
