package org.dvs.cluster.jgroups.internal.log;

import org.jgroups.protocols.raft.LogEntry;

/** The newest entries in memory, without a gap. Holds more than its limit only while entries are not durable yet. One thread. */
final class EntryCache {
    private static final int MAX_ENTRIES = 8192;

    private final long maxBytes;
    private LogEntry[] ring = new LogEntry[256];
    private long first = 1;
    private long next = 1;
    private long bytes;

    EntryCache(long maxBytes) {
        this.maxBytes = maxBytes;
    }

    void add(long index, LogEntry entry) {
        if (index != next) {
            clear();
            first = index;
            next = index;
        }
        if (next - first == ring.length) {
            LogEntry[] larger = new LogEntry[ring.length * 2];
            for (long at = first; at < next; at++) {
                larger[(int) (at & larger.length - 1)] = ring[slot(at)];
            }
            ring = larger;
        }
        ring[slot(next++)] = entry;
        bytes += entry.length();
    }

    LogEntry get(long index) {
        return index >= first && index < next ? ring[slot(index)] : null;
    }

    /** Drops the oldest while there are too many, but none after {@code durable}. */
    void trim(long durable) {
        while (first < next && first <= durable && (bytes > maxBytes || next - first > MAX_ENTRIES)) {
            bytes -= ring[slot(first)].length();
            ring[slot(first++)] = null;
        }
    }

    void removeFrom(long index) {
        while (next > first && next > index) {
            bytes -= ring[slot(--next)].length();
            ring[slot(next)] = null;
        }
    }

    void clear() {
        removeFrom(first);
    }

    private int slot(long index) {
        return (int) (index & ring.length - 1);
    }
}
