package org.dvs.security.internal.audit;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.dvs.security.internal.keys.PrivateFiles;

/** The audit's files: {@code audit-NUMBER.log}, named by its first line, and {@code head}. Only the node's user reads them. */
class Folder {
    private static final Pattern NAME = Pattern.compile("audit-(\\d{12})\\.log");
    private static final String HEAD = "head";
    private static final FileAttribute<?> OWNER_ONLY =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

    private final Path path;

    Folder(Path path) {
        this.path = path;
    }

    Path path() {
        return path;
    }

    /** Makes the folder if need be and takes the rights of others away. */
    void make() throws IOException {
        new PrivateFiles(path).tighten();
    }

    /** The number of its first line to each file, ascending; links are none of ours. */
    NavigableMap<Long, Path> files() throws IOException {
        NavigableMap<Long, Path> files = new TreeMap<>();
        try (Stream<Path> list = Files.list(path)) {
            for (Path file : list.toList()) {
                Matcher matcher = NAME.matcher(file.getFileName().toString());
                if (matcher.matches() && Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
                    files.put(Long.parseLong(matcher.group(1)), file);
                }
            }
        }
        return files;
    }

    Path file(long first) {
        return path.resolve(String.format("audit-%012d.log", first));
    }

    /** Makes a file that is not there yet; its name is on the disk when this returns. */
    RandomAccessFile create(Path file) throws IOException {
        Files.createFile(file, OWNER_ONLY);
        try (FileChannel directory = FileChannel.open(path, StandardOpenOption.READ)) {
            directory.force(true);
        }
        return open(file);
    }

    /** No channel: one of those is closed by the interruption of a thread that writes to it, and handlers are interrupted. */
    RandomAccessFile open(Path file) throws IOException {
        return new RandomAccessFile(file.toFile(), "rw");
    }

    Optional<Head> head() throws IOException {
        Path file = path.resolve(HEAD);
        return Files.isRegularFile(file) && Files.size(file) < 1024
                ? Head.parse(Files.readString(file, StandardCharsets.ISO_8859_1)) : Optional.empty();
    }

    /** Opened once, so that a full disk has nothing to refuse later. */
    RandomAccessFile openHead() throws IOException {
        Path file = path.resolve(HEAD);
        if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
            Files.createFile(file, OWNER_ONLY);
        }
        return open(file);
    }

    static void write(RandomAccessFile file, Head head) throws IOException {
        file.seek(0);
        file.write(head.text().getBytes(StandardCharsets.ISO_8859_1));
    }

    /**
     * Deletes files that hold nothing from {@code first} on.
     *
     * @return those
     */
    List<Path> deleteBefore(long first) throws IOException {
        List<Path> deleted = new ArrayList<>();
        NavigableMap<Long, Path> files = files();
        for (long start : List.copyOf(files.keySet())) {
            Long next = files.higherKey(start);
            if (next != null && next <= first) {
                Files.deleteIfExists(files.get(start));
                deleted.add(files.get(start));
            }
        }
        return deleted;
    }
}
