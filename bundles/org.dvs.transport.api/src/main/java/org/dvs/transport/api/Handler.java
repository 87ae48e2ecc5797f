package org.dvs.transport.api;

import java.nio.ByteBuffer;

import org.osgi.annotation.versioning.ConsumerType;

/**
 * What a protocol does with one connection. All methods are called on the connection's {@link Loop}, one at a time, and must not
 * block: every other connection of the loop waits meanwhile. A handler that throws has its connection closed with
 * {@link CloseReason#FAULT}.
 */
@ConsumerType
public interface Handler {

    /**
     * With {@link Framing#LENGTH}: one whole frame without its length, 1 to {@link Limits#maxFrameBytes} bytes. With
     * {@link Framing#STREAM}: all bytes at hand; what is left unread comes again, with more behind it.
     *
     * @param frame big-endian, from 0 to its limit; direct; valid during this call only, and may be changed
     */
    void frame(Connection connection, ByteBuffer frame);

    /** No more frame is at hand for now: the moment to {@link Connection#flush} what the frames since the last time caused. */
    default void framesEnd(Connection connection) {
        connection.flush();
    }

    /** The queue has room again after {@link Connection#writable} was false or a write was refused. */
    default void writable(Connection connection) {
    }

    /**
     * The peer sends no more, and every whole frame of it has been handed over. The answer to what it sent may still be
     * written. Unless overridden the connection is closed when all that was written is sent.
     */
    default void inputEnded(Connection connection) {
        connection.close();
    }

    /**
     * The protocol's service goes: nothing is called after this. What was written is sent, flushed or not.
     *
     * @return what the next version needs to go on with this connection, at most {@link Limits#maxStateBytes}; null if it
     *     cannot, then the connection is closed
     */
    default ByteBuffer park(Connection connection) {
        return null;
    }

    /**
     * The connection is gone; called once, also for {@link Connection#close}, unless it was asked to {@link #park}. If the
     * protocol's service goes while a close still sends what was written, it is called then, and the rest is sent all the same.
     */
    default void closed(Connection connection, CloseReason reason, String detail) {
    }
}
