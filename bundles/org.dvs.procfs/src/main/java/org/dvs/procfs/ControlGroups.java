package org.dvs.procfs;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Where each controller of control groups is on this machine: version 1, version 2 or nowhere, for each controller by itself,
 * as a
 * hybrid machine has some here and some there. Immutable; read once and kept.
 *
 * <p>Source: dvsd reference 7; conventions 12.
 */
public final class ControlGroups {
    /** Stands for the tree of version 2 where a controller is asked for: its groups are there without any, too. */
    public static final String UNIFIED = "unified";
    /** The controller of version 1 that tells traffic apart. */
    public static final String NET_CLASS = "net_cls";

    /** Words among the options of a mount of version 1 that name no controller. */
    private static final Set<String> V1_OTHER = Set.of("rw", "ro", "noexec", "nosuid", "nodev", "relatime", "noatime", "xattr",
            "clone_children", "none", "seclabel", "noprefix", "all");

    /**
     * One mounted tree of groups.
     *
     * @param version     1 or 2
     * @param folder      where it is mounted, below the machine's root
     * @param mounted     the group that is mounted there, {@code /} except in containers
     * @param controllers that are found there
     */
    public record Hierarchy(int version, Path folder, String mounted, List<String> controllers) {
    }

    private final Path root;
    private final List<Hierarchy> hierarchies;

    private ControlGroups(Path root, List<Hierarchy> hierarchies) {
        this.root = root;
        this.hierarchies = List.copyOf(hierarchies);
    }

    /** @param root the machine's root folder, {@code /} except in tests */
    public static ControlGroups read(Path root) {
        List<Hierarchy> found = new ArrayList<>();
        Set<String> seen = new LinkedHashSet<>();
        ProcFile file = new ProcFile();
        for (Mount mount : MountTable.read(root).all()) {
            Path folder = root.resolve(mount.target().substring(1));
            List<String> controllers;
            if (mount.type().equals("cgroup2")) {
                controllers = file.read(folder.resolve("cgroup.controllers").toString()) ? words(file.text()) : List.of();
            } else if (mount.type().equals("cgroup")) {
                controllers = Arrays.stream(mount.options().split(",")).filter(word -> !word.contains("="))
                        .filter(word -> !V1_OTHER.contains(word)).toList();
            } else {
                continue;
            }
            // A controller is bound once; the second mount of a tree shows the same groups.
            List<String> first = controllers.stream().filter(seen::add).toList();
            int version = mount.type().equals("cgroup2") ? 2 : 1;
            if (version == 2 && found.stream().noneMatch(each -> each.version() == 2) || !first.isEmpty()) {
                found.add(new Hierarchy(version, folder, mount.root(), first));
            }
        }
        return new ControlGroups(root, found);
    }

    private static List<String> words(String text) {
        return Arrays.stream(text.trim().split("\\s+")).filter(word -> !word.isEmpty()).toList();
    }

    /** Mounted trees, those without controllers too. */
    public List<Hierarchy> all() {
        return hierarchies;
    }

    /** @return empty if the kernel has no such controller, or it is mounted nowhere */
    public Optional<Hierarchy> of(String controller) {
        return controller.equals(UNIFIED) ? unified()
                : hierarchies.stream().filter(each -> each.controllers().contains(controller)).findFirst();
    }

    /** What stands for the tree by whose groups network traffic is told apart; empty if there is none. */
    public Optional<String> ofTraffic() {
        return List.of(UNIFIED, NET_CLASS).stream().filter(each -> of(each).isPresent()).findFirst();
    }

    public Optional<Hierarchy> unified() {
        return hierarchies.stream().filter(each -> each.version() == 2).findFirst();
    }

    /**
     * @return the group of a process in a tree, relative to where the tree is mounted, empty for its top; nothing if there is
     * no such
     *         process or its group cannot be seen from here
     */
    public Optional<String> pathOf(int pid, Hierarchy hierarchy) {
        ProcFile file = new ProcFile();
        if (!file.read(root.resolve("proc/" + pid + "/cgroup").toString())) {
            return Optional.empty();
        }
        for (String line : file.text().split("\n")) {
            String[] fields = line.split(":", 3);
            if (fields.length == 3 && belongs(fields, hierarchy)) {
                return below(hierarchy.mounted(), fields[2]);
            }
        }
        return Optional.empty();
    }

    private static boolean belongs(String[] fields, Hierarchy hierarchy) {
        return hierarchy.version() == 2 ? fields[0].equals("0") && fields[1].isEmpty()
                : !hierarchy.controllers().isEmpty() && List.of(fields[1].split(",")).contains(hierarchy.controllers().get(0));
    }

    private static Optional<String> below(String mounted, String path) {
        String base = mounted.equals("/") ? "" : mounted;
        if (!path.equals(base) && !path.startsWith(base + "/") || path.contains("/..")) {
            return Optional.empty();
        }
        String rest = path.substring(base.length());
        return Optional.of(rest.startsWith("/") ? rest.substring(1) : rest);
    }
}
