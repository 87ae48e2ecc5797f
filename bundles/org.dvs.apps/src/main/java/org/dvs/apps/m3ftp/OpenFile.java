package org.dvs.apps.m3ftp;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;

/** A file that a client has open at the server, to read or to write. Used by the server's thread. */
final class OpenFile {
    final int owner;
    final Path path;
    /** One of both is null. */
    private final Source source;
    private final Part part;
    private final long size;
    private final RunningDigest digest;
    long usedNanos;

    private OpenFile(int owner, Path path, Source source, Part part, long size, DigestThread digests) {
        this.owner = owner;
        this.path = path;
        this.source = source;
        this.part = part;
        this.size = size;
        digest = new RunningDigest(digests);
    }

    static OpenFile toRead(int owner, Path path, DigestThread digests) throws IOException, DvsException {
        Source source = Source.open(path, false);
        return new OpenFile(owner, path, source, null, source.size(), digests);
    }

    static OpenFile toWrite(int owner, Path path, Part part, long size, DigestThread digests) {
        return new OpenFile(owner, path, null, part, size, digests);
    }

    boolean isWriting() {
        return part != null;
    }

    private FileChannel channel() {
        return isWriting() ? part.channel() : source.channel();
    }

    /** Of one to read: its size; of one to write: bytes that are there. */
    long there() throws IOException {
        return isWriting() ? part.there() : size;
    }

    /** Fills the block up to its limit, or less at the end of the file; flipped then. */
    void read(long position, ByteBuffer block) throws IOException, DvsException {
        check(!isWriting(), position, 0);
        source.read(position, block);
        digest.read(position, block);
    }

    /** Whether a block may be written there: asked before it is copied. */
    void mayWrite(long position, int length) throws DvsException {
        check(isWriting(), position, length);
    }

    void write(long position, ByteBuffer block) throws IOException, DvsException {
        part.write(position, block);
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
        if (!isWriting()) {
            source.check();
        }
        if (to < 0 || to > channel().size()) {
            return -1;
        }
        digest.advance(channel(), to, most, buffer);
        return digest.position();
    }

    byte[] digest() {
        return digest.value();
    }

    /** @param commit a file that was written is whole and gets its name */
    void close(boolean commit) throws IOException, DvsException {
        if (!isWriting()) {
            source.close();
            return;
        }
        try (part) {
            if (commit) {
                if (part.there() != size) {
                    throw new DvsException(ErrorCode.PACKSIZE, part.there() + " of " + size + " bytes have come");
                }
                part.complete();
            }
        }
    }
}
