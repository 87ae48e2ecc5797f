package org.dvs.helper.internal;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.helper.api.GroupPath;
import org.dvs.procfs.ControlGroups;
import org.dvs.procfs.ControlGroups.Hierarchy;

/**
 * The groups that DCs have: who starts through a DC begins in them, and when it ends they go. Any thread; one change at a time.
 *
 * <p>Source: dvsd reference 7.
 */
final class DcGroups {
    private static final Pattern DC = Pattern.compile("dc(\\d{1,5})");
    /** Where processes go on whose group has gone, in the tree of version 2. */
    private static final GroupPath ENDED = GroupPath.FREE;

    private final ControlGroups controllers;
    private final Groups groups;

    DcGroups(ControlGroups controllers, Groups groups) {
        this.controllers = controllers;
        this.groups = groups;
    }

    /** Puts a process into each group that a DC has, so that the DC's limits hold for it. */
    void placeInDc(int dcid, int pid) throws DvsException {
        GroupPath top = GroupPath.ofDc(dcid);
        for (Hierarchy hierarchy : controllers.all()) {
            if (!Files.isDirectory(groups.folder(hierarchy, top), LinkOption.NOFOLLOW_LINKS)) {
                continue;
            }
            String controller = hierarchy.version() == 2 ? ControlGroups.UNIFIED : hierarchy.controllers().get(0);
            GroupPath leaf = top;
            if (hierarchy.version() == 2) {
                // A group that hands controllers on has no processes of its own there.
                leaf = GroupPath.of(top + "/run");
                groups.make(controller, leaf);
            }
            groups.place(controller, leaf, pid);
        }
    }

    /** Ids of the DCs that have groups here. */
    Set<Integer> dcs() throws DvsException {
        Set<Integer> found = new TreeSet<>();
        for (Hierarchy hierarchy : controllers.all()) {
            for (Path each : below(groups.folder(hierarchy, GroupPath.of("")))) {
                Matcher dc = DC.matcher(each.getFileName().toString());
                if (dc.matches()) {
                    found.add(Integer.parseInt(dc.group(1)));
                }
            }
        }
        return found;
    }

    /** Takes a group away where it is, with those below it; what is still in them goes on in a group without limits. */
    synchronized void forget(GroupPath path) throws DvsException {
        for (Hierarchy hierarchy : controllers.all()) {
            Path top = groups.folder(hierarchy, path);
            try {
                if (Files.isDirectory(top, LinkOption.NOFOLLOW_LINKS)) {
                    groups.existing(hierarchy, path);
                    prune(hierarchy, top);
                }
            } catch (NoSuchFileException e) {
                // Somebody else has taken it away meanwhile.
                continue;
            } catch (IOException e) {
                throw Groups.failed(e, "control group '" + path + "'");
            }
        }
    }

    private void prune(Hierarchy hierarchy, Path group) throws IOException, DvsException {
        for (Path each : below(group)) {
            prune(hierarchy, each);
        }
        for (String pid : Files.readAllLines(group.resolve("cgroup.procs"))) {
            GroupPath leaf = hierarchy.version() == 2 ? ENDED : GroupPath.of("");
            groups.make(hierarchy.version() == 2 ? ControlGroups.UNIFIED : hierarchy.controllers().get(0), leaf);
            try {
                Groups.put(groups.folder(hierarchy, leaf).resolve("cgroup.procs"), pid);
            } catch (IOException e) {
                if (!String.valueOf(e.getMessage()).contains("No such process")) {
                    throw e;
                }
            }
        }
        Files.delete(group);
    }

    private static List<Path> below(Path group) throws DvsException {
        if (!Files.isDirectory(group, LinkOption.NOFOLLOW_LINKS)) {
            return List.of();
        }
        try (var all = Files.list(group)) {
            return all.filter(each -> Files.isDirectory(each, LinkOption.NOFOLLOW_LINKS)).toList();
        } catch (IOException | UncheckedIOException e) {
            throw new DvsException(ErrorCode.IO, "the groups below " + group.getFileName(), e);
        }
    }
}
