package org.dvs.transport.netty.internal;

import org.dvs.transport.api.CloseReason;
import org.dvs.transport.api.Limits;

/**
 * What a connection has to do until when. Times are milliseconds of one clock that only goes on; nothing here asks for them. Not
 * thread-safe.
 */
final class Deadlines {
    private static final long NEVER = Long.MIN_VALUE;
    /** How long who serves next has for what a peer sent that is gone: no socket is to wait 5 s for its close (R-PXY-05). */
    private static final long GONE_MS = 4_000;

    private Limits limits;
    private final boolean firstFrameDue;
    private long openedAt;
    private boolean framed;
    private long heardAt;
    private long partialSince = NEVER;
    private long stalledSince = NEVER;
    private long progress;
    private long waitsSince = NEVER;
    private long endedAt = NEVER;

    /** @param firstFrameDue whether the peer has to begin */
    Deadlines(Limits limits, boolean firstFrameDue) {
        this.limits = limits;
        this.firstFrameDue = firstFrameDue;
    }

    void limits(Limits now) {
        limits = now;
    }

    /** The connection stands and nobody serves it yet, or no more. */
    void waits(long now) {
        waitsSince = now;
    }

    /** The peer sends no more. */
    void ended(long now) {
        endedAt = now;
    }

    /** The connection is served, or served again, or read again. */
    void reads(long now) {
        waitsSince = NEVER;
        openedAt = now;
        heardAt = now;
        if (partialSince != NEVER) {
            partialSince = now;
        }
    }

    /**
     * Bytes came.
     *
     * @param frame   whether a frame was completed by them
     * @param partial whether a frame is begun and not completed
     */
    void heard(long now, boolean frame, boolean partial) {
        heardAt = now;
        framed |= frame;
        if (!partial) {
            partialSince = NEVER;
        } else if (frame || partialSince == NEVER) {
            partialSince = now;
        }
    }

    /**
     * @param reading  whether frames are taken now; if not, what the peer has to send does not count
     * @param pending  bytes that wait to be sent
     * @param taken    a number that grows whenever the peer takes something
     * @return why the connection is to be closed, or null
     */
    CloseReason passed(long now, boolean reading, long pending, long taken) {
        if (pending == 0) {
            stalledSince = NEVER;
        } else if (stalledSince == NEVER || taken != progress) {
            stalledSince = now;
            progress = taken;
        } else if (now - stalledSince >= limits.writeMs()) {
            return CloseReason.WRITE_TIMEOUT;
        }
        if (waitsSince != NEVER) {
            if (endedAt != NEVER && now - Math.max(endedAt, waitsSince) >= GONE_MS) {
                return CloseReason.PEER;
            }
            return now - waitsSince >= limits.parkMs() ? CloseReason.PARKED_TOO_LONG : null;
        }
        if (!reading) {
            return null;
        }
        if (firstFrameDue && !framed && limits.firstFrameMs() > 0 && now - openedAt >= limits.firstFrameMs()) {
            return CloseReason.FIRST_FRAME_TIMEOUT;
        }
        if (partialSince != NEVER && now - partialSince >= limits.readMs()) {
            return CloseReason.READ_TIMEOUT;
        }
        return limits.idleMs() > 0 && now - heardAt >= limits.idleMs() ? CloseReason.IDLE : null;
    }
}
