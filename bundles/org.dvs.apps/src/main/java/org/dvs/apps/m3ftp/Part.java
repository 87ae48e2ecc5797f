package org.dvs.apps.m3ftp;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;

/**
 * A file that comes piece by piece. It lies beside its place as {@code .NAME.part} and gets its name when it is whole and on the
 * disk: nobody ever sees half a file, and what is there after a break can be gone on with. Nobody else may bring the same file
 * meanwhile, of this process or another one. For one thread.
 */
final class Part implements AutoCloseable {
    private static final String BEFORE = ".";
    private static final String BEHIND = ".part";
    /** Most bytes of a file's name where the file system allows 255, as most do. */
    static final int MAX_NAME = 255 - BEFORE.length() - BEHIND.length();
    /** So much is written until the disk has the same before it, twice this lies in memory at most. */
    static final long FORCE_BYTES = 64L * 1024 * 1024;
    /** Somebody else's may be completed in the moment that this one opens it. */
    private static final int TRIES = 10;
    /** Of this process: the system's locks are between processes, and are lost when any channel to the file is closed. */
    private static final Set<Path> COMING = ConcurrentHashMap.newKeySet();

    private final Path file;
    private final Path path;
    private final FileChannel channel;
    private final DiskThread disk;
    private long unforced;
    private Future<Void> forcing;

    private Part(Path file, Path path, FileChannel channel, DiskThread disk) {
        this.file = file;
        this.path = path;
        this.channel = channel;
        this.disk = disk;
    }

    static boolean isName(String name) {
        return name.startsWith(BEFORE) && name.endsWith(BEHIND);
    }

    static Path of(Path file) {
        Path whole = file.toAbsolutePath();
        return whole.resolveSibling(BEFORE + whole.getFileName() + BEHIND);
    }

    /**
     * @param size   of the whole file
     * @param resume keep what an earlier attempt has left of it
     * @throws DvsException {@code BUSY} if it comes from somewhere already, {@code NOSPC} if the disk has no room for the rest
     */
    static Part open(Path file, long size, boolean resume, DiskThread disk) throws IOException, DvsException {
        Path folder = file.toAbsolutePath().getParent();
        Path path = of(folder.toRealPath().resolve(file.getFileName()));
        if (!COMING.add(path)) {
            throw busy(file);
        }
        FileChannel channel = null;
        try {
            channel = locked(file, path);
            channel.truncate(resume ? size : 0);
            Room.check(folder, size - channel.size(), String.valueOf(file.getFileName()));
            if (Files.isRegularFile(file)) {
                Files.setPosixFilePermissions(path, Files.getPosixFilePermissions(file));
            }
            return new Part(file, path, channel, disk);
        } catch (IOException | DvsException | RuntimeException e) {
            if (channel != null) {
                leave(channel, path);
            }
            COMING.remove(path);
            throw e;
        }
    }

    /** Nothing is left of what has not begun; as long as it is locked nobody else writes it. */
    private static void leave(FileChannel channel, Path path) throws IOException {
        try (channel) {
            if (channel.size() == 0) {
                Files.deleteIfExists(path);
            }
        }
    }

    /** It is the file of that name when it is locked: whoever had it before may have given it its own name meanwhile. */
    private static FileChannel locked(Path file, Path path) throws IOException, DvsException {
        for (int i = 0; i < TRIES; i++) {
            create(path);
            Object before = key(path);
            FileChannel channel = FileChannel.open(path,
                    Set.of(StandardOpenOption.READ, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS));
            try {
                if (!lock(channel)) {
                    throw busy(file);
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
        throw busy(file);
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

    private static DvsException busy(Path file) {
        return new DvsException(ErrorCode.BUSY, "'" + file.getFileName() + "' is coming already");
    }

    /** To be read. */
    FileChannel channel() {
        return channel;
    }

    /** Bytes that have come. */
    long there() throws IOException {
        return channel.size();
    }

    void truncate(long size) throws IOException {
        channel.truncate(size);
    }

    /** @param block from position 0 to its limit; position and limit stay */
    void write(long at, ByteBuffer block) throws IOException {
        ByteBuffer rest = block.duplicate();
        while (rest.hasRemaining()) {
            channel.write(rest, at + rest.position());
        }
        unforced += block.remaining();
        if (unforced >= FORCE_BYTES) {
            forced();
            unforced = 0;
            forcing = disk.force(channel);
        }
    }

    /** What the disk could not take may look sound as long as memory holds it, so nobody may go on with it. */
    private void forced() throws IOException {
        if (forcing == null) {
            return;
        }
        try {
            DiskThread.await(forcing);
            forcing = null;
        } catch (InterruptedIOException e) {
            throw e;
        } catch (IOException e) {
            channel.truncate(0);
            throw e;
        }
    }

    /** It is whole: it gets its name, and file and name are on the disk when this returns. */
    void complete() throws IOException {
        forced();
        forcing = disk.force(channel);
        forced();
        Files.move(path, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        try (FileChannel folder = FileChannel.open(path.getParent(), StandardOpenOption.READ)) {
            folder.force(true);
        }
    }

    @Override
    public void close() throws IOException {
        try {
            channel.close();
        } finally {
            COMING.remove(path);
        }
    }
}
