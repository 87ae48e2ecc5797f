package org.dvs.transport.netty.internal;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.transport.api.CloseReason;

/**
 * Why a link ended.
 *
 * @param detail  for people; empty if the reason says all
 * @param refusal of the protocol, if that refused it; else null
 */
record LinkEnd(CloseReason reason, String detail, DvsException refusal) {

    LinkEnd(CloseReason reason, String detail) {
        this(reason, detail == null ? "" : detail, null);
    }

    static LinkEnd refused(DvsException refusal) {
        return new LinkEnd(CloseReason.REFUSED, refusal.getMessage(), refusal);
    }

    /** The error that stands for this end. */
    DvsException error(String name) {
        if (refusal != null) {
            return refusal;
        }
        String text = "connection " + name + " ended: " + reason + (detail.isEmpty() ? "" : ", " + detail);
        return new DvsException(switch (reason) {
            case HANDSHAKE -> ErrorCode.BADCERT;
            case STOPPED, PARKED_TOO_LONG, NOT_PARKED -> ErrorCode.SHUTDOWN;
            case HANDSHAKE_TIMEOUT, IDLE, READ_TIMEOUT, WRITE_TIMEOUT, FIRST_FRAME_TIMEOUT -> ErrorCode.TIMEDOUT;
            default -> ErrorCode.CONNRESET;
        }, text);
    }
}
