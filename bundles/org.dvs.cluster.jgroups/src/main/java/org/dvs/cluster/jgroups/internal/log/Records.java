package org.dvs.cluster.jgroups.internal.log;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

import org.jgroups.protocols.raft.LogEntry;

/**
 * The bytes of one record, big-endian:
 * <pre>
 *   0  int    length of the whole record; 0 marks the end of the segment's content
 *   4  int    CRC32C of all other bytes
 *   8  long   index
 *  16  long   term
 *  24  int    index minus the highest index that was durable when this was written
 *  28  int    index minus the highest index known to be committed when this was written
 *  32  byte   1 = command of the engine itself
 *  33         payload
 * </pre>
 * The two distances let a reader tell a batch that a loss of power has torn from damage to what was safe before. One thread.
 */
final class Records {
    static final int HEADER = 33;
    /** Longest payload; more is refused before it is written, and taken for damage when it is read. */
    static final int MAX_PAYLOAD = 4 * 1024 * 1024;

    private static final byte INTERNAL = 1;

    private final CRC32C crc = new CRC32C();

    /** Where a record stands, what it says, or that it is none. */
    record Found(int length, long index, long term, long durable, long committed) {
    }

    static int size(LogEntry entry) {
        return HEADER + entry.length();
    }

    /** Puts a record at the buffer's position, which has room for it. */
    void put(ByteBuffer out, long index, LogEntry entry, long durable, long committed) {
        int start = out.position();
        int length = size(entry);
        out.putInt(length).putInt(0).putLong(index).putLong(entry.term()).putInt(distance(index, durable))
                .putInt(distance(index, committed)).put(entry.internal() ? INTERNAL : 0);
        if (entry.length() > 0) {
            out.put(entry.command(), entry.offset(), entry.length());
        }
        out.putInt(start + 4, checksum(out, start, length));
    }

    private static int distance(long index, long other) {
        return (int) Math.min(Integer.MAX_VALUE, index - other);
    }

    /** @return null if there is no valid record of any index at {@code start} */
    Found find(ByteBuffer in, int start) {
        int room = in.capacity() - start;
        if (room < HEADER) {
            return null;
        }
        int length = in.getInt(start);
        if (length < HEADER || length > room || length > HEADER + MAX_PAYLOAD
                || in.getInt(start + 4) != checksum(in, start, length)) {
            return null;
        }
        long index = in.getLong(start + 8);
        return new Found(length, index, in.getLong(start + 16), index - in.getInt(start + 24), index - in.getInt(start + 28));
    }

    /** The entry of a record that {@link #find} has found. */
    static LogEntry entry(ByteBuffer in, int start) {
        byte[] payload = new byte[in.getInt(start) - HEADER];
        in.get(start + HEADER, payload);
        return new LogEntry(in.getLong(start + 16), payload, 0, payload.length, (in.get(start + 32) & INTERNAL) != 0);
    }

    private int checksum(ByteBuffer bytes, int start, int length) {
        int position = bytes.position();
        int limit = bytes.limit();
        crc.reset();
        bytes.limit(start + 4).position(start);
        crc.update(bytes);
        bytes.limit(start + length).position(start + 8);
        crc.update(bytes);
        bytes.limit(limit).position(position);
        return (int) crc.getValue();
    }
}
