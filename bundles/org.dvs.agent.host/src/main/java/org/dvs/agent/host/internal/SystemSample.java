package org.dvs.agent.host.internal;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;

import org.dvs.procfs.ProcFile;

/**
 * The counters of a machine at one moment; two of them make one row of RQST_VMSTAT. A counter the kernel does not show is -1.
 *
 * @param ticks  user, nice, system, idle, iowait, irq, softirq, steal since the start
 * @param swapIn swap and paging counters in bytes since the start
 */
record SystemSample(long[] ticks, long interrupts, long switches, long running, long blocked, long swapUsed, long free,
        long buffers,
                    long cache, long swapIn, long swapOut, long blockIn, long blockOut) {
    private static final int TICKS = 8;
    private static final long KIB = 1024;
    private static final int DEFAULT_PAGE = 4096;
    private static final long AT_PAGESZ = 6;

    /** @param root the machine's root folder, {@code /} except in tests */
    static SystemSample read(Path root) {
        String proc = root.resolve("proc") + "/";
        ProcFile file = new ProcFile();
        file.read(proc + "self/auxv");
        long page = pageSize(file.bytes(), file.length());
        file.read(proc + "stat");
        long[] ticks = new long[TICKS];
        for (int i = 0; i < TICKS; i++) {
            ticks[i] = Math.max(0, file.number("cpu ", i));
        }
        long interrupts = file.number("intr", 0);
        long switches = file.number("ctxt", 0);
        long running = file.number("procs_running", 0);
        long blocked = file.number("procs_blocked", 0);
        file.read(proc + "meminfo");
        long swapUsed = times(file.number("SwapTotal:", 0) - Math.max(0, file.number("SwapFree:", 0)), KIB);
        long free = times(file.number("MemFree:", 0), KIB);
        long buffers = times(file.number("Buffers:", 0), KIB);
        long cache = times(file.number("Cached:", 0) + Math.max(0, file.number("SReclaimable:", 0)), KIB);
        file.read(proc + "vmstat");
        return new SystemSample(ticks, interrupts, switches, running, blocked, swapUsed, free, buffers, cache,
                times(file.number("pswpin", 0), page), times(file.number("pswpout", 0), page),
                times(file.number("pgpgin", 0), KIB), times(file.number("pgpgout", 0), KIB));
    }

    /** From the auxiliary vector: pairs of a key and a value, 64 bits each. */
    private static long pageSize(byte[] auxv, int length) {
        ByteBuffer pairs = ByteBuffer.wrap(auxv, 0, length).order(ByteOrder.nativeOrder());
        while (pairs.remaining() >= 16) {
            long key = pairs.getLong();
            long value = pairs.getLong();
            if (key == AT_PAGESZ && value > 0) {
                return value;
            }
        }
        return DEFAULT_PAGE;
    }

    private static long times(long value, long unit) {
        return value < 0 ? -1 : value * unit;
    }
}
