package org.dvs.cluster.jgroups.internal.log;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.zip.CRC32C;

import org.jgroups.protocols.raft.LogEntry;

/**
 * One file with consecutive records, filled with zeros to its full size when it is made, so that appending changes no size.
 * <pre>
 *   0  long   magic
 *   8  int    version
 *  12  int    CRC32C of the other bytes of this header
 *  16  long   index of the first record
 *  24  long   term of the entry before it
 *  32         records, then zeros
 * </pre>
 * Source: dvs raft reference, defects 3 and 5.
 */
final class Segment implements Closeable {
    static final int HEADER = 32;

    private static final long MAGIC = 0x44565320_6C6F6731L; // "DVS log1"
    private static final int VERSION = 1;
    private static final String PREFIX = "segment-";
    private static final int CHUNK = 256 * 1024;

    private final String name;
    private final Storage.File file;
    private final int capacity;
    private final long first;
    private final long previousTerm;
    private int[] offsets = new int[64];
    private int count;
    private int end = HEADER;

    private Segment(String name, Storage.File file, int capacity, long first, long previousTerm) {
        this.name = name;
        this.file = file;
        this.capacity = capacity;
        this.first = first;
        this.previousTerm = previousTerm;
    }

    static boolean isSegment(String fileName) {
        return fileName.startsWith(PREFIX) && !Checksummed.isTemporary(fileName);
    }

    /**
     * Makes a segment under a temporary name and gives it its own in one step.
     *
     * @param content records to begin with, as they stand in a file; taken from its position on
     */
    static Segment create(Storage storage, long first, long previousTerm, int capacity, ByteBuffer content) throws IOException {
        String name = String.format("%s%019d", PREFIX, first);
        String temporary = name + ".tmp";
        ByteBuffer header = ByteBuffer.allocate(HEADER);
        header.putLong(0, MAGIC).putInt(8, VERSION).putLong(16, first).putLong(24, previousTerm);
        header.putInt(12, headerChecksum(header));
        Storage.File file = storage.create(temporary);
        try {
            file.write(0, header);
            int at = HEADER + content.remaining();
            file.write(HEADER, content);
            ByteBuffer zeros = ByteBuffer.allocateDirect(Math.min(CHUNK, capacity));
            while (at < capacity) {
                zeros.position(0).limit(Math.min(zeros.capacity(), capacity - at));
                int length = zeros.remaining();
                file.write(at, zeros);
                at += length;
            }
            file.force();
            storage.rename(temporary, name);
            storage.forceFolder();
            return new Segment(name, file, capacity, first, previousTerm);
        } catch (IOException e) {
            file.close();
            throw e;
        }
    }

    /** What reading a whole segment has found. */
    static final class Scan {
        final Segment segment;
        /** Highest index that a record says was durable, or committed. */
        long durable;
        long committed;
        long lastTerm;
        /** Bytes after the last good record that are not zero, from there to the last such byte. */
        int dirty;
        /** Highest index that a good record after the first bad one says was durable; 0 if there is none. */
        long durableBeyond;

        Scan(Segment segment) {
            this.segment = segment;
        }
    }

    static Scan open(Storage storage, String name) throws IOException {
        Storage.File file = storage.open(name);
        try {
            int size = (int) Math.min(Integer.MAX_VALUE, file.size());
            if (size < HEADER) {
                throw new LogDamagedException(name, 0, "the file is cut off");
            }
            ByteBuffer bytes = ByteBuffer.allocate(size);
            file.read(0, bytes);
            if (bytes.getLong(0) != MAGIC || bytes.getInt(8) != VERSION || bytes.getInt(12) != headerChecksum(bytes)
                    || !name.equals(String.format("%s%019d", PREFIX, bytes.getLong(16)))) {
                throw new LogDamagedException(name, 0, "the header is not that of this segment");
            }
            return scan(new Segment(name, file, size, bytes.getLong(16), bytes.getLong(24)), bytes);
        } catch (IOException e) {
            file.close();
            throw e;
        }
    }

    private static Scan scan(Segment segment, ByteBuffer bytes) {
        Scan scan = new Scan(segment);
        scan.lastTerm = segment.previousTerm;
        Records records = new Records();
        Records.Found found = records.find(bytes, segment.end);
        while (found != null && found.index() == segment.next() && found.term() >= scan.lastTerm) {
            segment.added(segment.end);
            segment.end += found.length();
            scan.durable = Math.max(scan.durable, found.durable());
            scan.committed = Math.max(scan.committed, found.committed());
            scan.lastTerm = found.term();
            found = records.find(bytes, segment.end);
        }
        int last = bytes.capacity();
        while (last > segment.end && bytes.get(last - 1) == 0) {
            last--;
        }
        scan.dirty = last - segment.end;
        for (int at = segment.end + 1; at + Records.HEADER <= last; at++) {
            long index = bytes.getLong(at + 8);
            if (index > segment.next() && index - segment.next() <= last / Records.HEADER) {
                Records.Found beyond = records.find(bytes, at);
                if (beyond != null) {
                    scan.durableBeyond = Math.max(scan.durableBeyond, beyond.durable());
                }
            }
        }
        return scan;
    }

    private static int headerChecksum(ByteBuffer header) {
        CRC32C crc = new CRC32C();
        crc.update(header.duplicate().limit(12).position(0));
        crc.update(header.duplicate().limit(HEADER).position(16));
        return (int) crc.getValue();
    }

    String name() {
        return name;
    }

    long first() {
        return first;
    }

    long previousTerm() {
        return previousTerm;
    }

    /** Index of the next record. */
    long next() {
        return first + count;
    }

    /** Where the next record will stand. */
    int end() {
        return end;
    }

    int capacity() {
        return capacity;
    }

    boolean hasRoom(int bytes) {
        return bytes <= capacity - end;
    }

    /** Writes whole records, whose lengths are given in order. Not durable before {@link #force}. */
    void append(ByteBuffer bytes, int[] lengths, int number) throws IOException {
        file.write(end, bytes);
        for (int i = 0; i < number; i++) {
            added(end);
            end += lengths[i];
        }
    }

    private void added(int offset) {
        if (count == offsets.length) {
            offsets = Arrays.copyOf(offsets, count * 2);
        }
        offsets[count++] = offset;
    }

    void force() throws IOException {
        file.force();
    }

    private int offset(long index) {
        return index == next() ? end : offsets[(int) (index - first)];
    }

    LogEntry read(long index, Records records) throws IOException {
        int start = offset(index);
        ByteBuffer bytes = ByteBuffer.allocate(offset(index + 1) - start);
        file.read(start, bytes);
        Records.Found found = records.find(bytes, 0);
        if (found == null || found.index() != index) {
            throw new LogDamagedException(name, start, "record " + index + " has changed since it was written");
        }
        return Records.entry(bytes, 0);
    }

    /** A new file in the place of this one that ends before {@code index}. This one is closed. */
    Segment cutFrom(long index, Storage storage) throws IOException {
        int keep = (int) (index - first);
        int keptEnd = offset(index);
        ByteBuffer content = ByteBuffer.allocate(keptEnd - HEADER);
        file.read(HEADER, content);
        file.close();
        Segment cut = create(storage, first, previousTerm, Math.max(capacity, keptEnd), content.flip());
        cut.offsets = Arrays.copyOf(offsets, Math.max(64, keep));
        cut.count = keep;
        cut.end = keptEnd;
        return cut;
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
