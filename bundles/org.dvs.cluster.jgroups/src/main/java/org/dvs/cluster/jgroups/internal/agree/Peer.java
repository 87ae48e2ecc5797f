package org.dvs.cluster.jgroups.internal.agree;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;

import org.jgroups.Address;

/** What a leader knows of another member. One thread. */
final class Peer {
    /** Entries and bytes that may be on their way to one member. */
    static final int WINDOW_ENTRIES = 2048;
    static final int WINDOW_BYTES = 2 * 1024 * 1024;
    /** It is asked five times a second, and may just have begun to read its log. */
    private static final long ANSWER_NANOS = 10_000_000_000L;

    /** A message on its way. */
    private record Sent(long lastIndex, int bytes) {
    }

    final Address address;
    final String name;
    /** When this leader first saw it. */
    final long since;
    /** Next entry to send. */
    long next;
    /** All up to here is on its disk. */
    long match;
    /** False while the place where both agree is being looked for. */
    boolean streaming;
    /** Has said that it understands a log with a name. */
    boolean able;
    long commitSent;
    long lastSent;
    /** When it last answered anything in this term. */
    long lastHeard;
    /** When it last got further. */
    long lastProgress;
    /** Newest stamp that it has sent back: it followed this leader at that moment or later. */
    long stamp;
    /** Its clock, and when that was heard. */
    long clock = Frame.NONE;
    long clockHeard;
    /** The snapshot that is being sent, else null. */
    ByteBuffer snapshot;
    long snapshotIndex;
    long snapshotTerm;
    int snapshotOffset;

    private final Deque<Sent> window = new ArrayDeque<>();
    private int windowBytes;

    Peer(Address address, String name, long next, long now) {
        this.address = address;
        this.name = name;
        this.next = next;
        this.since = now;
        this.stamp = now - Long.MAX_VALUE / 4;
        this.lastSent = stamp;
        this.lastHeard = stamp;
        this.lastProgress = now;
    }

    /** Has taken anything from this leader. */
    boolean follows() {
        return streaming || match > 0;
    }

    /** Has had time enough to answer this leader, and did not: it belongs elsewhere, or is not there. */
    boolean ignores(long now) {
        return !follows() && now - since > ANSWER_NANOS && now - lastHeard > ANSWER_NANOS;
    }

    boolean hasRoom() {
        return windowBytes < WINDOW_BYTES && next - match <= WINDOW_ENTRIES;
    }

    boolean waits() {
        return !window.isEmpty();
    }

    void sent(long lastIndex, int bytes) {
        window.addLast(new Sent(lastIndex, bytes));
        windowBytes += bytes;
    }

    /** It has all up to {@code index} on disk. */
    void taken(long index) {
        match = Math.max(match, index);
        next = Math.max(next, match + 1);
        while (!window.isEmpty() && window.getFirst().lastIndex <= index) {
            windowBytes -= window.removeFirst().bytes;
        }
    }

    /** Looks for the place of agreement again, from {@code index} on. */
    void probeFrom(long index) {
        next = index;
        streaming = false;
        window.clear();
        windowBytes = 0;
    }
}
