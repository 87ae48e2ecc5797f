package org.dvs.procfs;

import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.IntConsumer;

/**
 * Reads the processes of a machine from {@code /proc}: three files each, one read per file. Processes that vanish while
 * they are read are left out. Used by one thread.
 *
 * <p>Source: dvsd reference 9, PS.
 */
public final class ProcessTable {
    /** Longest command line kept. Source: dvsd reference 9. */
    public static final int MAX_ARGS = 256;
    /** USER_HZ: the kernel scales every tick it shows to user space to this. */
    private static final long TICK_MS = 10;
    private static final int UNIX98_FIRST = 136;
    private static final int UNIX98_LAST = 143;

    private final String proc;
    private final UserNames users;
    private final ProcFile file = new ProcFile();
    private final ProcStat stat = new ProcStat();
    /** Read when it is first needed: the machine's own stat is long. */
    private OptionalLong bootMs = OptionalLong.empty();

    /** @param root the machine's root folder, {@code /} except in tests */
    public ProcessTable(Path root, UserNames users) {
        this.proc = root.resolve("proc") + "/";
        this.users = users;
    }

    /** @return -1 if unknown */
    private long bootMs() {
        if (bootMs.isEmpty()) {
            long seconds = file.read(proc + "stat") ? file.number("btime", 0) : -1;
            bootMs = OptionalLong.of(seconds < 0 ? -1 : seconds * 1000);
        }
        return bootMs.getAsLong();
    }

    /** All process ids, ascending. */
    public int[] pids() {
        String[] names = new File(proc).list();
        if (names == null) {
            return new int[0];
        }
        int[] pids = new int[names.length];
        int count = 0;
        for (String name : names) {
            int pid = pidOf(name);
            if (pid > 0) {
                pids[count++] = pid;
            }
        }
        Arrays.sort(pids, 0, count);
        return Arrays.copyOf(pids, count);
    }

    /** Calls with each process of a session; see setsid(2). */
    public void eachOfSession(int session, IntConsumer pid) {
        for (int each : pids()) {
            if (readStat(each) && stat.session() == session && stat.state() != 'Z') {
                pid.accept(each);
            }
        }
    }

    /**
     * @param wantedUid  effective user id, or -1 for any
     * @param wantedName exact name, or null for any
     * @return empty if there is no such process (any more), or it is not wanted
     */
    public Optional<ProcessEntry> read(int pid, long wantedUid, String wantedName) {
        long boot = bootMs();
        if (!readStat(pid)) {
            return Optional.empty();
        }
        String name = stat.name();
        if (wantedName != null && !wantedName.equals(name)) {
            return Optional.empty();
        }
        boolean known = file.read(proc + pid + "/status");
        long uid = known ? file.number("Uid:", 1) : -1;
        long rssKib = known ? file.number("VmRSS:", 0) : -1;
        if (wantedUid >= 0 && uid != wantedUid) {
            return Optional.empty();
        }
        long startMs = boot < 0 ? -1 : boot + stat.startTicks() * TICK_MS;
        return Optional.of(new ProcessEntry(pid, stat.parent(), uid, users.name(uid), stat.state(), stat.nice(), stat.threads(),
                startMs, stat.userTicks() * TICK_MS, stat.systemTicks() * TICK_MS, stat.virtualBytes(),
                rssKib < 0 ? -1 : rssKib * 1024, terminal(stat.terminal()), name, args(pid, name)));
    }

    /** @return null if there is no such process (any more) */
    public String name(int pid) {
        return readStat(pid) ? stat.name() : null;
    }

    /** @return process id of its parent, 0 for none; -1 if there is no such process (any more) */
    public int parent(int pid) {
        return readStat(pid) ? stat.parent() : -1;
    }

    /**
     * Ticks after the machine's start at which the process began: with its id it names one process for ever, as ids are used
     * again.
     *
     * @return -1 if there is no such process (any more), or it has ended and only waits for its parent
     */
    public long startTicks(int pid) {
        return readStat(pid) && stat.state() != 'Z' && stat.state() != 'X' ? stat.startTicks() : -1;
    }

    private boolean readStat(int pid) {
        return file.read(proc + pid + "/stat") && stat.parse(file.bytes(), file.length());
    }

    private String args(int pid, String name) {
        if (!file.read(proc + pid + "/cmdline") || file.length() == 0) {
            return "[" + name + "]";
        }
        byte[] bytes = file.bytes();
        int length = file.length();
        while (length > 0 && (bytes[length - 1] == 0 || bytes[length - 1] == ' ')) {
            length--;
        }
        // Four bytes make one character at the most.
        length = Math.min(length, MAX_ARGS * 4);
        for (int i = 0; i < length; i++) {
            if (bytes[i] == 0) {
                bytes[i] = ' ';
            }
        }
        String args = new String(bytes, 0, length, StandardCharsets.UTF_8);
        if (args.length() <= MAX_ARGS) {
            return args;
        }
        int end = Character.isHighSurrogate(args.charAt(MAX_ARGS - 1)) ? MAX_ARGS - 1 : MAX_ARGS;
        return args.substring(0, end);
    }

    private static String terminal(int number) {
        if (number == 0) {
            return null;
        }
        int major = number >> 8 & 0xfff;
        int minor = number & 0xff | number >> 12 & 0xfff00;
        if (major >= UNIX98_FIRST && major <= UNIX98_LAST) {
            return "pts/" + (minor + ((major - UNIX98_FIRST) << 8));
        }
        if (major == 4) {
            return minor < 64 ? "tty" + minor : "ttyS" + (minor - 64);
        }
        return major + ":" + minor;
    }

    private static int pidOf(String name) {
        int pid = 0;
        for (int i = 0; i < name.length(); i++) {
            char each = name.charAt(i);
            if (each < '0' || each > '9' || pid > 100_000_000) {
                return -1;
            }
            pid = pid * 10 + each - '0';
        }
        return pid;
    }
}
