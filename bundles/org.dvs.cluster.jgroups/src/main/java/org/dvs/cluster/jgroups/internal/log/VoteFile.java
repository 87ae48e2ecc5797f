package org.dvs.cluster.jgroups.internal.log;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;

import org.jgroups.Address;
import org.jgroups.util.Util;

/** The file {@code vote}: term, commit index and vote, in this order; replaced as a whole. One thread at a time. */
final class VoteFile {
    static final String NAME = "vote";
    private static final long MAGIC = 0x44565320_766F7431L;
    private static final int MAX_BYTES = 4096;

    private final Storage storage;
    private long term;
    private long committed;
    private Address votedFor;

    private VoteFile(Storage storage) {
        this.storage = storage;
    }

    /** Reads it. */
    static VoteFile open(Storage storage) throws IOException {
        VoteFile file = new VoteFile(storage);
        ByteBuffer body = Checksummed.read(storage, NAME, MAGIC, MAX_BYTES);
        byte[] bytes = new byte[body.remaining()];
        body.get(bytes);
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
            file.term = in.readLong();
            file.committed = in.readLong();
            file.votedFor = in.readBoolean() ? Util.readAddress(in) : null;
        } catch (ClassNotFoundException | RuntimeException | IOException e) {
            throw new LogDamagedException(NAME, Checksummed.HEADER, "the vote cannot be read");
        }
        return file;
    }

    /** Makes it: term 0, no vote. */
    static VoteFile create(Storage storage) throws IOException {
        VoteFile file = new VoteFile(storage);
        file.write(0, null, 0);
        return file;
    }

    void write(long newTerm, Address vote, long commitIndex) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeLong(newTerm);
            out.writeLong(commitIndex);
            out.writeBoolean(vote != null);
            if (vote != null) {
                Util.writeAddress(vote, out);
            }
        }
        Checksummed.write(storage, NAME, MAGIC, ByteBuffer.wrap(bytes.toByteArray()));
        term = newTerm;
        votedFor = vote;
        committed = commitIndex;
    }

    long term() {
        return term;
    }

    /** The commit index as it was when this was written last. */
    long committed() {
        return committed;
    }

    /** @return null if nobody */
    Address votedFor() {
        return votedFor;
    }
}
