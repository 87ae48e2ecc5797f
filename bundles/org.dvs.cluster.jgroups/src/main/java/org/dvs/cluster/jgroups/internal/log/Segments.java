package org.dvs.cluster.jgroups.internal.log;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import org.jgroups.protocols.raft.LogEntry;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The records of a log in a row of segments. Records are staged in memory, then written and forced together. One thread.
 *
 * <p>On opening, a bad record is taken for torn by a loss of power, and cut off with all behind it, if it is in the last segment
 * and nothing says that it was durable before; else it is damage, and opening fails.
 */
final class Segments implements Closeable {
    private static final Logger LOG = LoggerFactory.getLogger(Segments.class);
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private final Storage storage;
    private final int segmentBytes;
    private final Records records = new Records();
    private final List<Segment> segments = new ArrayList<>();
    private ByteBuffer staged = ByteBuffer.allocateDirect(64 * 1024);
    private int[] lengths = new int[256];
    private int stagedCount;
    private long durable;
    private long lastTerm;
    private long committedOnDisk;

    Segments(Storage storage, int segmentBytes) {
        this.storage = storage;
        this.segmentBytes = segmentBytes;
    }

    /**
     * Reads all segments there are, and makes the first if there is none.
     *
     * @param snapshotIndex last index that the snapshot holds, 0 if there is none
     * @param snapshotTerm  of the entry there
     * @param committed     highest index that is known to have been committed, and so to have been durable
     */
    void open(long snapshotIndex, long snapshotTerm, long committed) throws IOException {
        List<String> names = storage.list().stream().filter(Segment::isSegment).toList();
        committedOnDisk = committed;
        Segment.Scan previous = null;
        for (String name : names) {
            if (previous != null && previous.dirty > 0) {
                throw damaged(previous);
            }
            Segment.Scan scan = Segment.open(storage, name);
            segments.add(scan.segment);
            if (previous != null
                    && (scan.segment.first() != previous.segment.next() || scan.segment.previousTerm() != previous.lastTerm)) {
                throw damaged(previous);
            }
            committedOnDisk = Math.max(committedOnDisk, scan.committed);
            lastTerm = scan.lastTerm;
            previous = scan;
        }
        if (previous == null) {
            if (snapshotIndex < committed) {
                throw new LogDamagedException(storage.describe(), 0, "no segment, but " + committed + " entries were committed");
            }
            restartAt(snapshotIndex, snapshotTerm);
            return;
        }
        Segment last = previous.segment;
        // a snapshot from the leader makes what was here superfluous, whatever state it was in; but only up to its index
        boolean superseded = last.next() <= snapshotIndex && committedOnDisk <= snapshotIndex;
        if (!superseded) {
            checkEnd(previous);
        }
        durable = last.next() - 1;
        if (segments.get(0).first() > snapshotIndex + 1) {
            throw new LogDamagedException(segments.get(0).name(), 0, "the segments before this one are missing");
        }
        if (superseded || snapshotIndex > 0 && term(snapshotIndex) != snapshotTerm) {
            restartAt(snapshotIndex, snapshotTerm);
        } else if (previous.dirty > 0) {
            LOG.warn("{}: cut {} bytes of a batch that was being written when the power went, from byte {} (record {}) on",
                    last.name(), previous.dirty, last.end(), last.next());
            replaceLast(last.cutFrom(last.next(), storage));
        }
    }

    private void checkEnd(Segment.Scan scan) throws IOException {
        Segment last = scan.segment;
        if (last.next() <= committedOnDisk || scan.durableBeyond >= last.next()) {
            throw damaged(scan);
        }
    }

    private LogDamagedException damaged(Segment.Scan scan) {
        return new LogDamagedException(scan.segment.name(), scan.segment.end(),
                "record " + scan.segment.next() + " is damaged or missing, though it was safely on disk before");
    }

    /** Highest commit index that opening has found. */
    long committedOnDisk() {
        return committedOnDisk;
    }

