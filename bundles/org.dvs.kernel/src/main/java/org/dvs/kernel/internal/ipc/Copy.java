package org.dvs.kernel.internal.ipc;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * A copy of memory between two processes, ordered by one of them or by a third. Fields that change are guarded by the lock of the
 * DC.
 */
final class Copy implements Runnable {
    final int sourceEndpoint;
    final long sourceAddress;
    final int destinationEndpoint;
    final long destinationAddress;
    final int bytes;
    /** Who carries it out, once it has begun. */
    Copies copies;
    Proc requester;
    Proc source;
    Proc destination;
    int serial;
    int chunk;
    int copied;
    /** Bytes of the chunk under way. */
    int length;
    volatile boolean finished;
    /** Whose memory the chunk under way failed at; null where that is not known, as it was copied elsewhere. */
    Proc failedAt;
    /** Ends the chunk's deadline. */
    Runnable cancelDeadline;
    /**
     * Chunks asked for and not yet begun; whoever brings it from 0 to 1 begins them, so that ends told at once need no deeper
     * stack.
     */
    final AtomicInteger steps = new AtomicInteger();

    Copy(int sourceEndpoint, long sourceAddress, int destinationEndpoint, long destinationAddress, int bytes) {
        this.sourceEndpoint = sourceEndpoint;
        this.sourceAddress = sourceAddress;
        this.destinationEndpoint = destinationEndpoint;
        this.destinationAddress = destinationAddress;
        this.bytes = bytes;
    }

    /** Its first step: it has begun, and the lock is free. Here, as a lambda costs a node's JVM as much as the rest of a copy. */
    @Override
    public void run() {
        copies.step(this);
    }

    boolean concerns(int node) {
        return source != null && (source.isRemote() && source.node == node || destination.isRemote() && destination.node == node);
    }

    /** Whether bytes for another node have left this one, so that they may be there, in part or all. */
    boolean mayHaveArrived() {
        return destination.isRemote() && (copied > 0 || requester.reaches != Proc.NOWHERE && requester.outbound == null);
    }

    long from() {
        return sourceAddress + copied;
    }

    long to() {
        return destinationAddress + copied;
    }
}
