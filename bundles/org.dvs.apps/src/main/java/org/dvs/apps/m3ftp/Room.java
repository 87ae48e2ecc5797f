package org.dvs.apps.m3ftp;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;

import org.dvs.api.DvsException;

/**
 * The room on a disk for what is still to come of one file, taken before its first byte comes: a node whose disk is full cannot
 * write down what the cluster agrees on, and leaves it. So the last of each disk is nobody's, and what has been promised to one
 * file is not promised to another one of this process. Others fill disks too: look again now and then. Thread-safe.
 */
final class Room implements AutoCloseable {
    /** Of a small disk as much as makes the node's health critical. */
    private static final double SHARE = 0.03;
    private static final long MOST_RESERVED = 256L * 1024 * 1024;
    /** Of this process; guarded by itself, as is what each still needs. */
    private static final Set<Room> TAKEN = new HashSet<>();

    private final Disk disk;
    private final String name;
    private long toCome;

    /** Where files come to. */
    interface Disk {
        /** Equal for folders of the same disk, also where it is mounted twice. */
        Object key();

        /** Bytes. */
        long total() throws IOException;

        /** Bytes that are free. */
        long usable() throws IOException;

        static Disk of(Path folder) throws IOException {
            Object device = Files.getAttribute(folder, "unix:dev");
            return new Disk() {
                @Override
                public Object key() {
                    return device;
                }

                @Override
                public long total() throws IOException {
                    return Files.getFileStore(folder).getTotalSpace();
                }

                @Override
                public long usable() throws IOException {
                    return Files.getFileStore(folder).getUsableSpace();
                }
            };
        }
    }

    private Room(Disk disk, String name, long toCome) {
        this.disk = disk;
        this.name = name;
        this.toCome = toCome;
    }

    /**
     * @param toCome bytes
     * @throws DvsException {@code NOSPC}
     */
    static Room take(Disk disk, String name, long toCome) throws IOException, DvsException {
        Room room = new Room(disk, name, toCome);
        synchronized (TAKEN) {
            room.check();
            TAKEN.add(room);
        }
        return room;
    }

    /** @param bytes that are still to come */
    void needs(long bytes) {
        synchronized (TAKEN) {
            toCome = bytes;
        }
    }

    /** @throws DvsException {@code NOSPC} if there is no room any more for this file and what others were promised */
    void check() throws IOException, DvsException {
        synchronized (TAKEN) {
            long others = TAKEN.stream().filter(room -> room != this && room.disk.key().equals(disk.key()))
                    .mapToLong(room -> room.toCome).sum();
            check(disk.total(), disk.usable(), others, toCome, name);
        }
    }

    private static void check(long total, long usable, long others, long bytes, String name) throws DvsException {
        long reserved = Math.min(MOST_RESERVED, (long) (total * SHARE));
        if (bytes > 0 && usable - reserved - others < bytes) {
            throw PlainFile.noSpace("'" + name + "': " + bytes + " bytes are to come, and " + usable + " are free, of which "
                    + reserved + " stay so" + (others > 0 ? " and " + others + " are for other files that come" : ""));
        }
    }

    /** It comes no more, or is there. */
    @Override
    public void close() {
        synchronized (TAKEN) {
            TAKEN.remove(this);
        }
    }
}
