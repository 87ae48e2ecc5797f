package org.dvs.apps.m3ftp;

import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;

import org.dvs.api.DvsException;

/**
 * Whether a disk has room for a file, looked at before its first byte comes: a node whose disk is full cannot write down what the
 * cluster agrees on, and leaves it. So the last of each disk is nobody's.
 */
final class Room {
    /** Of a small disk as much as makes the node's health critical. */
    private static final double SHARE = 0.03;
    private static final long MOST_RESERVED = 256L * 1024 * 1024;

    private Room() {
    }

    /**
     * @param folder where the file comes
     * @param bytes  that are still to come
     * @throws DvsException {@code NOSPC}
     */
    static void check(Path folder, long bytes, String name) throws IOException, DvsException {
        FileStore store = Files.getFileStore(folder);
        check(store.getTotalSpace(), store.getUsableSpace(), bytes, name);
    }

    static void check(long total, long usable, long bytes, String name) throws DvsException {
        long reserved = Math.min(MOST_RESERVED, (long) (total * SHARE));
        if (bytes > 0 && usable - reserved < bytes) {
            throw PlainFile.noSpace("'" + name + "': " + bytes + " bytes are to come, and " + usable + " are free, of which "
                    + reserved + " stay so");
        }
    }
}
