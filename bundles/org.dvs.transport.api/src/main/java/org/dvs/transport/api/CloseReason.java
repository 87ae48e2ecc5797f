package org.dvs.transport.api;

/** Why a connection ended. */
public enum CloseReason {
    /** This side's protocol closed it. */
    LOCAL,
    /** The other side closed it. */
    PEER,
    /** The other side cut it, or the network did. */
    RESET,
    /** The other side closed it within a frame. */
    TRUNCATED,
    /** A frame is longer than allowed, or more was left unread than allowed. */
    TOO_LONG,
    /** A length of 0 or below, or what a protocol finds wrong with a frame. */
    BAD_FRAME,
    /** TLS could not be agreed, or the certificate is not of this cluster or of another node than expected. */
    HANDSHAKE,
    /** The TLS handshake was not done in time: the peer is slow, paused, or speaks something else. */
    HANDSHAKE_TIMEOUT,
    /** The protocol refused it, or its state was not understood. */
    REFUSED,
    /** Nothing whole came in time after it was opened. */
    FIRST_FRAME_TIMEOUT,
    /** A frame was begun and not ended in time. */
    READ_TIMEOUT,
    /** The other side took nothing for too long. */
    WRITE_TIMEOUT,
    /** Nothing came for too long. */
    IDLE,
    /** No new protocol took it over in time. */
    PARKED_TOO_LONG,
    /** The protocol does not park its connections, or its state was too long. */
    NOT_PARKED,
    /** The handler threw. */
    FAULT,
    /** The transport stops. */
    STOPPED
}
