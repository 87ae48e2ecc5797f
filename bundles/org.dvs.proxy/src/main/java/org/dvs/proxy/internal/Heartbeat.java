package org.dvs.proxy.internal;

import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;

import org.dvs.proxy.internal.frame.FrameDecoder;
import org.dvs.proxy.internal.pair.Counters;

/**
 * Signs of life over one connection: when the next one is due, what it gives back of the peer's, and how long the way takes.
 * Times are monotonic nanoseconds, each end's own. For one thread.
 */
final class Heartbeat {
    private final Counters counters;
    private long periodNanos;
    private long given;
    private long began;
    /** Until then signs of the peer's may be ones that nobody has read for a while. */
    private long mayBeOld;
    /** Of the peer's last one that was not answered yet, 0 for none, and when it came. */
    private long peersTime;
    private long peersTimeCame;

    /** @param counters hear of round trips */
    Heartbeat(Counters counters) {
        this.counters = counters;
    }

    /** A connection is there: the first sign is due at once. */
    void begin(long now, int periodMs) {
        periodNanos = TimeUnit.MILLISECONDS.toNanos(periodMs);
        given = now - periodNanos;
        began = now;
        mayBeOld = now;
        peersTime = 0;
        counters.roundTripNanos = 0;
    }

    /**
     * As {@link #begin} with one that nobody has served for a while. The peer may have heard nothing for most of its patience, as
     * each version that is replaced soon gives no sign but the first. What has come meanwhile says nothing about the way.
     */
    void goOn(long now, int periodMs) {
        begin(now, periodMs);
        mayBeOld = now + periodNanos;
    }

    /** @return whether one is to be given now; then the next one is a period later */
    boolean isDue(long now) {
        boolean due = now - given >= periodNanos;
        if (due) {
            given = now;
        }
        return due;
    }

    /** The peer's time, to be given back: later by as long as it was kept, so that the way alone counts; 0 if there is none. */
    long echo(long now) {
        long echo = peersTime == 0 ? 0 : peersTime + now - peersTimeCame;
        peersTime = 0;
        return echo;
    }

    /** One of the peer's has come. */
    void came(ByteBuffer frame, long now) {
        long echo = FrameDecoder.echo(frame);
        if (echo != 0 && echo - began >= 0) {
            counters.roundTripped(now - echo);
        }
        long ping = FrameDecoder.ping(frame);
        if (ping != 0 && now - mayBeOld >= 0) {
            peersTime = ping;
            peersTimeCame = now;
        }
    }
}
