package org.dvs.agent.cgroup.internal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.procfs.ControlGroups.Hierarchy;

/**
 * One control group as one controller has it, for reading. Used by one thread.
 *
 * @param hierarchy that the controller is in
 * @param path      relative to where that is mounted; empty for its top
 */
record Group(Hierarchy hierarchy, String path) {
    /** What the kernel shows where a limit of version 1 is none: the largest number of whole pages, whatever their size. */
    private static final long V1_UNLIMITED = Long.MAX_VALUE - (1 << 20);

    int version() {
        return hierarchy.version();
    }

    Path folder() {
        return path.isEmpty() ? hierarchy.folder() : hierarchy.folder().resolve(path);
    }

    /** @throws DvsException {@code NOENT} if the group is not there (any more) */
    void require() throws DvsException {
        if (!Files.isDirectory(folder(), LinkOption.NOFOLLOW_LINKS)) {
            throw new DvsException(ErrorCode.NOENT, "there is no control group '" + path + "'");
        }
    }

    /**
     * @return the file without its last line end; empty if this kernel has no such file
     * @throws DvsException {@code NOENT} if the whole group has gone
     */
    Optional<String> text(String file) throws DvsException {
        try {
            return Optional.of(Files.readString(folder().resolve(file)).stripTrailing());
        } catch (NoSuchFileException e) {
            require();
            return Optional.empty();
        } catch (IOException e) {
            // It went while it was read: the kernel says there is no such device.
            require();
            throw new DvsException(ErrorCode.IO, file + " of '" + path + "' cannot be read", e);
        }
    }

    /**
     * @return the number in a file of one; null if there is no such file; -1 for {@code max} or what stands for it in version 1
     */
    Long number(String file) throws DvsException {
        return text(file).map(Group::limit).orElse(null);
    }

    static Long limit(String text) {
        if (text.equals("max")) {
            return -1L;
        }
        try {
            long number = Long.parseLong(text.trim());
            return number >= V1_UNLIMITED ? -1L : number;
        } catch (NumberFormatException e) {
            // More than a long holds.
            return text.matches("\\d+") ? -1L : null;
        }
    }

    /** Lines of a key and a number. */
    Map<String, Long> pairs(String file) throws DvsException {
        Map<String, Long> pairs = new LinkedHashMap<>();
        for (String line : text(file).orElse("").split("\n")) {
            String[] fields = line.split(" ");
            if (fields.length == 2 && fields[1].matches("\\d{1,19}")) {
                pairs.put(fields[0], limit(fields[1]));
            }
        }
        return pairs;
    }

    List<String> lines(String file) throws DvsException {
        return Arrays.stream(text(file).orElse("").split("\n")).filter(line -> !line.isEmpty()).toList();
    }
}
