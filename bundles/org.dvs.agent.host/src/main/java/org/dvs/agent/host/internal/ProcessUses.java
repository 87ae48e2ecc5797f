package org.dvs.agent.host.internal;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

import org.dvs.api.DvsException;
import org.dvs.api.request.RowSink;
import org.dvs.procfs.ProcFile;
import org.dvs.procfs.ProcStat;

/**
 * What processes use, interval by interval. Of each process one file is read; the others only of those that used processor
 * time, so that watching costs little where little happens. Used by one thread.
 *
 * <p>Source: dvsd reference 9, PIDSTAT.
 */
final class ProcessUses {
    /** USER_HZ: the kernel scales every tick it shows to user space to this. */
    private static final double TICKS_PER_SECOND = 100;
    private static final double SECOND = 1e9;
    private static final double PERCENT = 100;
    private static final long KIB = 1024;

    private final String proc;
    private final ProcFile file = new ProcFile();
    private final ProcStat stat = new ProcStat();
    private final Map<Integer, ProcessUse> before = new HashMap<>();

    ProcessUses(Path root) {
        this.proc = root.resolve("proc") + "/";
    }

    /** Where counting begins. */
    void begin(int[] pids, long nanos) {
        for (int pid : pids) {
            if (file.read(proc + pid + "/stat") && stat.parse(file.bytes(), file.length())) {
                before.put(pid, read(pid, nanos));
            }
        }
    }

    /**
     * One row for each process.
     *
     * @param all  idle ones, too
     * @param nanos monotonic clock, now
     */
    void tell(int[] pids, boolean all, long timeMs, long nanos, RowSink rows) throws DvsException {
        for (int pid : pids) {
            if (!file.read(proc + pid + "/stat") || !stat.parse(file.bytes(), file.length())) {
                before.remove(pid);
                continue;
            }
            ProcessUse then = before.get(pid);
            if (then == null || then.startTicks() != stat.startTicks()) {
                before.put(pid, read(pid, nanos));
            } else if (all || then.active(stat.userTicks(), stat.systemTicks())) {
                String name = stat.name();
                int processor = stat.processor();
                long virtual = stat.virtualBytes();
                ProcessUse now = read(pid, nanos);
                rows.row(row(pid, name, processor, virtual, timeMs, then, now));
                before.put(pid, now);
            }
        }
    }

    /** Of the process whose stat has just been read. */
    private ProcessUse read(int pid, long nanos) {
        long userTicks = stat.userTicks();
        long systemTicks = stat.systemTicks();
        long start = stat.startTicks();
        long minor = stat.minorFaults();
        long major = stat.majorFaults();
        // Of a file that cannot be read every number is -1.
        file.read(proc + pid + "/schedstat");
        long wait = file.number("", 1);
        file.read(proc + pid + "/io");
        long read = file.number("read_bytes:", 0);
        long written = file.number("write_bytes:", 0);
        file.read(proc + pid + "/status");
        long resident = file.number("VmRSS:", 0);
        return new ProcessUse(nanos, start, userTicks, systemTicks, wait, minor, major, read, written,
                file.number("voluntary_ctxt_switches:", 0), file.number("nonvoluntary_ctxt_switches:", 0),
                resident < 0 ? -1 : resident * KIB);
    }

    private static Object[] row(int pid, String name, int processor, long virtual, long timeMs, ProcessUse then,
            ProcessUse now) {
        double seconds = Math.max(1, now.atNanos() - then.atNanos()) / SECOND;
        double user = (now.userTicks() - then.userTicks()) / TICKS_PER_SECOND / seconds * PERCENT;
        double system = (now.systemTicks() - then.systemTicks()) / TICKS_PER_SECOND / seconds * PERCENT;
        Double wait = rate(then.waitNanos(), now.waitNanos(), seconds);
        return new Object[] {timeMs, pid, tenths(user), tenths(system), wait == null ? null : tenths(wait / SECOND * PERCENT),
            tenths(user + system), processor, rate(then.minorFaults(), now.minorFaults(), seconds),
            rate(then.majorFaults(), now.majorFaults(), seconds), virtual,
            now.resident() < 0 ? null : now.resident(),
            rate(then.readBytes(), now.readBytes(), seconds), rate(then.writtenBytes(), now.writtenBytes(), seconds),
            rate(then.switches(), now.switches(), seconds), rate(then.forcedSwitches(), now.forcedSwitches(), seconds), name};
    }

    private static Double rate(long then, long now, double seconds) {
        return then < 0 || now < then ? null : tenths((now - then) / seconds);
    }

    private static double tenths(double value) {
        return Math.round(value * 10) / 10.0;
    }
}
