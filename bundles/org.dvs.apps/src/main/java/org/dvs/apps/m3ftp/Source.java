package org.dvs.apps.m3ftp;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.Set;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.apps.AdvisedException;

/** A file that is read as it was when it was opened: one that looks otherwise at the end never was what has been read. */
final class Source implements AutoCloseable {
    private static final int TRIES = 10;

    private final FileChannel channel;
    private final Stamp stamp;

    private Source(FileChannel channel, Stamp stamp) {
        this.channel = channel;
        this.stamp = stamp;
    }

    /** How a file looks from outside. */
    private record Stamp(Path file, Object key, long size, FileTime modified) {

        static Stamp of(Path file) throws IOException {
            BasicFileAttributes now = Files.readAttributes(file, BasicFileAttributes.class);
            return new Stamp(file, now.fileKey(), now.size(), now.lastModifiedTime());
        }
    }

    /**
     * @param byLinks whether its name may be a link
     * @throws DvsException {@code BUSY} if it is being written; {@code INVAL} if it has more bytes than its size says, as files
     *                      have that the system makes while they are read: of those nobody knows when they are whole
     */
    static Source open(Path file, boolean byLinks) throws IOException, DvsException {
        Set<OpenOption> options = byLinks ? Set.of(StandardOpenOption.READ)
                : Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);
        for (int i = 0; i < TRIES; i++) {
            Stamp before = Stamp.of(file);
            FileChannel channel = FileChannel.open(file, options);
            try {
                // Else another file may have got the name in between, and size and bytes be those of two.
                boolean more = channel.read(ByteBuffer.allocate(1), before.size()) > 0;
                if (Stamp.of(file).equals(before)) {
                    if (more) {
                        throw new AdvisedException(ErrorCode.INVAL, "'" + file.getFileName() + "' has more than the "
                                + before.size() + " bytes that its size says", "Copy it first, with cat, then take the copy.");
                    }
                    return new Source(channel, before);
                }
            } catch (IOException | DvsException e) {
                channel.close();
                throw e;
            }
            channel.close();
        }
        throw changed(file, "is being written");
    }

    private static DvsException changed(Path file, String how) {
        return new DvsException(ErrorCode.BUSY, "'" + file.getFileName() + "' " + how);
    }

    FileChannel channel() {
        return channel;
    }

    /** When it was opened. */
    long size() {
        return stamp.size;
    }

    /**
     * Fills the block up to its limit, or less at the end of the file; flipped then.
     *
     * @throws DvsException {@code BUSY} if the file has become shorter, so that nothing is there
     */
    void read(long at, ByteBuffer block) throws IOException, DvsException {
        while (block.hasRemaining() && channel.read(block, at + block.position()) > 0) {
            continue;
        }
        if (block.flip().limit() == 0 && at < stamp.size) {
            throw changed(stamp.file, "became shorter while it was read");
        }
    }

    /** @throws DvsException {@code BUSY} if it was written meanwhile; one that was replaced as a whole is read to its end */
    void check() throws IOException, DvsException {
        if (Files.exists(stamp.file)) {
            Stamp now = Stamp.of(stamp.file);
            if (now.key.equals(stamp.key) && !now.equals(stamp)) {
                throw changed(stamp.file, "was written while it was read");
            }
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
