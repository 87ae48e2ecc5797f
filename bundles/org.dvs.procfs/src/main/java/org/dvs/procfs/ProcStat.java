package org.dvs.procfs;

import java.nio.charset.StandardCharsets;

/**
 * The fields of one {@code /proc/<pid>/stat} that are used here. Filled again for each process; used by one thread.
 *
 * <pre>
 * 4711 (name) S 1 4711 4711 34816 ...
 *      ^ the name may hold blanks, line ends and parentheses: it ends at the LAST closing parenthesis
 * </pre>
 */
public final class ProcStat {
    /** Fields behind the name, state first: enough to reach vsize. Those behind are read where they are there. */
    private static final int FIELDS = 21;
    private static final int PROCESSOR = 36;

    private final long[] fields = new long[PROCESSOR + 1];
    private char state;
    private int nameStart;
    private int nameEnd;
    private byte[] bytes;

    /** @return false if this is not a whole stat line */
    public boolean parse(byte[] from, int length) {
        bytes = from;
        nameStart = 0;
        while (nameStart < length && from[nameStart] != '(') {
            nameStart++;
        }
        nameStart++;
        nameEnd = length - 1;
        while (nameEnd >= nameStart && from[nameEnd] != ')') {
            nameEnd--;
        }
        int at = nameEnd + 2;
        if (nameEnd < nameStart || at >= length) {
            return false;
        }
        state = (char) from[at];
        at += 2;
        fields[PROCESSOR] = -1;
        for (int field = 1; field <= PROCESSOR; field++) {
            boolean negative = at < length && from[at] == '-';
            if (negative) {
                at++;
            }
            int first = at;
            long number = 0;
            while (at < length && from[at] >= '0' && from[at] <= '9') {
                number = number * 10 + from[at] - '0';
                at++;
            }
            if (at == first) {
                return field >= FIELDS;
            }
            fields[field] = negative ? -number : number;
            at++;
        }
        return true;
    }

    /** At most 15 bytes as the kernel keeps it; what is not UTF-8 is replaced. */
    public String name() {
        return new String(bytes, nameStart, nameEnd - nameStart, StandardCharsets.UTF_8);
    }

    public char state() {
        return state;
    }

    public int parent() {
        return (int) fields[1];
    }

    public int session() {
        return (int) fields[3];
    }

    public int terminal() {
        return (int) fields[4];
    }

    public long minorFaults() {
        return fields[7];
    }

    public long majorFaults() {
        return fields[9];
    }

    public long userTicks() {
        return fields[11];
    }

    public long systemTicks() {
        return fields[12];
    }

    public int nice() {
        return (int) fields[16];
    }

    public int threads() {
        return (int) fields[17];
    }

    /** Ticks after the machine's start. */
    public long startTicks() {
        return fields[19];
    }

    public long virtualBytes() {
        return fields[20];
    }

    /** That it ran on last; -1 if the kernel does not show it. */
    public int processor() {
        return (int) fields[PROCESSOR];
    }
}
