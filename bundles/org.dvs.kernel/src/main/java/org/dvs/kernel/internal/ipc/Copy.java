package org.dvs.kernel.internal.ipc;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

import org.dvs.kernel.api.Command;

/**
 * A copy of memory between two processes, ordered by one of them or by a third. Its bytes go in chunks, some of which are under
 * way at the same time. Fields that change are guarded by the lock of the DC.
 */
final class Copy implements Runnable {
    /**
     * Chunks under way at the most: enough that neither end waits for the other, few enough that what shares the link is not held
     * up by more than 256 KiB.
     */
    static final int WINDOW = 4;

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
    /** Most bytes of a chunk. */
    int chunk;
    /** Both parties are in the container, so that it is copied at once. */
    boolean whole;
    /** Threads that touch memory of the parties just now. */
    int touching;
    /** Bytes that have arrived. */
    int copied;
    volatile boolean finished;
    /** The part that failed; null where no one did. */
    Chunk failed;
    /** Whose memory it failed at; null where that is not known, as it was copied elsewhere. */
    Proc failedAt;
    /** Ends the deadline. */
    Runnable cancelDeadline;
    /**
     * Times that the next chunks were asked for and have not been begun; whoever brings it from 0 to 1 begins them, so that ends
     * told at once need no deeper stack.
     */
    final AtomicInteger steps = new AtomicInteger();
    /** Bytes whose chunk has been begun. */
    private int begun;
    private int underWay;
    /** Those whose answer is awaited; null before the first. */
    private List<Chunk> awaited;
    /** A command of it has left this node. */
    private boolean departed;

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
        copies.first(this);
    }

    boolean concerns(int node) {
        return source != null && (source.isRemote() && source.node == node || destination.isRemote() && destination.node == node);
    }

    /** Whether bytes for another node have left this one, so that they may be there, in part or all. */
    boolean mayHaveArrived() {
        return destination.isRemote() && departed;
    }

    // ---- its chunks

    /** @return the next one, from now on under way; null if there is none, or none may be begun now */
    Chunk next() {
        if (finished || begun == bytes || underWay == WINDOW) {
            return null;
        }
        Chunk next = new Chunk(this, begun, Math.min(chunk, bytes - begun));
        begun += next.length;
        underWay++;
        return next;
    }

    /** Its command waits at a sender proxy. */
    void queued(Chunk part, Outbound outbound) {
        part.outbound = outbound;
        if (awaited == null) {
            awaited = new ArrayList<>(WINDOW);
        }
        awaited.add(part);
    }

    /** @return what waits at a sender proxy, or null */
    Outbound outbound() {
        if (awaited != null) {
            for (Chunk part : awaited) {
                if (part.outbound != null) {
                    return part.outbound;
                }
            }
        }
        return null;
    }

    /** @return the part whose answer is awaited the longest, or null */
    Chunk oldest() {
        return awaited == null || awaited.isEmpty() ? null : awaited.get(0);
    }

    /** The sender proxy has taken its command. */
    void departs(Chunk part) {
        part.outbound = null;
        departed = true;
    }

    /** @return the chunk that this is the answer about, no longer awaited; null if there is none */
    Chunk answered(Command answer) {
        if (awaited == null) {
            return null;
        }
        for (Iterator<Chunk> parts = awaited.iterator(); parts.hasNext();) {
            Chunk part = parts.next();
            if (part.outbound == null && part.to() == answer.destinationAddress && part.length == answer.bytes) {
                parts.remove();
                return part;
            }
        }
        return null;
    }

    /** @return whether it was the last one */
    boolean arrived(Chunk part) {
        underWay--;
        copied += part.length;
        return copied == bytes;
    }
}
