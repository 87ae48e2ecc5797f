package org.dvs.helper.internal;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.api.Printable;
import org.dvs.helper.api.GroupFile;
import org.dvs.helper.api.GroupPath;
import org.dvs.procfs.ControlGroups;
import org.dvs.procfs.ControlGroups.Hierarchy;

/**
 * Makes, writes and removes control groups below this node's own subtree, and nothing outside it: names are checked, and no
 * folder on
 * the way may be a link. Any thread; one change at a time.
 *
 * <p>Source: dvsd reference 7; conventions 12.
 */
final class Groups {
    private static final Set<PosixFilePermission> VISIBLE = PosixFilePermissions.fromString("rwxr-xr-x");

    private final ControlGroups groups;
    private final List<String> subtree;

    /** @param subtree names of the folders that lead to this node's groups, such as dvs.slice, node0 */
    Groups(ControlGroups groups, List<String> subtree) {
        this.groups = groups;
        this.subtree = List.copyOf(subtree);
    }

    private Hierarchy hierarchy(String controller) throws DvsException {
        return groups.of(controller).orElseThrow(() -> new DvsException(ErrorCode.NOSYS,
                "not supported here, because controller " + controller + " is mounted nowhere"));
    }

    Path folder(Hierarchy hierarchy, GroupPath path) {
        Path folder = hierarchy.folder();
        for (String name : subtree) {
            folder = folder.resolve(name);
        }
        for (String name : path.names()) {
            folder = folder.resolve(name);
        }
        return folder;
    }

