package org.dvs.cluster.api;

import org.dvs.api.DvsException;

/** A named way to send. Thread-safe. Never blocks for longer than the engine's flow control takes, 5 s at the most. */
public interface Channel extends AutoCloseable {
    /** Longest payload, bytes. */
    int MAX_PAYLOAD = 1024 * 1024;

    /**
     * Sends to all members of the view, this one included. All members deliver the multicasts of all senders and all channels
     * in one order, and view changes stand between the same two multicasts for those who go from one view to the next together.
     *
     * @throws DvsException {@code NOTREADY} before the node has joined or after it stopped, {@code TOOBIG}, {@code AGAIN} when
     *                      flow control does not let it out in time
     */
    void multicast(byte[] payload) throws DvsException;

    /**
     * Sends to one member, this one allowed; in order from one sender to one receiver.
     *
     * @throws DvsException {@code DSTNOTRCH} if it is not in the view; else as {@link #multicast}
     */
    void send(int nodeId, byte[] payload) throws DvsException;

    /**
     * No message is delivered to the receiver after this returned; those that were still to come wait for whoever opens the
     * channel next, see {@link Cluster#open}. Sending goes on, so that who ends can say so.
     */
    @Override
    void close();
}
