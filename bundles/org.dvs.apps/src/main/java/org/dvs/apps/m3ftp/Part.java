package org.dvs.apps.m3ftp;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.Future;

import org.dvs.api.DvsException;

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
    /** So long a break waits for the disk; what is longer under way is seen to its end behind it. */
    private static final long BREAK_MS = 10_000;

    private final Path file;
    private final Claim claim;
    private final FileChannel channel;
    private final long size;
    private final Room room;
    /** Of the file that it replaces; null if it replaces none. */
    private final Set<PosixFilePermission> permissions;
    private final DiskThread disk;
    /** So many bytes have come from the beginning on, without a hole. */
    private long reached;
    private long unforced;
    /** Null if nothing is under way; stays when the disk has refused it. */
    private Future<Void> forcing;

    private Part(Path file, Claim claim, long size, Room room, Set<PosixFilePermission> permissions, DiskThread disk)
            throws IOException {
        this.file = file;
        this.claim = claim;
        channel = claim.channel();
        this.size = size;
        this.room = room;
        this.permissions = permissions;
        this.disk = disk;
        reached = channel.size();
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
        return open(file, size, resume, disk, Room.Disk.of(file.toAbsolutePath().getParent()));
    }

    static Part open(Path file, long size, boolean resume, DiskThread disk, Room.Disk where) throws IOException, DvsException {
        Path folder = file.toAbsolutePath().getParent();
        String name = String.valueOf(file.getFileName());
        Claim claim = Claim.of(of(folder.toRealPath().resolve(name)), name);
        Room room = null;
        try {
            claim.channel().truncate(resume ? size : 0);
            room = Room.take(where, name, size - claim.channel().size());
            Set<PosixFilePermission> permissions = null;
            if (Files.isRegularFile(file)) {
                permissions = Files.getPosixFilePermissions(file);
                Files.setPosixFilePermissions(claim.path(), writable(permissions));
            }
            return new Part(file, claim, size, room, permissions, disk);
        } catch (IOException | DvsException | RuntimeException e) {
            abandon(claim, room, e);
            throw e;
        }
    }

    /** Another attempt, which goes on with it, must get at it too. */
    private static Set<PosixFilePermission> writable(Set<PosixFilePermission> permissions) {
        Set<PosixFilePermission> more = EnumSet.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);
        more.addAll(permissions);
        return more;
    }

    /** Nothing is left of what has not begun; as long as it is claimed nobody else writes it. */
    private static void abandon(Claim claim, Room room, Exception why) {
        try (claim; room) {
            if (claim.channel().size() == 0) {
                Files.deleteIfExists(claim.path());
            }
        } catch (IOException e) {
            why.addSuppressed(e);
        }
    }

    /** To be read. */
    FileChannel channel() {
        return channel;
    }

    /** Bytes that have come. */
    long there() throws IOException {
        return channel.size();
    }

    void truncate(long length) throws IOException {
        channel.truncate(length);
        reach(Math.min(reached, length));
    }

    private void reach(long bytes) {
        reached = bytes;
        room.needs(Math.max(0, size - bytes));
    }

    /**
     * @param block from position 0 to its limit; position and limit stay
     * @throws DvsException {@code NOSPC} if others have filled the disk meanwhile
     */
    void write(long at, ByteBuffer block) throws IOException, DvsException {
        ByteBuffer rest = block.duplicate();
        while (rest.hasRemaining()) {
            channel.write(rest, at + rest.position());
        }
        if (at <= reached) {
            reach(Math.max(reached, at + block.remaining()));
        }
        unforced += block.remaining();
        if (unforced >= FORCE_BYTES) {
            forced();
            room.check();
            unforced = 0;
            forcing = disk.force(channel);
        }
    }

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
            discard();
            throw e;
        }
    }

    /** What the disk could not take may look sound as long as memory holds it, so nobody may go on with it. */
    private void discard() throws IOException {
        try {
            channel.truncate(0);
        } catch (IOException e) {
            // As it was closed by an interruption, or the disk refuses that too.
            Files.deleteIfExists(claim.path());
        }
    }

    /** It is whole: it gets its name, and file and name are on the disk when this returns. */
    void complete() throws IOException {
        forced();
        forcing = disk.force(channel);
        forced();
        if (permissions != null) {
            Files.setPosixFilePermissions(claim.path(), permissions);
        }
        Files.move(claim.path(), file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        try (FileChannel folder = FileChannel.open(claim.path().getParent(), StandardOpenOption.READ)) {
            folder.force(true);
        }
    }

    /**
     * What has come stays for another attempt, unless the disk refuses some of it: it says so once, so that is heard first. A
     * disk that takes longer than a break waits is heard on its thread, and the file comes until then.
     */
    @Override
    public void close() throws IOException {
        if (forcing == null || DiskThread.isKnown(forcing, BREAK_MS)) {
            end();
        } else {
            disk.behind(() -> {
                end();
                return null;
            });
        }
    }

    private void end() throws IOException {
        try (claim; room) {
            if (forcing != null && DiskThread.refused(forcing)) {
                discard();
            }
        }
    }
}
