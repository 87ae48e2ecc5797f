package org.dvs.transport.api;

import java.nio.ByteBuffer;

import org.osgi.annotation.versioning.ProviderType;

/**
 * One open connection, for its {@link Handler}.
 *
 * <p><b>Threads.</b> Methods may be called on the connection's {@link #loop} only, except those that say otherwise: others use
 * {@link Loop#execute}. So nothing on the way of a frame takes a lock or changes threads.
 *
 * <p><b>Writing.</b> Frames are gathered and go out together with {@link #flush}; who writes decides when. What the peer does
 * not take waits in a queue of at most {@link Limits#maxQueuedBytes}: what would exceed it is refused, whole, and the
 * connection stays usable. From {@link Limits#highQueuedBytes} on {@link #writable} is false: who stops then is never refused
 * a frame. When the queue has fallen to half of that, {@link Handler#writable} is called. A peer that takes nothing for
 * {@link Limits#writeMs} loses its connection.
 *
 * <p>With {@link Framing#LENGTH} the length is put before each frame here, so a frame is written without it.
 */
@ProviderType
public interface Connection {

    /** As given to connect; of accepted ones the listener's name, {@code #} and a number. Any thread. */
    String name();

    /** Any thread. */
    Peer peer();

    /** Whether this side connected. Any thread. */
    boolean outgoing();

    /** The one thread that calls the handler; the same for the whole life of the connection. Any thread. */
    Loop loop();

    /** The limits that count for it. Any thread. */
    Limits limits();

    /** False when closed or parked; then writes are refused and the rest does nothing. Any thread. */
    boolean isOpen();

    /**
     * Begins a frame that is written in place, the fastest way for short ones.
     *
     * @param maxBytes most bytes the frame will have, at most {@link Limits#maxFrameBytes}
     * @return big-endian, to be written from 0 and given to {@link #end} before anything else is written or flushed; null if
     *     refused
     * @throws IllegalArgumentException for a size that is not legal
     */
    ByteBuffer begin(int maxBytes);

    /**
     * Ends the frame that {@link #begin} began: it is what stands before the buffer's position. If that is nothing, it is
     * dropped.
     */
    void end(ByteBuffer frame);

    /**
     * Writes a copy of the bytes between position and limit as one frame; neither is changed.
     *
     * @return false if refused
     * @throws IllegalArgumentException for a frame that is empty or too long
     */
    boolean write(ByteBuffer frame);

    /** As {@link #write(ByteBuffer)}, with one frame from two pieces. Either may be empty, not both. */
    boolean write(ByteBuffer header, ByteBuffer payload);

    /**
     * As {@link #write(ByteBuffer, ByteBuffer)}, but the payload is not copied, and all is flushed: worth it from about 16 KiB
     * on.
     *
     * @param payload  direct, and not to be changed until it is released
     * @param released called once on the loop if this returns true: when the bytes are sent, or never will be. If the
     *     connection was parked meanwhile it is called all the same
     */
    boolean write(ByteBuffer header, ByteBuffer payload, Runnable released);

    /** Sends what was written. */
    void flush();

    /** Whether the queue is shorter than {@link Limits#highQueuedBytes}. */
    boolean writable();

    /** Bytes written and not yet taken by the system, lengths included. */
    long queuedBytes();

    /**
     * No frame is handed over after this one until {@link #resumeReading}; what the peer sends meanwhile stays in the socket.
     * The read and idle deadlines rest.
     */
    void pauseReading();

    /** Ends {@link #pauseReading}. Frames at hand come soon, not within this call. */
    void resumeReading();

    /** Sends what was written, then closes; at the latest after {@link Limits#writeMs}. No frame comes any more. Any thread. */
    void close();

    /**
     * Closes at once; what is not sent is lost. Any thread.
     *
     * @param reason what {@link Handler#closed} and the counters are told
     * @param detail for people
     */
    void close(CloseReason reason, String detail);
}
