package org.dvs.apps.m3ftp;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;

/** The right to be the only one who writes a file, of this process and of all others. Closed by whoever has it. */
final class Claim implements AutoCloseable {
    /** Somebody else's may be completed in the moment that this one opens it. */
    private static final int TRIES = 10;
    /** Of this process: the system's locks are between processes, and are lost when any channel to the file is closed. */
    private static final Set<Path> CLAIMED = ConcurrentHashMap.newKeySet();

    private final Path path;
    private final FileChannel channel;

    private Claim(Path path, FileChannel channel) {
        this.path = path;
        this.channel = channel;
    }

    /**
     * @param path by no link; the file is made if there is none
     * @param name for people
     * @throws DvsException {@code BUSY} if somebody has it
     */
    static Claim of(Path path, String name) throws IOException, DvsException {
        if (!CLAIMED.add(path)) {
            throw busy(name);
        }
        boolean claimed = false;
        try {
            Claim claim = new Claim(path, locked(path, name));
            claimed = true;
            return claim;
        } finally {
            if (!claimed) {
                CLAIMED.remove(path);
            }
        }
    }

    /** It is the file of that name when it is locked: whoever had it before may have given it another name meanwhile. */
    private static FileChannel locked(Path path, String name) throws IOException, DvsException {
        for (int i = 0; i < TRIES; i++) {
            create(path);
            Object before = key(path);
            FileChannel channel = FileChannel.open(path,
                    Set.of(StandardOpenOption.READ, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS));
            try {
                if (!lock(channel)) {
                    throw busy(name);
                }
                if (before != null && Objects.equals(before, key(path))) {
                    return channel;
                }
            } catch (IOException | DvsException e) {
                channel.close();
                throw e;
            }
            channel.close();
        }
        throw busy(name);
    }

    private static void create(Path path) throws IOException {
        FileChannel.open(path, Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS)).close();
    }

    private static Object key(Path path) throws IOException {
        try {
            return Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS).fileKey();
        } catch (NoSuchFileException e) {
            return null;
        }
    }

    private static boolean lock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock() != null;
        } catch (OverlappingFileLockException e) {
            return false;
        }
    }

    private static DvsException busy(String name) {
        return new DvsException(ErrorCode.BUSY, "'" + name + "' is coming already");
    }

    Path path() {
        return path;
    }

    /** To be read and written; not closed. */
    FileChannel channel() {
        return channel;
    }

    @Override
    public void close() throws IOException {
        try {
            channel.close();
        } finally {
            CLAIMED.remove(path);
        }
    }
}
