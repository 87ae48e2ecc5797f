package org.dvs.helper.api;

import java.util.regex.Pattern;

/**
 * The files of control groups that may be written, with what may be written into each: nothing else is. Source: dvsd reference 7;
 * the kernel's cgroup-v1 and cgroup-v2 documents.
 */
public enum GroupFile {
    CPU_MAX("cpu", 2, "cpu.max", "(max|\\d{1,15}) \\d{1,7}"),
    CPU_WEIGHT("cpu", 2, "cpu.weight", "\\d{1,5}"),
    CPUSET_CPUS("cpuset", 2, "cpuset.cpus", "[0-9,-]{0,256}"),
    MEMORY_MAX("memory", 2, "memory.max", "max|\\d{1,18}"),
    MEMORY_HIGH("memory", 2, "memory.high", "max|\\d{1,18}"),
    MEMORY_LOW("memory", 2, "memory.low", "max|\\d{1,18}"),
    MEMORY_SWAP_MAX("memory", 2, "memory.swap.max", "max|\\d{1,18}"),
    IO_MAX("io", 2, "io.max", "\\d{1,4}:\\d{1,7}( (rbps|wbps|riops|wiops)=(max|\\d{1,18})){1,4}"),
    IO_WEIGHT("io", 2, "io.weight", "default \\d{1,5}|\\d{1,4}:\\d{1,7} (default|\\d{1,5})"),

    V1_CPU_QUOTA("cpu", 1, "cpu.cfs_quota_us", "-1|\\d{1,15}"),
    V1_CPU_PERIOD("cpu", 1, "cpu.cfs_period_us", "\\d{1,7}"),
    V1_CPU_SHARES("cpu", 1, "cpu.shares", "\\d{1,6}"),
    V1_CPUSET_CPUS("cpuset", 1, "cpuset.cpus", "[0-9,-]{1,256}"),
    V1_MEMORY_LIMIT("memory", 1, "memory.limit_in_bytes", "-1|\\d{1,18}"),
    V1_MEMORY_SWAP_LIMIT("memory", 1, "memory.memsw.limit_in_bytes", "-1|\\d{1,18}"),
    V1_IO_READ_BYTES("blkio", 1, "blkio.throttle.read_bps_device", "\\d{1,4}:\\d{1,7} \\d{1,18}"),
    V1_IO_WRITE_BYTES("blkio", 1, "blkio.throttle.write_bps_device", "\\d{1,4}:\\d{1,7} \\d{1,18}"),
    V1_IO_READS("blkio", 1, "blkio.throttle.read_iops_device", "\\d{1,4}:\\d{1,7} \\d{1,18}"),
    V1_IO_WRITES("blkio", 1, "blkio.throttle.write_iops_device", "\\d{1,4}:\\d{1,7} \\d{1,18}"),
    V1_IO_WEIGHT("blkio", 1, "blkio.bfq.weight", "\\d{1,4}");

    private final String controller;
    private final int version;
    private final String file;
    private final Pattern value;

    GroupFile(String controller, int version, String file, String value) {
        this.controller = controller;
        this.version = version;
        this.file = file;
        this.value = Pattern.compile(value);
    }

    public String controller() {
        return controller;
    }

    public int version() {
        return version;
    }

    public String file() {
        return file;
    }

    public boolean takes(String text) {
        return value.matcher(text).matches();
    }
}
