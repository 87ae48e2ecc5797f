package org.dvs.helper.internal;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.api.Printable;
import org.dvs.helper.api.HelperRequest.MountChange;
import org.dvs.helper.program.CommandResult;
import org.dvs.helper.program.CommandRunner;
import org.dvs.procfs.MountTable;

/**
 * Mounts and unmounts what root's {@code fstab} names and marks for DVS, and nothing else: no source, type or option comes from a
 * request. Any thread.
 *
 * <p>Source: dvsd reference 9, MOUNT; the manual page fstab(5), by which options that begin with {@code x-} are for programs.
 */
final class Mounts {
    private static final String MOUNT = "/usr/bin/mount";
    private static final String UMOUNT = "/usr/bin/umount";
    private static final int OUTPUT = 1_024;
    private static final int GROUP_OR_OTHERS_WRITE = 0022;
    private static final int OPTIONS = 3;

    private final Path root;
    private final Path table;
    private final CommandRunner runner;

    /** @param root the machine's root folder, {@code /} except in tests */
    Mounts(Path root, Path table, CommandRunner runner) {
        this.root = root;
        this.table = table;
        this.runner = runner;
    }

    void change(MountChange change) throws DvsException, InterruptedException {
        require(change.target());
        List<String> words = new ArrayList<>();
        if (change.mount()) {
            if (MountTable.read(root).all().stream().anyMatch(each -> each.target().equals(change.target()))) {
                // Two lie upon each other otherwise, if the kind of file system allows it.
                throw new DvsException(ErrorCode.BUSY, "something is mounted at '" + change.target() + "' already");
            }
            words.addAll(List.of(MOUNT, "--fstab", table.toString()));
        } else {
            words.add(UMOUNT);
            if (change.lazy()) {
                words.add("--lazy");
            }
            if (change.force()) {
                words.add("--force");
            }
        }
        words.addAll(List.of("--", change.target()));
        CommandResult result = runner.run(words, null, change.timeoutMs(), OUTPUT);
        if (result.overdue()) {
            throw new DvsException(ErrorCode.TIMEDOUT, "'" + change.target()
                    + "': who has the file system gave no answer in time");
        }
        if (result.exitCode() != 0) {
            String err = result.err();
            ErrorCode code = err.contains("already mounted") || err.contains("busy") ? ErrorCode.BUSY
                    : err.contains("not mounted") || err.contains("does not exist") || err.contains("No such file")
                    || err.contains("can't find") ? ErrorCode.NOENT
                    : err.contains("permission denied") || err.contains("must be superuser") || err.contains("not permitted")
                    ? ErrorCode.PERM : err.contains("unknown filesystem") ? ErrorCode.NOSYS : ErrorCode.IO;
            throw new DvsException(code, Printable.line(err.lines().findFirst().orElse("no reason was given"), 200));
        }
    }

    private void require(String target) throws DvsException {
        try {
            int mode = (Integer) Files.getAttribute(table, "unix:mode", LinkOption.NOFOLLOW_LINKS);
            int owner = (Integer) Files.getAttribute(table, "unix:uid", LinkOption.NOFOLLOW_LINKS);
            if (owner != 0 || (mode & GROUP_OR_OTHERS_WRITE) != 0 || !Files.isRegularFile(table, LinkOption.NOFOLLOW_LINKS)) {
                throw new DvsException(ErrorCode.CALLDENIED, table + " is not a file that root alone can write");
            }
            for (String line : Files.readAllLines(table, StandardCharsets.UTF_8)) {
                String[] fields = line.strip().split("\\s+");
                if (fields.length > OPTIONS && !fields[0].startsWith("#") && plain(fields[1]).equals(target)
                        && List.of(fields[OPTIONS].split(",")).contains(MountChange.MOUNT_MARK)) {
                    return;
                }
            }
        } catch (IOException e) {
            throw new DvsException(ErrorCode.CALLDENIED, table + " cannot be read, so that nothing may be mounted", e);
        }
        throw new DvsException(ErrorCode.CALLDENIED, "'" + Printable.line(target, 100) + "' does not stand in " + table
                + " with the option " + MountChange.MOUNT_MARK);
    }

    /** A space and a few others stand there as three digits of base eight. */
    private static String plain(String field) {
        return field.replace("\\040", " ").replace("\\011", "\t").replace("\\012", "\n").replace("\\134", "\\");
    }
}
