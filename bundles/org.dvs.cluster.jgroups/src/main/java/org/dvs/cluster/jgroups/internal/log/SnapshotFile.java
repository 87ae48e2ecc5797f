package org.dvs.cluster.jgroups.internal.log;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * The file {@code snapshot}: index and term of the last entry that it holds, then the state; replaced as a whole. One thread at a
 * time.
 */
final class SnapshotFile {
    static final String NAME = "snapshot";
    private static final long MAGIC = 0x44565320_736E7031L;
    private static final int MAX_BYTES = 1024 * 1024 * 1024;
    private static final int PREFIX = 16;

    private final Storage storage;
    private long index;
    private long term;

    /** Reads index and term if there is one. */
    SnapshotFile(Storage storage) throws IOException {
        this.storage = storage;
        if (storage.list().contains(NAME)) {
            ByteBuffer body = read();
            index = body.getLong(0);
            term = body.getLong(Long.BYTES);
        }
    }

    private ByteBuffer read() throws IOException {
        ByteBuffer body = Checksummed.read(storage, NAME, MAGIC, MAX_BYTES);
        if (body.remaining() < PREFIX) {
            throw new LogDamagedException(NAME, Checksummed.HEADER, "the snapshot is cut off");
        }
        return body;
    }

    void write(long newIndex, long newTerm, ByteBuffer state) throws IOException {
        ByteBuffer body = ByteBuffer.allocate(PREFIX + state.remaining()).putLong(newIndex).putLong(newTerm)
                .put(state.duplicate()).flip();
        Checksummed.write(storage, NAME, MAGIC, body);
        index = newIndex;
        term = newTerm;
    }

    /** Index of the last entry that it holds; 0 if there is none. */
    long index() {
        return index;
    }

    long term() {
        return term;
    }

    ByteBuffer state() throws IOException {
        return read().position(PREFIX).slice();
    }
}
