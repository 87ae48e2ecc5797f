package org.dvs.config.internal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;

/**
 * The files of the configuration folder, as a person reads and replaces them. What stands in them is the {@link Engine}'s to
 * judge. Only regular files in the folder itself are read or replaced, no links. Thread-safe.
 */
public final class ConfigFiles {
    /** Names that a file may have; none of them leads out of the folder. */
    static final String NAME = "org\\.dvs\\.[A-Za-z0-9_~-]+(\\.[A-Za-z0-9_~-]+){0,8}\\.cfg(\\.json)?";
    /** Characters that a file may get at once; a request with it fits into a message between nodes. */
    static final int MAX_CHARACTERS = 64 * 1024;
    /** What stands for a file that is not there. */
    static final String NONE = "none";

    private static final Set<PosixFilePermission> PERMISSIONS = PosixFilePermissions.fromString("rw-r-----");

    private final Path folder;

    public ConfigFiles(Path folder) {
        this.folder = folder;
    }

    /**
     * @param bytes   size of the file
     * @param changed milliseconds since 1970
     * @param sha256  of the content, lower-case hexadecimal
     */
    record Content(String name, String text, long bytes, long changed, String sha256) {
    }

    SortedSet<String> names() throws DvsException {
        SortedSet<String> names = new TreeSet<>();
        try (DirectoryStream<Path> found = Files.newDirectoryStream(folder, Folder.GLOB)) {
            found.forEach(file -> names.add(file.getFileName().toString()));
        } catch (IOException | DirectoryIteratorException e) {
            throw new DvsException(ErrorCode.IO, "the configuration folder cannot be read: " + e.getMessage(), e);
        }
        names.removeIf(name -> !name.matches(NAME) || !Files.isRegularFile(folder.resolve(name), LinkOption.NOFOLLOW_LINKS));
        return names;
    }

    /** @throws DvsException {@code NOCONFIG} if it is not there; {@code SYNTAX} if it is not text */
    Content read(String name) throws DvsException {
        Path file = file(name);
        if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            throw new DvsException(ErrorCode.NOCONFIG, "there is no file " + name);
        }
        try {
            if (Files.size(file) > TextFile.MAX_BYTES) {
                throw new DvsException(ErrorCode.SYNTAX, name + " is larger than " + TextFile.MAX_BYTES + " bytes");
            }
            byte[] bytes = Files.readAllBytes(file);
            TextFile text = TextFile.decode(name, bytes);
            if (text.problem().isPresent()) {
                throw new DvsException(text.problem().get().code(), text.problem().get().toString());
            }
            return new Content(name, text.text(), bytes.length, Files.getLastModifiedTime(file).toMillis(), sha256(bytes));
        } catch (IOException e) {
            throw new DvsException(ErrorCode.IO, name + " cannot be read: " + e.getMessage(), e);
        }
    }

    /**
     * Puts a text in the place of a file, whole or not at all, and keeps its permissions.
     *
     * @param was SHA-256 of the content that it replaces, {@value #NONE} for a file that is new
     * @return SHA-256 of the new content
     * @throws DvsException {@code CONFLICT} if the file is not what it was any more; {@code IO}
     */
    synchronized String replace(String name, String text, String was) throws DvsException {
        Path file = file(name);
        String now = Files.exists(file, LinkOption.NOFOLLOW_LINKS) ? read(name).sha256() : NONE;
        if (!now.equals(was)) {
            throw new DvsException(ErrorCode.CONFLICT, name + (now.equals(NONE) ? " is not there any more"
                    : was.equals(NONE) ? " is there already" : " is not what it was: somebody else has changed it"));
        }
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        try {
            Path temporary = Files.createTempFile(folder, ".", ".tmp");
            try {
                write(temporary, bytes);
                Files.setPosixFilePermissions(temporary, now.equals(NONE) ? PERMISSIONS : Files.getPosixFilePermissions(file));
                Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
            } finally {
                Files.deleteIfExists(temporary);
            }
            try (FileChannel directory = FileChannel.open(folder)) {
                directory.force(true);
            }
        } catch (IOException e) {
            throw new DvsException(ErrorCode.IO, name + " cannot be written: " + e.getMessage(), e);
        }
        return sha256(bytes);
    }

    private static void write(Path file, byte[] bytes) throws IOException {
        try (FileChannel out = FileChannel.open(file, StandardOpenOption.WRITE)) {
            ByteBuffer content = ByteBuffer.wrap(bytes);
            while (content.hasRemaining()) {
                out.write(content);
            }
            out.force(true);
        }
    }

    private Path file(String name) throws DvsException {
        if (!name.matches(NAME)) {
            throw new DvsException(ErrorCode.BADVALUE, "file: '" + name + "' is not called like a configuration of ours");
        }
        return folder.resolve(name);
    }

    static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
