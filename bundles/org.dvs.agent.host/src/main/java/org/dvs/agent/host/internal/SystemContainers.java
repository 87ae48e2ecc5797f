package org.dvs.agent.host.internal;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.dvs.agent.host.internal.Containers.Container;
import org.dvs.procfs.ControlGroups;
import org.dvs.procfs.ProcFile;
import org.dvs.procfs.ProcessTable;
import org.dvs.procfs.UserNames;

/**
 * Containers of LXC (with LXD and Incus) and systemd-nspawn that run now, as everybody can see them: no program of theirs is
 * asked, for which root would be needed. A container's first process is number 1 of a PID namespace of its own; what it was
 * started by, or its control group, says what it is and how it is called. One that does not run, or shares its host's processes,
 * leaves no trace of that kind. Thread-safe.
 *
 * <p>Source: recorded from LXC 5.0.2, of root and of a user without groups of his own, and systemd-nspawn 252.
 */
final class SystemContainers {
    static final String LXC = "lxc";
    static final String NSPAWN = "nspawn";
    /** Of a command line, which anybody can make megabytes long. */
    private static final int MOST_BYTES = 4096;
    private static final String RUNNING = "running";
    /** LXC's monitor writes this over its command line; folder and name follow. */
    private static final Pattern MONITOR = Pattern.compile("\\[lxc monitor\\] \\S.* (\\S+)");
    private static final Pattern LXC_GROUP = Pattern.compile("(?:(?:^|/)lxc\\.payload[./]|^lxc/)([^/]+)(?:/init\\.scope)?$");
    private static final Pattern NSPAWN_GROUP =
            Pattern.compile("(?:^|/)(?:systemd-nspawn@([^/]+)\\.service|machine-([^/]+)\\.scope)(?=/|$)");
    private static final String NSPAWN_PROGRAM = "systemd-nspawn";
    /** A unit's name writes other characters like this. */
    private static final Pattern ESCAPED = Pattern.compile("\\\\x([0-9a-f]{2})");

    private final Path root;

    /** @param root the machine's root folder, {@code /} except in tests */
    SystemContainers(Path root) {
        this.root = root;
    }

    /** @return those of these kinds, in their order and by process ascending */
    List<Container> of(List<String> engines) {
        ControlGroups groups = ControlGroups.read(root);
        ProcFile file = new ProcFile();
        List<Container> found = new ArrayList<>();
        for (int pid : new ProcessTable(root, new UserNames(root)).pids()) {
            if (file.read(proc(pid, "status")) && isFirst(file)) {
                String group = groups.of("memory").or(groups::unified).flatMap(each -> groups.pathOf(pid, each)).orElse("");
                starter(file, (int) file.number("PPid:", 0)).ifPresent(starter -> engines.forEach(engine ->
                        name(engine, starter, group).ifPresent(name -> found.add(
                                new Container(engine, name, name, null, RUNNING, pid, null, List.of(), group, -1)))));
            }
        }
        found.sort(Comparator.comparing(each -> engines.indexOf(each.engine())));
        return found;
    }

    private String proc(int pid, String name) {
        return root.resolve("proc/" + pid + "/" + name).toString();
    }

    /** The last of at least two ids is 1: it is the first process of a namespace below this one. */
    private static boolean isFirst(ProcFile status) {
        int last = 0;
        while (status.number("NSpid:", last + 1) >= 0) {
            last++;
        }
        return last > 0 && status.number("NSpid:", last) == 1;
    }

    /** @return the words of whoever started it; nothing if that has ended meanwhile */
    private Optional<List<String>> starter(ProcFile file, int parent) {
        if (parent <= 0 || !file.read(proc(parent, "cmdline"))) {
            return Optional.empty();
        }
        String start = new String(file.bytes(), 0, Math.min(file.length(), MOST_BYTES), StandardCharsets.UTF_8);
        return Optional.of(Arrays.asList(start.split("\0", -1)));
    }

    private static Optional<String> name(String engine, List<String> starter, String group) {
        if (engine.equals(LXC)) {
            Matcher monitor = MONITOR.matcher(starter.get(0));
            return monitor.matches() ? Optional.of(monitor.group(1)) : first(LXC_GROUP.matcher(group));
        }
        if (!fileName(starter.get(0)).equals(NSPAWN_PROGRAM)) {
            return Optional.empty();
        }
        return first(NSPAWN_GROUP.matcher(group)).map(SystemContainers::unescaped).or(() -> machine(starter));
    }

    private static Optional<String> first(Matcher matcher) {
        if (!matcher.find()) {
            return Optional.empty();
        }
        String first = matcher.group(1);
        return Optional.of(first == null ? matcher.group(2) : first);
    }

    private static String unescaped(String unit) {
        return ESCAPED.matcher(unit).replaceAll(found -> Matcher.quoteReplacement(
                Character.toString(Integer.parseInt(found.group(1), 16))));
    }

    /** What it is called, or else the folder or image that it was made from, as systemd-nspawn does it. */
    private static Optional<String> machine(List<String> words) {
        return option(words, "-M", "--machine").or(() -> option(words, "-D", "--directory")
                .or(() -> option(words, "-i", "--image"))
                .map(SystemContainers::fileName).map(file -> file.replaceFirst("\\.raw$", "")));
    }

    /** No {@code Path}: what others write there need not be one. */
    private static String fileName(String path) {
        return path.substring(path.lastIndexOf('/') + 1);
    }

    private static Optional<String> option(List<String> words, String letter, String name) {
        for (int i = 1; i < words.size(); i++) {
            String word = words.get(i);
            if (word.startsWith(name + "=")) {
                return Optional.of(word.substring(name.length() + 1));
            }
            if ((word.equals(letter) || word.equals(name)) && i + 1 < words.size()) {
                return Optional.of(words.get(i + 1));
            }
            if (word.startsWith(letter) && !word.startsWith("--") && word.length() > letter.length()) {
                return Optional.of(word.substring(letter.length()));
            }
        }
        return Optional.empty();
    }
}