    /** First index that can be read. */
    long first() {
        return segments.get(0).first();
    }

    /** Staged ones included. */
    long last() {
        return current().next() + stagedCount - 1;
    }

    long durable() {
        return durable;
    }

    long lastTerm() {
        return lastTerm;
    }

    long bytes() {
        return segments.stream().mapToLong(Segment::end).sum() + staged.position();
    }

    private Segment current() {
        return segments.get(segments.size() - 1);
    }

    /** Takes a record that {@link #flush} writes. Writes what is staged before, when it fills a segment. */
    void stage(LogEntry entry, long committed) throws IOException {
        int size = Records.size(entry);
        if (!current().hasRoom(staged.position() + size)) {
            flush();
            roll(size);
        }
        if (staged.remaining() < size) {
            ByteBuffer larger = ByteBuffer.allocateDirect(Math.max(staged.capacity() * 2, staged.position() + size));
            staged = larger.put(staged.flip());
        }
        if (stagedCount == lengths.length) {
            lengths = Arrays.copyOf(lengths, stagedCount * 2);
        }
        records.put(staged, last() + 1, entry, durable, committed);
        lengths[stagedCount++] = size;
        lastTerm = entry.term();
    }

    /** Makes all that is staged durable with one write and one force. */
    void flush() throws IOException {
        if (stagedCount == 0) {
            return;
        }
        Segment current = current();
        current.append(staged.flip(), lengths, stagedCount);
        staged.clear();
        stagedCount = 0;
        current.force();
        durable = current.next() - 1;
    }

    private void roll(int size) throws IOException {
        segments.add(Segment.create(storage, last() + 1, lastTerm, Math.max(segmentBytes, Segment.HEADER + size), NOTHING));
    }

    /** The durable record at {@code index}. */
    LogEntry read(long index) throws IOException {
        return holding(index).read(index, records);
    }

    /** @return -1 if the log does not hold it any more, or not yet */
    long term(long index) throws IOException {
        if (index == durable && stagedCount == 0) {
            return lastTerm;
        }
        if (index == first() - 1) {
            return segments.get(0).previousTerm();
        }
        return index < first() || index > durable ? -1 : read(index).term();
    }

    private Segment holding(long index) {
        int at = segments.size() - 1;
        while (segments.get(at).first() > index) {
            at--;
        }
        return segments.get(at);
    }

    /** Takes records away from {@code index} on, the newest segment first, so that at any moment the rest is a whole log. */
    void removeFrom(long index) throws IOException {
        flush();
        while (segments.size() > 1 && current().first() >= index) {
            removeSegment(segments.size() - 1);
        }
        if (index < current().next()) {
            replaceLast(current().cutFrom(Math.max(index, current().first()), storage));
        }
        durable = current().next() - 1;
        lastTerm = durable < first() ? current().previousTerm() : read(durable).term();
    }

    /** Takes whole segments away whose records are all before {@code index}, the oldest first. */
    void removeBefore(long index) throws IOException {
        while (segments.size() > 1 && segments.get(1).first() <= index) {
            removeSegment(0);
        }
    }

    /** Throws all records away; the next one is {@code index + 1}. */
    void restartAt(long index, long term) throws IOException {
        stagedCount = 0;
        staged.clear();
        while (!segments.isEmpty()) {
            removeSegment(segments.size() - 1);
        }
        segments.add(Segment.create(storage, index + 1, term, segmentBytes, NOTHING));
        durable = index;
        lastTerm = term;
    }

    private void removeSegment(int at) throws IOException {
        Segment segment = segments.remove(at);
        segment.close();
        storage.delete(segment.name());
        storage.forceFolder();
    }

    private void replaceLast(Segment segment) {
        segments.set(segments.size() - 1, segment);
    }

    @Override
    public void close() throws IOException {
        for (Segment segment : segments) {
            segment.close();
        }
    }
}
