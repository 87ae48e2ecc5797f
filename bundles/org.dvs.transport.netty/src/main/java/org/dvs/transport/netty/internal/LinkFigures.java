package org.dvs.transport.netty.internal;

import java.util.Optional;
import java.util.concurrent.TimeUnit;

import org.dvs.transport.api.ConnectionInfo;
import org.dvs.transport.api.Peer;
import org.dvs.transport.netty.internal.frame.FrameWriter;

/** What a link counts, on its loop, and what others may read of it at any time. */
final class LinkFigures {
    private final String name;
    private final String protocol;
    private final boolean outgoing;
    private long framesIn;
    private long bytesIn;
    private volatile long openedAtNs;
    private volatile Seen seen;

    private record Seen(Peer peer, boolean parked, long framesIn, long bytesIn, long framesOut, long bytesOut,
            long queuedBytes) {
    }

    LinkFigures(String name, String protocol, boolean outgoing) {
        this.name = name;
        this.protocol = protocol;
        this.outgoing = outgoing;
    }

    void opened() {
        openedAtNs = System.nanoTime();
    }

    void frame() {
        framesIn++;
    }

    void bytes(int count) {
        bytesIn += count;
    }

    /** Others see how it is now. @param writer null before the first protocol */
    void show(Peer peer, boolean parked, FrameWriter writer) {
        Seen now = new Seen(peer, parked, framesIn, bytesIn, writer == null ? 0 : writer.frames(),
                writer == null ? 0 : writer.bytes(), writer == null ? 0 : writer.queuedBytes());
        if (!now.equals(seen)) {
            seen = now;
        }
    }

    /** As it was shown last; empty before it is connected. Any thread. */
    Optional<ConnectionInfo> info() {
        Seen now = seen;
        if (now == null) {
            return Optional.empty();
        }
        long ageMs = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - openedAtNs);
        return Optional.of(new ConnectionInfo(name, protocol, now.peer, outgoing, now.parked, ageMs, now.framesIn, now.bytesIn,
                now.framesOut, now.bytesOut, now.queuedBytes));
    }
}
