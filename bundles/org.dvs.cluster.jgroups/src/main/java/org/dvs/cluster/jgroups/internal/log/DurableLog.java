package org.dvs.cluster.jgroups.internal.log;

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
    private volatile Fence fence = new Fence("", listener);
    private VoteFile vote;
    private SnapshotFile snapshot;
    private Segments segments;
    private EntryCache cache;
    private long term;
    private long commitIndex;

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
            throw Fence.reason(storage.describe(), e);
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
        fence = new Fence(storage.describe(), listener);
        if (storage.list().contains(VoteFile.NAME)) {
            vote = VoteFile.open(storage);
        } else if (storage.list().stream().anyMatch(name -> Segment.isSegment(name) || name.equals(SnapshotFile.NAME))) {
            throw new LogDamagedException(VoteFile.NAME, 0, "the file is missing");
        } else {
            vote = VoteFile.create(storage);
        }
        snapshot = new SnapshotFile(storage);
        segments = new Segments(storage, sizes.segmentBytes);
        segments.open(snapshot.index(), snapshot.term(), vote.committed());
        cache = new EntryCache(sizes.cacheBytes);
        commitIndex = Math.min(Math.max(segments.committedOnDisk(), snapshot.index()), lastAppended());
        term = Math.max(vote.term(), Math.max(segments.lastTerm(), snapshot.term()));
    }

    /** Why the log takes nothing more; null while it works. Any thread. */
    public DvsException failure() {
        return fence.failure();
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
            fence.run(() -> vote.write(newTerm, null, commitIndex));
            term = newTerm;
        }
        return this;
    }

    @Override
    public Address votedFor() {
        return vote.votedFor();
    }

    @Override
    public Log votedFor(Address member) {
        if (!Objects.equals(member, vote.votedFor())) {
            fence.run(() -> vote.write(term, member, commitIndex));
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

    /** Makes durable what is staged and how far it is committed, which else is written only along with what comes next. */
    public void keepCommitIndex() {
        flush();
        fence.run(() -> vote.write(term, vote.votedFor(), commitIndex));
    }

    /** First index that {@link #get} knows; the snapshot's own index if there is one. 0 while the log is empty. */
    @Override
    public long firstAppended() {
        if (snapshot.index() > 0) {
            return Math.min(snapshot.index(), segments.first());
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
        fence.run(() -> {
            segments.stage(entry, commitIndex);
            cache.add(index, entry);
        });
    }

    /** Makes all staged entries durable with one force. */
    public void flush() {
        fence.run(() -> {
            segments.flush();
            cache.trim(segments.durable());
        });
    }

    @Override
    public LogEntry get(long index) {
        LogEntry cached = cache.get(index);
        if (cached != null) {
            return cached;
        }
        if (index < segments.first() || index > segments.durable()) {
            return index == snapshot.index() && index > 0 ? new LogEntry(snapshot.term(), new byte[0]) : null;
        }
        return fence.call(() -> segments.read(index));
    }

    /** @return term of the entry at {@code index}; 0 for index 0 while the log begins with 1; -1 if the log does not know it */
    public long term(long index) {
        LogEntry cached = cache.get(index);
        if (cached != null) {
            return cached.term();
        }
        return index == snapshot.index() ? snapshot.term() : fence.call(() -> segments.term(index));
    }

    /** First index that {@link #get} has an entry for, or would have if it were not the end. */
    public long firstKept() {
        return segments.first();
    }

    @Override
    public void deleteAllEntriesStartingFrom(long index) {
        if (index <= Math.max(commitIndex, snapshot.index())) {
            throw new IllegalArgumentException("entry " + index + " is committed, it cannot be taken away");
        }
        fence.run(() -> {
            cache.removeFrom(index);
            segments.removeFrom(index);
        });
    }

    /** Index of the last entry that the snapshot holds; 0 if there is none. */
    public long snapshotIndex() {
        return snapshot.index();
    }

    public long snapshotTerm() {
        return snapshot.term();
    }

    /** Keeps a snapshot of the state after {@code index}, which is committed, and lets go of segments it makes superfluous. */
    public void saveSnapshot(long index, ByteBuffer state) {
        if (index > commitIndex || index < snapshot.index()) {
            throw new IllegalArgumentException("snapshot at " + index + ", committed up to " + commitIndex);
        }
        long itsTerm = term(index);
        fence.run(() -> {
            snapshot.write(index, itsTerm, state);
            segments.removeBefore(index - sizes.keptEntries);
        });
    }

    /**
     * Takes the leader's snapshot in the place of all that is here, except entries that go on from it.
     *
     * @param index higher than {@link #commitIndex}
     */
    public void installSnapshot(long index, long itsTerm, ByteBuffer state) {
        boolean goesOn = index <= lastAppended() && term(index) == itsTerm;
        fence.run(() -> {
            segments.flush();
            snapshot.write(index, itsTerm, state);
            if (!goesOn) {
                cache.clear();
                segments.restartAt(index, itsTerm);
            }
            commitIndex = Math.max(commitIndex, index);
        });
    }

    /** A snapshot at the commit index. */
    @Override
    public void setSnapshot(ByteBuffer state) {
        saveSnapshot(commitIndex, state);
    }

    @Override
    public ByteBuffer getSnapshot() {
        return snapshot.index() == 0 ? null : fence.call(snapshot::state);
    }

    @Override
    public void truncate(long index) {
        fence.run(() -> segments.removeBefore(Math.min(index, snapshot.index())));
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
        if (vote != null && fence.failure() == null && commitIndex != vote.committed()) {
            try {
                fence.run(() -> vote.write(term, vote.votedFor(), commitIndex));
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
