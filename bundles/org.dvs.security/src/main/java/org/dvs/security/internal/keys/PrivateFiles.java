package org.dvs.security.internal.keys;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * A folder whose files only their owner reads: 0700 and 0600 from the first byte on. A file appears whole or not at all:
 * it is written under another name, forced, renamed, and the folder is forced.
 */
public final class PrivateFiles {
    private static final Set<PosixFilePermission> FOLDER_MODE = PosixFilePermissions.fromString("rwx------");
    private static final Set<PosixFilePermission> FILE_MODE = PosixFilePermissions.fromString("rw-------");
    /** A key, certificate or account file is a few KiB; nothing larger is read. */
    private static final long MAX_BYTES = 1 << 20;

    private final Path folder;

    /** Touches nothing. */
    public PrivateFiles(Path folder) {
        this.folder = folder.toAbsolutePath().normalize();
    }

    public Path folder() {
        return folder;
    }

    public Path path(String name) {
        return folder.resolve(name);
    }

    public boolean has(String name) {
        return Files.isRegularFile(path(name));
    }

    /** Makes the folder if need be, and takes rights away that others have on it or on its files. */
    public List<Path> tighten() throws IOException {
        FileAttribute<?> mode = PosixFilePermissions.asFileAttribute(FOLDER_MODE);
        Files.createDirectories(folder.getParent());
        if (!Files.isDirectory(folder)) {
            Files.createDirectory(folder, mode);
        }
        List<Path> tightened = new ArrayList<>();
        tighten(folder, FOLDER_MODE, tightened);
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.filter(path -> Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)).toList()) {
                tighten(file, FILE_MODE, tightened);
            }
        }
        return tightened;
    }

    private static void tighten(Path path, Set<PosixFilePermission> allowed, List<Path> tightened) throws IOException {
        if (!allowed.containsAll(Files.getPosixFilePermissions(path))) {
            Files.setPosixFilePermissions(path, allowed);
            tightened.add(path);
        }
    }

    public byte[] read(String name) throws IOException {
        Path file = path(name);
        if (Files.size(file) > MAX_BYTES) {
            throw new IOException(file + " is larger than " + MAX_BYTES + " bytes");
        }
        return Files.readAllBytes(file);
    }

    /** The text without the line end that editors add. */
    public String readText(String name) throws IOException {
        return new String(read(name), StandardCharsets.UTF_8).strip();
    }

    public void writeText(String name, String text) throws IOException {
        write(name, (text + '\n').getBytes(StandardCharsets.UTF_8));
    }

    /** Replaces the file or makes it; after the return it is on the disk. */
    public void write(String name, byte[] content) throws IOException {
        Path temporary = folder.resolve('.' + name + '.' + UUID.randomUUID() + ".tmp");
        try {
            try (FileChannel channel = FileChannel.open(temporary,
                    Set.of(StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW),
                    PosixFilePermissions.asFileAttribute(FILE_MODE))) {
                ByteBuffer bytes = ByteBuffer.wrap(content);
                while (bytes.hasRemaining()) {
                    channel.write(bytes);
                }
                channel.force(true);
            }
            Files.move(temporary, path(name), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(temporary);
        }
        try (FileChannel directory = FileChannel.open(folder, StandardOpenOption.READ)) {
            directory.force(true);
        }
    }
}
