package org.dvs.procfs;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The mounts that this process sees, in the order in which they were mounted. */
public final class MountTable {
    private static final String NUMBER = "\\d{1,9}";

    private final List<Mount> every;
    private final List<Mount> mounts;

    private MountTable(List<Mount> every, List<Mount> mounts) {
        this.every = every;
        this.mounts = mounts;
    }

    /** @param root the machine's root folder, {@code /} except in tests */
    public static MountTable read(Path root) {
        ProcFile file = new ProcFile();
        file.read(root.resolve("proc/self/mountinfo").toString());
        return parse(file.text());
    }

    /**
     * <pre>
     * 36 35 98:0 /mnt1 /mnt2 rw,noatime master:1 - ext3 /dev/root rw,errors=continue
     *       |    |     |                 |       |  |    source
     *       |    |     target            |       |  type
     *       |    root                    any number of optional fields, then a dash
     *       device
     * </pre>
     * Lines that do not look like this are left out.
     */
    public static MountTable parse(String text) {
        List<Mount> every = new ArrayList<>();
        for (String line : text.split("\n")) {
            int dash = line.indexOf(" - ");
            if (dash < 0) {
                continue;
            }
            String[] before = line.substring(0, dash).split(" ");
            String[] after = line.substring(dash + 3).split(" ", 3);
            if (before.length >= 6 && after.length >= 2 && before[0].matches(NUMBER) && before[1].matches(NUMBER)) {
                every.add(mount(before, after));
            }
        }
        // A later mount on the same target hides the earlier one.
        Map<String, Mount> byTarget = new LinkedHashMap<>();
        for (Mount mount : every) {
            byTarget.remove(mount.target());
            byTarget.put(mount.target(), mount);
        }
        return new MountTable(List.copyOf(every), List.copyOf(byTarget.values()));
    }

    private static Mount mount(String[] before, String[] after) {
        Set<String> options = new LinkedHashSet<>(List.of(before[5].split(",")));
        if (after.length > 2) {
            options.addAll(List.of(after[2].split(",")));
        }
        return new Mount(Integer.parseInt(before[0]), Integer.parseInt(before[1]), before[2], unescape(before[3]),
                unescape(before[4]), unescape(after[0]), unescape(after[1]), unescape(String.join(",", options)),
                propagation(before));
    }

    private static String propagation(String[] fields) {
        Set<String> kinds = new LinkedHashSet<>();
        for (int i = 6; i < fields.length; i++) {
            if (fields[i].startsWith("shared:")) {
                kinds.add("shared");
            } else if (fields[i].startsWith("master:")) {
                kinds.add("slave");
            } else if (fields[i].equals("unbindable")) {
                kinds.add("unbindable");
            }
        }
        return kinds.isEmpty() ? "private" : String.join(",", kinds);
    }

    /** Hidden ones, too. */
    public List<Mount> every() {
        return every;
    }

    /** Without those that a later one hides. */
    public List<Mount> all() {
        return mounts;
    }

    /** Without pseudo file systems, and each device once: where it is mounted whole, else at its shortest target. */
    public List<Mount> real() {
        Map<String, Mount> byDevice = new LinkedHashMap<>();
        for (Mount mount : mounts) {
            if (!mount.pseudo()) {
                byDevice.merge(mount.device(), mount, MountTable::better);
            }
        }
        return new ArrayList<>(byDevice.values());
    }

    /** @param path absolute, without links */
    public Optional<Mount> holding(String path) {
        Mount best = null;
        for (Mount mount : mounts) {
            if (mount.holds(path) && (best == null || mount.target().length() >= best.target().length())) {
                best = mount;
            }
        }
        return Optional.ofNullable(best);
    }

    private static Mount better(Mount one, Mount other) {
        boolean oneWhole = one.root().equals("/");
        if (oneWhole != other.root().equals("/")) {
            return oneWhole ? one : other;
        }
        return other.target().length() < one.target().length() ? other : one;
    }

    /** Blanks, tabs, line ends and backslashes stand as three octal digits behind a backslash. */
    private static String unescape(String field) {
        if (field.indexOf('\\') < 0) {
            return field;
        }
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < field.length(); i++) {
            char each = field.charAt(i);
            if (each == '\\' && i + 3 < field.length() && field.substring(i + 1, i + 4).matches("[0-3][0-7]{2}")) {
                text.append((char) Integer.parseInt(field.substring(i + 1, i + 4), 8));
                i += 3;
            } else {
                text.append(each);
            }
        }
        return text.toString();
    }
}
