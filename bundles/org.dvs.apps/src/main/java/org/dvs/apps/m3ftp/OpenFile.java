package org.dvs.apps.m3ftp;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;

/** A file that a client has open at the server. Used by the server's thread. */
final class OpenFile {
    final int owner;
    final Path path;
    private final FileChannel channel;
    private final boolean writing;
    private final long size;
    private final Stamp stamp;
    private final RunningDigest digest;
    long usedNanos;

    private OpenFile(int owner, Path path, FileChannel channel, boolean writing, long size, Stamp stamp, DigestThread digests) {
        this.owner = owner;
        this.stamp = stamp;
        this.path = path;
        this.channel = channel;
        this.writing = writing;
        this.size = size;
        digest = new RunningDigest(digests);
    }

    static OpenFile toRead(int owner, Path path, DigestThread digests) throws IOException {
        Stamp stamp = Stamp.of(path);
        FileChannel channel = FileChannel.open(path, Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS));
        return new OpenFile(owner, path, channel, false, stamp.size(), stamp, digests);
    }

    /** @param resume keep what an earlier attempt has left */
    static OpenFile toWrite(int owner, Path path, long size, boolean resume, DigestThread digests)
            throws IOException, DvsException {
        FileChannel channel = Parts.open(path);
        channel.truncate(resume ? size : 0);
        return new OpenFile(owner, path, channel, true, size, null, digests);
    }

    boolean isWriting() {
        return writing;
    }

    /** Of one to read: its size; of one to write: bytes that are there. */
    long there() throws IOException {
        return writing ? channel.size() : size;
    }

    /** Fills the block up to its limit, or less at the end of the file; flipped then. */
    void read(long position, ByteBuffer block) throws IOException, DvsException {
        check(!writing, position, 0);
        while (block.hasRemaining() && channel.read(block, position + block.position()) > 0) {
            continue;
        }
        digest.read(position, block.flip());
    }

    /** Whether a block may be written there: asked before it is copied. */
    void mayWrite(long position, int length) throws DvsException {
        check(writing, position, length);
    }

    void write(long position, ByteBuffer block) throws IOException {
        ByteBuffer rest = block.duplicate();
        while (rest.hasRemaining()) {
            channel.write(rest, position + rest.position());
        }
        digest.written(position, block);
    }

    private void check(boolean open, long position, int length) throws DvsException {
        if (!open) {
            throw new DvsException(ErrorCode.BADF, "'" + path.getFileName() + "' is not open for this");
        }
        if (position < 0 || position > size - length) {
            throw new DvsException(ErrorCode.RANGE, "position " + position + " and " + length + " bytes of " + size);
        }
    }

    /** @return how far the digest is on its way to {@code to}; -1 if the file is shorter */
    long advance(long to, long most, ByteBuffer buffer) throws IOException, DvsException {
        if (!writing) {
            stamp.check();
        }
        if (to < 0 || to > channel.size()) {
            return -1;
        }
        digest.advance(channel, to, most, buffer);
        return digest.position();
    }

    byte[] digest() {
        return digest.value();
    }

    /** @param commit a file that was written is whole and gets its name */
    void close(boolean commit) throws IOException, DvsException {
        try (channel) {
            if (commit && writing) {
                if (channel.size() != size) {
                    throw new DvsException(ErrorCode.PACKSIZE, channel.size() + " of " + size + " bytes have come");
                }
                Parts.complete(channel, path);
            }
        }
    }
}
