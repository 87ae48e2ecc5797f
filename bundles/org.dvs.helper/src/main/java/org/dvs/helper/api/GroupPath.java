package org.dvs.helper.api;

import java.util.List;
import java.util.regex.Pattern;

/**
 * A control group below this node's own subtree: names between slashes, none of which can lead out of it. Source: conventions 12.
 *
 * @param names empty for the subtree's top
 */
public record GroupPath(List<String> names) {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_.-]{1,64}");
    private static final int DEEPEST = 8;

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

    public static GroupPath ofProcess(int pid) {
        return of("pid" + pid);
    }

    @Override
    public String toString() {
        return String.join("/", names);
    }
}
