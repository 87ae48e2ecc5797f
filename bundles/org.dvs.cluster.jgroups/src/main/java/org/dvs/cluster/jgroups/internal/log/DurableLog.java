package org.dvs.cluster.jgroups.internal.log;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.ObjLongConsumer;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.jgroups.Address;
import org.jgroups.protocols.raft.Log;
import org.jgroups.protocols.raft.LogEntries;
import org.jgroups.protocols.raft.LogEntry;
import org.jgroups.util.Util;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The agreed log on disk: what it has acknowledged survives a loss of power; what it reads is what was written, or it says so.
 *
 * <p><b>Files.</b> {@code vote}: term, vote, commit index. {@code snapshot}: state up to an index. {@code segment-N}: records
 * from index N on. Every file has a magic, a version and checksums; all but the end of the last segment are replaced as a whole.
 * <p><b>Failure.</b> The first failed read, write or force is final: the log is fenced, the listener hears why, and each call
 * that would change something throws {@link LogFencedException}. Nothing is retried: after a failed force nobody knows what is
 * on disk.
 * <p><b>Commit index.</b> Written along with the records and the vote, so after a restart it may be lower than it was.
 * <p><b>Threads.</b> One at a time; {@link #failure} from any.
 * <p>Source: dvs raft reference, defects 3 to 5.
 */
public final class DurableLog implements Log {
    private static final Logger LOG = LoggerFactory.getLogger(DurableLog.class);
    private static final String VOTE = "vote";
    private static final String SNAPSHOT = "snapshot";
    private static final long VOTE_MAGIC = 0x44565320_766F7431L;
    private static final long SNAPSHOT_MAGIC = 0x44565320_736E7031L;
    private static final int MAX_VOTE = 4096;
    private static final int MAX_SNAPSHOT = 1024 * 1024 * 1024;
    private static final int SNAPSHOT_PREFIX = 16;

    /**
     * How large things are.
     *
     * @param segmentBytes size of a segment file; a larger record gets a segment of its own
     * @param cacheBytes   payload of the newest entries that is kept in memory
     * @param keptEntries  how many entries before a snapshot stay, for members that lag
     */
    public record Sizes(int segmentBytes, int cacheBytes, int keptEntries) {
        public static final Sizes DEFAULT = new Sizes(8 * 1024 * 1024, 8 * 1024 * 1024, 2000);
    }

    private Storage storage;
    private Sizes sizes = Sizes.DEFAULT;
    private Consumer<DvsException> listener = reason -> { };
    private Segments segments;
    private EntryCache cache;
    private long term;
    private Address votedFor;
    private long commitIndex;
    private long savedCommit;
    private long snapshotIndex;
    private long snapshotTerm;
    private volatile DvsException failure;

    /** For {@code log_class}: opened by {@link #init}. */
    public DurableLog() {
        // everything is set when it is opened
    }

    /**
     * Opens the log in a storage, or makes it there.
     *
     * @param listener hears the first failure, once, on the thread that met it
     * @throws DvsException {@code LOGDAMAGED} with file and offset; {@code RSCBUSY}; {@code NOSPC}; {@code IO}
     */
    public static DurableLog open(Storage storage, Sizes sizes, Consumer<DvsException> listener) throws DvsException {
        DurableLog log = new DurableLog();
        log.sizes = sizes;
        log.listener = listener;
        try {
            log.open(storage);
        } catch (IOException e) {
            log.closeQuietly();
            throw reason(storage, e);
        }
        return log;
    }

    /** As {@link #open(Storage, Sizes, Consumer)}, in a folder of the file system. */
    public static DurableLog open(Path folder, Consumer<DvsException> listener) throws DvsException {
        try {
            return open(new NioStorage(folder), Sizes.DEFAULT, listener);
        } catch (LogBusyException e) {
            throw new DvsException(ErrorCode.RSCBUSY, e.getMessage(), e);
        } catch (IOException e) {
            throw new DvsException(ErrorCode.IO, "the log's folder " + folder + ": " + e.getMessage(), e);
        }
    }

    @Override
    public void init(String folder, Map<String, String> args) throws Exception {
        open(new NioStorage(Path.of(folder)));
    }

    private void open(Storage where) throws IOException {
        storage = where;
        for (String name : storage.list()) {
            if (Checksummed.isTemporary(name)) {
                storage.delete(name);
            }
        }
        boolean used = storage.list().stream().anyMatch(name -> Segment.isSegment(name) || name.equals(SNAPSHOT));
        if (storage.list().contains(VOTE)) {
            readVote();
        } else if (used) {
            throw new LogDamagedException(VOTE, 0, "the file is missing");
        } else {
            writeVote();
        }
        if (storage.list().contains(SNAPSHOT)) {
            ByteBuffer body = snapshotFile();
            snapshotIndex = body.getLong(0);
            snapshotTerm = body.getLong(8);
        }
        segments = new Segments(storage, sizes.segmentBytes);
        segments.open(snapshotIndex, snapshotTerm, savedCommit);
        cache = new EntryCache(sizes.cacheBytes);
        commitIndex = Math.min(Math.max(segments.committedOnDisk(), snapshotIndex), lastAppended());
        term = Math.max(term, Math.max(segments.lastTerm(), snapshotTerm));
    }

    private void readVote() throws IOException {
        ByteBuffer body = Checksummed.read(storage, VOTE, VOTE_MAGIC, MAX_VOTE);
        byte[] bytes = new byte[body.remaining()];
        body.get(bytes);
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
            term = in.readLong();
            savedCommit = in.readLong();
            votedFor = in.readBoolean() ? Util.readAddress(in) : null;
        } catch (ClassNotFoundException | RuntimeException | IOException e) {
            throw new LogDamagedException(VOTE, Checksummed.HEADER, "the vote cannot be read");
        }
    }

    private void writeVote() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeLong(term);
            out.writeLong(commitIndex);
            out.writeBoolean(votedFor != null);
            if (votedFor != null) {
                Util.writeAddress(votedFor, out);
            }
        }
        Checksummed.write(storage, VOTE, VOTE_MAGIC, ByteBuffer.wrap(bytes.toByteArray()));
        savedCommit = commitIndex;
    }

    private ByteBuffer snapshotFile() throws IOException {
        ByteBuffer body = Checksummed.read(storage, SNAPSHOT, SNAPSHOT_MAGIC, MAX_SNAPSHOT);
        if (body.remaining() < SNAPSHOT_PREFIX) {
            throw new LogDamagedException(SNAPSHOT, Checksummed.HEADER, "the snapshot is cut off");
        }
        return body;
    }

    /** Something on the storage. */
    @FunctionalInterface
    private interface Step<T> {
        T run() throws IOException;
    }

    /** Runs a step unless the log is fenced; fences it if the step fails. */
    private <T> T fenced(Step<T> step) {
        if (failure != null) {
            throw new LogFencedException(failure);
        }
        try {
            return step.run();
        } catch (IOException | RuntimeException e) {
            failure = reason(storage, e);
            LOG.error("The agreed log stops for good: {}", failure.getMessage());
            LOG.debug("Met here", e);
            listener.accept(failure);
            throw new LogFencedException(failure);
        }
    }

    private static DvsException reason(Storage storage, Exception e) {
        String text = storage.describe() + ": " + e.getMessage();
        ErrorCode code = ErrorCode.IO;
        if (e instanceof LogDamagedException) {
            code = ErrorCode.LOGDAMAGED;
        } else if (e instanceof LogBusyException) {
            code = ErrorCode.RSCBUSY;
        } else if (text.contains("No space left") || text.contains("quota exceeded")) {
            code = ErrorCode.NOSPC;
        }
        return new DvsException(code, text, e);
    }

    /** Why the log takes nothing more; null while it works. Any thread. */
    public DvsException failure() {
        return failure;
    }

    /** Always synced: {@code false} is not taken, because nothing above could be promised then. */
    @Override
    public Log useFsync(boolean sync) {
        return this;
    }

    @Override
    public boolean useFsync() {
        return true;
    }

    /** Removes all files. The log is of no use afterwards. */
    @Override
    public void delete() throws IOException {
        segments.close();
        for (String name : storage.list()) {
            storage.delete(name);
        }
        storage.forceFolder();
    }

    @Override
    public long currentTerm() {
        return term;
    }

    /** A higher term takes the vote of the old one away in the same step. */
    @Override
    public Log currentTerm(long newTerm) {
        if (newTerm > term) {
            fenced(() -> {
                term = newTerm;
                votedFor = null;
                writeVote();
                return null;
            });
        }
        return this;
    }

    @Override
    public Address votedFor() {
        return votedFor;
    }

    @Override
    public Log votedFor(Address member) {
        if (!Objects.equals(member, votedFor)) {
            fenced(() -> {
                votedFor = member;
                writeVote();
                return null;
            });
        }
        return this;
    }

    @Override
    public long commitIndex() {
        return commitIndex;
    }

    /** Never goes back, never beyond the end. */
    @Override
    public Log commitIndex(long index) {
        commitIndex = Math.max(commitIndex, Math.min(index, lastAppended()));
        return this;
    }

    /** First index that {@link #get} knows; the snapshot's own index if there is one. 0 while the log is empty. */
    @Override
    public long firstAppended() {
        if (snapshotIndex > 0) {
            return Math.min(snapshotIndex, segments.first());
        }
        return lastAppended() == 0 ? 0 : 1;
    }

    @Override
    public long lastAppended() {
        return segments.last();
    }

    /** Highest index that is safe on disk; lower than {@link #lastAppended} between {@link #stage} and {@link #flush}. */
    public long durable() {
        return segments.durable();
    }

    @Override
    public long append(long index, LogEntries entries) {
        for (LogEntry entry : entries) {
            stage(index++, entry);
        }
        flush();
        return lastAppended();
    }

    /**
     * Takes an entry at once and writes it with the next {@link #flush}, so that it can be sent while the disk works.
     *
     * @param index the one after {@link #lastAppended}
     */
    public void stage(long index, LogEntry entry) {
        if (index != lastAppended() + 1 || entry.length() > Records.MAX_PAYLOAD) {
            throw new IllegalArgumentException("entry " + index + " of " + entry.length() + " bytes after " + lastAppended());
        }
        fenced(() -> {
            segments.stage(entry, commitIndex);
            cache.add(index, entry);
            return null;
        });
    }

    /** Makes all staged entries durable with one force. */
    public void flush() {
        fenced(() -> {
            segments.flush();
            cache.trim(segments.durable());
            return null;
        });
    }

    @Override
    public LogEntry get(long index) {
        LogEntry cached = cache.get(index);
        if (cached != null) {
            return cached;
        }
        if (index < segments.first() || index > segments.durable()) {
            return index == snapshotIndex && index > 0 ? new LogEntry(snapshotTerm, new byte[0]) : null;
        }
        return fenced(() -> segments.read(index));
    }

    /** @return term of the entry at {@code index}; 0 for index 0 while the log begins with 1; -1 if the log does not know it */
    public long term(long index) {
        LogEntry cached = cache.get(index);
        if (cached != null) {
            return cached.term();
        }
        return index == snapshotIndex ? snapshotTerm : fenced(() -> segments.term(index));
    }

    /** First index that {@link #get} has an entry for, or would have if it were not the end. */
    public long firstKept() {
        return segments.first();
    }

    @Override
    public void deleteAllEntriesStartingFrom(long index) {
        if (index <= Math.max(commitIndex, snapshotIndex)) {
            throw new IllegalArgumentException("entry " + index + " is committed, it cannot be taken away");
        }
        fenced(() -> {
            cache.removeFrom(index);
            segments.removeFrom(index);
            return null;
        });
    }

    /** Index of the last entry that the snapshot holds; 0 if there is none. */
    public long snapshotIndex() {
        return snapshotIndex;
    }

    public long snapshotTerm() {
        return snapshotTerm;
    }

    /** Keeps a snapshot of the state after {@code index}, which is committed, and lets go of segments it makes superfluous. */
    public void saveSnapshot(long index, ByteBuffer state) {
        if (index > commitIndex || index < snapshotIndex) {
            throw new IllegalArgumentException("snapshot at " + index + ", committed up to " + commitIndex);
        }
        long itsTerm = term(index);
        fenced(() -> {
            writeSnapshot(index, itsTerm, state);
            segments.removeBefore(index - sizes.keptEntries);
            return null;
        });
    }

    /**
     * Takes the leader's snapshot in the place of all that is here, except entries that go on from it.
     *
     * @param index higher than {@link #commitIndex}
     */
    public void installSnapshot(long index, long itsTerm, ByteBuffer state) {
        boolean goesOn = index <= lastAppended() && term(index) == itsTerm;
        fenced(() -> {
            segments.flush();
            writeSnapshot(index, itsTerm, state);
            if (!goesOn) {
                cache.clear();
                segments.restartAt(index, itsTerm);
            }
            commitIndex = Math.max(commitIndex, index);
            return null;
        });
    }

    private void writeSnapshot(long index, long itsTerm, ByteBuffer state) throws IOException {
        ByteBuffer body = ByteBuffer.allocate(SNAPSHOT_PREFIX + state.remaining()).putLong(index).putLong(itsTerm)
                .put(state.duplicate()).flip();
        Checksummed.write(storage, SNAPSHOT, SNAPSHOT_MAGIC, body);
        snapshotIndex = index;
        snapshotTerm = itsTerm;
    }

    /** A snapshot at the commit index. */
    @Override
    public void setSnapshot(ByteBuffer state) {
        saveSnapshot(commitIndex, state);
    }

    @Override
    public ByteBuffer getSnapshot() {
        return snapshotIndex == 0 ? null : fenced(() -> snapshotFile().position(SNAPSHOT_PREFIX).slice());
    }

    @Override
    public void truncate(long index) {
        fenced(() -> {
            segments.removeBefore(Math.min(index, snapshotIndex));
            return null;
        });
    }

    /** Relabels the snapshot that was set before, as the caller of {@link Log} expects it. */
    @Override
    public void reinitializeTo(long index, LogEntry entry) {
        ByteBuffer state = getSnapshot();
        installSnapshot(index, entry.term(), state == null ? ByteBuffer.allocate(0) : state);
        currentTerm(entry.term());
    }

    @Override
    public void forEach(ObjLongConsumer<LogEntry> function, long from, long to) {
        for (long index = Math.max(from, segments.first()); index <= Math.min(to, lastAppended()); index++) {
            function.accept(get(index), index);
        }
    }

    @Override
    public void forEach(ObjLongConsumer<LogEntry> function) {
        forEach(function, segments.first(), lastAppended());
    }

    @Override
    public long sizeInBytes() {
        return segments.bytes();
    }

    @Override
    public void close() {
        if (failure == null && commitIndex != savedCommit) {
            try {
                fenced(() -> {
                    writeVote();
                    return null;
                });
            } catch (LogFencedException e) {
                LOG.debug("The commit index was not kept; it is found again after the restart", e);
            }
        }
        closeQuietly();
    }

    private void closeQuietly() {
        try (Storage last = storage; Segments first = segments) {
            LOG.debug("Closing the log in {}", last == null ? "nowhere" : last.describe());
        } catch (IOException e) {
            LOG.warn("Closing the agreed log: {}", e.getMessage());
        }
    }

    @Override
    public String toString() {
        return "log in " + storage.describe() + " from " + firstAppended() + " to " + lastAppended() + ", committed "
                + commitIndex;
    }
}
