package org.dvs.apps.m3ftp;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** SHA-256 of a file's beginning, made from the blocks as they pass; what did not pass in order is read from the file. */
final class RunningDigest {
    static final int BYTES = 32;

    private final MessageDigest digest;
    private final DigestThread thread;
    private long position;

    RunningDigest(DigestThread thread) {
        this.thread = thread;
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    /** Bytes of the file that are in it. */
    long position() {
        return position;
    }

    /** A block that was read; counts if it follows what is in already. */
    void read(long at, ByteBuffer block) {
        if (at == position) {
            position += block.remaining();
            thread.add(digest, block);
        }
    }

    /** A block that was written; what was there before no longer counts. */
    void written(long at, ByteBuffer block) {
        if (at < position) {
            reset();
        }
        read(at, block);
    }

    private void reset() {
        thread.await();
        digest.reset();
        position = 0;
    }

    /**
     * Goes on towards {@code to}; begins anew if it is beyond.
     *
     * @param most bytes to read now
     */
    void advance(FileChannel file, long to, long most, ByteBuffer buffer) throws IOException {
        if (position > to) {
            reset();
        }
        long end = position + Math.min(to - position, most);
        while (position < end) {
            buffer.clear().limit((int) Math.min(buffer.capacity(), end - position));
            if (file.read(buffer, position) < 1) {
                return;
            }
            read(position, buffer.flip());
        }
    }

    /** The digest of what is in it; it may go on. */
    byte[] value() {
        thread.await();
        try {
            return ((MessageDigest) digest.clone()).digest();
        } catch (CloneNotSupportedException e) {
            throw new IllegalStateException("SHA-256 of this Java cannot be copied", e);
        }
    }
}
