package org.dvs.transport.netty.internal;

import java.nio.ByteBuffer;

import org.dvs.transport.api.CloseReason;
import org.dvs.transport.api.Connection;
import org.dvs.transport.api.Limits;
import org.dvs.transport.api.Loop;
import org.dvs.transport.api.Peer;
import org.dvs.transport.netty.internal.loop.LoopThread;

/** What one handler holds of a link. When the link is given to another handler, this one reaches nothing any more. */
final class Handle implements Connection {
    private final Link link;
    private final LoopThread loop;
    private final Peer peer;
    private final Limits limits;
    private volatile boolean open = true;

    Handle(Link link, LoopThread loop, Peer peer, Limits limits) {
        this.link = link;
        this.loop = loop;
        this.peer = peer;
        this.limits = limits;
    }

    /** The link is gone, or another's. */
    void detach() {
        open = false;
    }

    @Override
    public String name() {
        return link.name();
    }

    @Override
    public Peer peer() {
        return peer;
    }

    @Override
    public boolean outgoing() {
        return link.outgoing();
    }

    @Override
    public Loop loop() {
        return loop;
    }

    @Override
    public Limits limits() {
        return limits;
    }

    @Override
    public boolean isOpen() {
        return open;
    }

    /** Refuses other threads: they would do harm that shows much later. @return whether there is still something to act on */
    private boolean usable() {
        if (!loop.here()) {
            throw new IllegalStateException("connection " + link.name() + " is used outside its loop");
        }
        return open;
    }

    @Override
    public ByteBuffer begin(int maxBytes) {
        return usable() ? link.writer().begin(maxBytes) : null;
    }

    @Override
    public void end(ByteBuffer frame) {
        if (usable()) {
            link.writer().end(frame);
        }
    }

    @Override
    public boolean write(ByteBuffer frame) {
        return usable() && link.writer().write(frame);
    }

    @Override
    public boolean write(ByteBuffer header, ByteBuffer payload) {
        return usable() && link.writer().write(header, payload);
    }

    @Override
    public boolean write(ByteBuffer header, ByteBuffer payload, Runnable released) {
        return usable() && link.writer().write(header, payload, released);
    }

    @Override
    public void flush() {
        if (usable()) {
            link.writer().flush();
        }
    }

    @Override
    public boolean writable() {
        return usable() && link.writer().writable();
    }

    @Override
    public long queuedBytes() {
        return usable() ? link.writer().queuedBytes() : 0;
    }

    @Override
    public void pauseReading() {
        if (usable()) {
            link.pause();
        }
    }

    @Override
    public void resumeReading() {
        if (usable()) {
            link.unpause(this);
        }
    }

    @Override
    public void close() {
        onLoop(link::closeWhenSent);
    }

    @Override
    public void close(CloseReason reason, String detail) {
        onLoop(() -> link.fail(reason, detail));
    }

    private void onLoop(Runnable action) {
        if (loop.here()) {
            if (open) {
                action.run();
            }
        } else {
            loop.executeAlways(() -> {
                if (open) {
                    action.run();
                }
            });
        }
    }

    @Override
    public String toString() {
        return link.name() + " to " + peer.address();
    }
}
