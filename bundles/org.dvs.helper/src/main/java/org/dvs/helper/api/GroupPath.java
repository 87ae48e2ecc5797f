package org.dvs.helper.api;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A control group below this node's own subtree: names between slashes, none of which can lead out of it. Source: conventions 12.
 *
 * @param names empty for the subtree's top
 */
public record GroupPath(List<String> names) {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_.-]{1,64}");
    private static final int DEEPEST = 8;
    /** Without limits: where processes go on whose group has gone. */
    public static final GroupPath FREE = of("ended");
    private static final Pattern DC = Pattern.compile("dc(\\d{1,9})");
    private static final Pattern PROCESS = Pattern.compile("pid(\\d{1,9})-(\\d{1,18})");

    /** @throws IllegalArgumentException for a name that is not one, or more than eight of them */
    public GroupPath {
        names = List.copyOf(names);
        if (names.size() > DEEPEST) {
            throw new IllegalArgumentException("a group lies at most " + DEEPEST + " deep");
        }
        for (String name : names) {
            // What starts with a dot leads out of here, or is hidden.
            if (!NAME.matcher(name).matches() || name.startsWith(".") || name.startsWith("-")) {
                throw new IllegalArgumentException("a group's name is letters, digits, '_', '.', '-', at most 64,"
                        + " not beginning with '.' or '-'");
            }
        }
    }

    /** @param text {@code web/workers}; empty for the top. @throws IllegalArgumentException as the constructor */
    public static GroupPath of(String text) {
        return new GroupPath(text.isEmpty() ? List.of() : List.of(text.split("/", -1)));
    }

    public static GroupPath ofDc(int dcid) {
        return of("dc" + dcid);
    }

    public static GroupPath ofEndpoint(int dcid, int endpoint) {
        return of("dc" + dcid + "/ep" + (endpoint < 0 ? "_" + -(long) endpoint : Integer.toString(endpoint)));
    }

    /** @param start tick of its start: who gets the id of an ended process gets nothing of its limits */
    public static GroupPath ofProcess(int pid, long start) {
        return of("pid" + pid + "-" + start);
    }

    /** The process that it was made for, as id and tick of its start; empty unless it is made by {@link #ofProcess}. */
    public Optional<long[]> process() {
        Matcher process = PROCESS.matcher(toString());
        return process.matches() ? Optional.of(new long[] {Long.parseLong(process.group(1)), Long.parseLong(process.group(2))})
                : Optional.empty();
    }

    /** The DC that it goes with, as its own group or below that; empty for others. */
    public OptionalInt dc() {
        Matcher dc = DC.matcher(names.isEmpty() ? "" : names.get(0));
        return dc.matches() ? OptionalInt.of(Integer.parseInt(dc.group(1))) : OptionalInt.empty();
    }

    @Override
    public String toString() {
        return String.join("/", names);
    }
}