    /** Of a group that is there and that no link leads to. */
    Path existing(Hierarchy hierarchy, GroupPath path) throws DvsException {
        Path folder = hierarchy.folder();
        for (Path name : hierarchy.folder().relativize(folder(hierarchy, path))) {
            folder = folder.resolve(name);
            if (Files.isSymbolicLink(folder)) {
                throw new DvsException(ErrorCode.PERM, "'" + path + "' leads over a link");
            }
        }
        if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
            throw new DvsException(ErrorCode.NOENT, "there is no control group '" + path + "'");
        }
        return folder;
    }

    /** @throws DvsException {@code NOENT} if the group is not in that tree, {@code PERM} if a link leads to it */
    void require(String controller, GroupPath path) throws DvsException {
        existing(hierarchy(controller), path);
    }

    boolean exists(String controller, GroupPath path) throws DvsException {
        return Files.isDirectory(folder(hierarchy(controller), path), LinkOption.NOFOLLOW_LINKS);
    }

    /** Gives the packets of a group of version 1 a number to be told apart by. */
    void mark(GroupPath path, int number) throws DvsException {
        Path target = existing(hierarchy(ControlGroups.NET_CLASS), path).resolve("net_cls.classid");
        try {
            put(target, Integer.toString(number));
        } catch (IOException e) {
            throw failed(e, "net_cls.classid of '" + path + "'");
        }
    }

    synchronized void make(String controller, GroupPath path) throws DvsException {
        Hierarchy hierarchy = hierarchy(controller);
        Path folder = hierarchy.folder();
        try {
            for (Path name : hierarchy.folder().relativize(folder(hierarchy, path))) {
                if (hierarchy.version() == 2 && !controller.equals(ControlGroups.UNIFIED)) {
                    enable(folder, controller, true);
                }
                folder = folder.resolve(name);
                if (Files.isSymbolicLink(folder)) {
                    throw new DvsException(ErrorCode.PERM, "'" + path + "' leads over a link");
                }
                if (!Files.isDirectory(folder)) {
                    create(folder);
                }
                // Limits are for everybody to see, whatever this process lets others do with its own files.
                if (!Files.getPosixFilePermissions(folder).containsAll(VISIBLE)) {
                    Files.setPosixFilePermissions(folder, VISIBLE);
                }
                if (controller.equals("cpuset") && hierarchy.version() == 1) {
                    inherit(folder, "cpuset.cpus");
                    inherit(folder, "cpuset.mems");
                }
            }
        } catch (IOException e) {
            throw failed(e, "control group '" + path + "' of " + controller);
        }
    }

    private static void create(Path folder) throws IOException {
        try {
            Files.createDirectory(folder);
        } catch (FileAlreadyExistsException e) {
            // Another node of this machine was faster. Whether it is a folder shows at the next step.
            return;
        }
    }

    /** In version 1 a new group of cpuset has no processors and no memory, and takes no process until it has both. */
    private static void inherit(Path folder, String file) throws IOException {
        Path own = folder.resolve(file);
        if (Files.exists(own) && Files.readString(own).isBlank()) {
            put(own, Files.readString(folder.getParent().resolve(file)).trim());
        }
    }

    private static void enable(Path folder, String controller, boolean on) throws IOException {
        Path control = folder.resolve("cgroup.subtree_control");
        boolean is = List.of(Files.readString(control).trim().split("\\s+")).contains(controller);
        if (is != on) {
            put(control, (on ? "+" : "-") + controller);
        }
    }

    synchronized void enable(String controller, GroupPath path, boolean on) throws DvsException {
        Hierarchy hierarchy = hierarchy(controller);
        if (controller.equals(ControlGroups.UNIFIED)) {
            throw new DvsException(ErrorCode.INVAL, controller + " is no controller");
        }
        if (hierarchy.version() != 2) {
            throw new DvsException(ErrorCode.NOSYS, "not supported here, because controller " + controller
                    + " is on a tree of version 1, where it is always on");
        }
        try {
            Path folder = existing(hierarchy, path);
            Path offered = folder.resolve("cgroup.controllers");
            if (on && Files.exists(offered) && !List.of(Files.readString(offered).trim().split("\\s+")).contains(controller)) {
                throw new DvsException(ErrorCode.NODEV, "group '" + path + "' has no controller " + controller
                        + " to hand on: it is not switched on in the group above it, or not in this kernel");
            }
            enable(folder, controller, on);
        } catch (IOException e) {
            throw failed(e, "controller " + controller + " below '" + path + "'");
        }
    }

    void write(GroupFile file, GroupPath path, String value) throws DvsException {
        Hierarchy hierarchy = hierarchy(file.controller());
        if (hierarchy.version() != file.version()) {
            throw new DvsException(ErrorCode.NOSYS, "not supported here, because controller " + file.controller()
                    + " is of version "
                    + hierarchy.version());
        }
        Path target = existing(hierarchy, path).resolve(file.file());
        if (!Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
            throw new DvsException(ErrorCode.NOSYS, "not supported here, because this kernel has no " + file.file());
        }
        try {
            put(target, value);
        } catch (IOException e) {
            throw failed(e, file.file() + " of '" + path + "' with '" + value + "'");
        }
    }

    void place(String controller, GroupPath path, int pid) throws DvsException {
        Path procs = existing(hierarchy(controller), path).resolve("cgroup.procs");
        try {
            put(procs, Integer.toString(pid));
        } catch (IOException e) {
            throw failed(e, "process " + pid + " into '" + path + "'");
        }
    }

    synchronized void remove(GroupPath path) throws DvsException {
        int found = 0;
        for (Hierarchy hierarchy : groups.all()) {
            Path folder = folder(hierarchy, path);
            try {
                if (Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
                    found++;
                    Files.delete(existing(hierarchy, path));
                }
            } catch (NoSuchFileException e) {
                // It went by itself meanwhile, which is what was wanted.
                continue;
            } catch (DirectoryNotEmptyException e) {
                throw new DvsException(ErrorCode.BUSY, "control group '" + path + "' has groups below it", e);
            } catch (IOException e) {
                throw failed(e, "control group '" + path + "'");
            }
        }
        if (found == 0) {
            throw new DvsException(ErrorCode.NOENT, "there is no control group '" + path + "'");
        }
    }

    /** Takes the subtree's own group away where nothing is in it, so that nodes that were thrown away leave none. */
    synchronized void removeTop() {
        for (Hierarchy hierarchy : groups.all()) {
            for (GroupPath path : List.of(GroupPath.FREE, GroupPath.of(""))) {
                try {
                    Files.deleteIfExists(existing(hierarchy, path));
                } catch (IOException | DvsException e) {
                    // It is in use, or there is none.
                    continue;
                }
            }
        }
    }

    /** In one call of write, which is what the kernel takes for one order; never makes a file. */
    static void put(Path file, String value) throws IOException {
        // Nothing is not written at all; an empty line is what clears a list.
        String line = value.isEmpty() ? "\n" : value;
        Files.write(file, line.getBytes(StandardCharsets.US_ASCII), StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
    }

    static DvsException failed(IOException e, String what) {
        String text = String.valueOf(e.getMessage());
        ErrorCode code = e instanceof NoSuchFileException || text.contains("No such device") || text.contains("No such file")
                ? ErrorCode.NOENT
                : text.contains("No such process") ? ErrorCode.SRCH
                : text.contains("Permission denied") || e instanceof java.nio.file.AccessDeniedException ? ErrorCode.ACCES
                : text.contains("not permitted") ? ErrorCode.PERM : text.contains("busy") ? ErrorCode.BUSY
                : text.contains("Invalid argument") || text.contains("out of range") ? ErrorCode.INVAL
                : text.contains("not supported") ? ErrorCode.NOSYS
                : text.contains("No space") ? ErrorCode.NOSPC
                : text.contains("Input/output") ? ErrorCode.IO : ErrorCode.BUSY;
        boolean told = e.getMessage() == null || e instanceof FileSystemException;
        return new DvsException(code, what + " was refused by the kernel" + (told ? "" : ": " + Printable.line(text, 100)), e);
    }
}
