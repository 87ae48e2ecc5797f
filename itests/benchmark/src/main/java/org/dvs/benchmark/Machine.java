package org.dvs.benchmark;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;

import com.sun.management.OperatingSystemMXBean;

/** What the figures were measured on. */
final class Machine {
    private Machine() {
    }

    static void print() throws IOException {
        String model = Files.readAllLines(Path.of("/proc/cpuinfo")).stream().filter(line -> line.startsWith("model name"))
                .map(line -> line.replaceFirst(".*: ", "")).findFirst().orElse("unknown processor");
        System.out.println("Machine: " + Runtime.getRuntime().availableProcessors() + " x " + model + ", Linux "
                + Files.readString(Path.of("/proc/sys/kernel/osrelease")).strip() + ", Java " + Runtime.version()
                + ", load before the run " + load());
    }

    /** Of the last minute, as {@code uptime} shows it. */
    static String load() throws IOException {
        return Files.readString(Path.of("/proc/loadavg")).split(" ")[0];
    }

    /** Processor time of this JVM so far, over all its threads. */
    static long processorNanos() {
        return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getProcessCpuTime();
    }
}
