package org.dvs.proxy.internal;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;

import org.dvs.api.security.CertifiedNode;
import org.dvs.transport.api.CloseReason;
import org.dvs.transport.api.Connection;
import org.dvs.transport.api.Handler;
import org.dvs.transport.api.Limits;
import org.dvs.transport.api.Loop;
import org.dvs.transport.api.Peer;

/**
 * One end of a connection in simulated time. Frames arrive in order and late; from the moment on that it breaks none does, and
 * each end hears of it when it does; in a silent network nobody hears of anything until it is taken for dead.
 */
final class SimulatedConnection implements Connection {
    private static final long IDLE = 10_000_000_000L;
    private static final int FULL = 150_000;

    private final SimulatedDvs world;
    private final SimulatedDvsNode owner;
    private final SimulatedDvsNode to;
    private final boolean outgoing;
    private final List<ByteBuffer> written = new ArrayList<>();
    /** What came while nobody served it. */
    private final Queue<ByteBuffer> kept = new ArrayDeque<>();
    Limits limits = Limits.DEFAULT;
    private SimulatedConnection other;
    private Handler handler;
    private long lastArrival;
    private long cutAt = Long.MAX_VALUE;
    private long heardAt;
    private int onTheWay;
    private boolean full;
    private boolean mute;
    /** The next frame finds no room, which must not be. */
    boolean narrow;
    /** This side has ended it, or knows that it has ended. */
    private boolean closed;

    SimulatedConnection(SimulatedDvs world, SimulatedDvsNode owner, SimulatedDvsNode to, boolean outgoing) {
        this.world = world;
        this.owner = owner;
        this.to = to;
        this.outgoing = outgoing;
        heardAt = world.now();
        world.at(world.now() + IDLE, this::idle);
    }

    void join(SimulatedConnection peer) {
        other = peer;
        peer.other = this;
    }

    // ---- who serves it

    void serve(Handler one) {
        handler = one;
        while (handler != null && !kept.isEmpty() && !closed) {
            handler.frame(this, kept.remove());
        }
        if (handler != null && !closed) {
            handler.framesEnd(this);
        }
    }

    /** The bundle goes. @return what it leaves; null if it ends the connection */
    ByteBuffer park() {
        flush();
        ByteBuffer state = closed || handler == null ? null : handler.park(this);
        handler = null;
        if (state == null) {
            closeQuietly();
        }
        return state;
    }

    private void closeQuietly() {
        if (!closed) {
            closed = true;
            ends(CloseReason.PEER);
        }
    }

    // ---- the network

    private void idle() {
        if (!closed) {
            if (world.now() - heardAt >= IDLE) {
                over(CloseReason.IDLE);
                ends(CloseReason.RESET);
            } else {
                world.at(heardAt + IDLE, this::idle);
            }
        }
    }

    private void arrives(ByteBuffer frame) {
        heardAt = world.now();
        if (handler == null) {
            kept.add(frame);
        } else {
            handler.frame(this, frame);
            if (!closed && handler != null) {
                handler.framesEnd(this);
            }
        }
    }

    /** The other end hears of an end of this one, behind all that was sent. */
    private void ends(CloseReason as) {
        SimulatedConnection peer = other;
        carry(() -> peer.over(as));
    }

    private void carry(Runnable what) {
        SimulatedConnection peer = other;
        lastArrival = Math.max(lastArrival + 1, world.now() + world.delay());
        long at = lastArrival;
        // What comes behind something that is lost waits for it.
        mute |= world.silent[owner.id];
        boolean lost = mute;
        world.at(at, () -> {
            if (!lost && !peer.closed && at <= peer.cutAt) {
                what.run();
            }
        });
    }

    private void over(CloseReason reason) {
        if (!closed) {
            closed = true;
            if (handler != null) {
                handler.closed(this, reason, "");
            }
        }
    }

    /** The network breaks it. */
    void cut() {
        for (SimulatedConnection end : new SimulatedConnection[] {this, other}) {
            if (end.cutAt == Long.MAX_VALUE) {
                end.cutAt = world.now() + world.delay();
                world.at(end.cutAt + world.delay(), () -> end.over(CloseReason.RESET));
            }
        }
    }

    // ---- for the handler

    @Override
    public ByteBuffer begin(int maxBytes) {
        if (narrow) {
            narrow = false;
            throw new IllegalArgumentException("a frame of " + maxBytes + " bytes");
        }
        return closed ? null : ByteBuffer.allocate(maxBytes);
    }

    @Override
    public void end(ByteBuffer frame) {
        written.add(frame.flip());
        onTheWay += frame.limit();
    }

    @Override
    public void flush() {
        SimulatedConnection peer = other;
        for (ByteBuffer frame : written) {
            ByteBuffer bytes = ByteBuffer.allocate(frame.limit()).put(frame).flip();
            world.carried(this);
            carry(() -> {
                taken(bytes.limit());
                peer.arrives(bytes);
            });
        }
        written.clear();
    }

    private void taken(int bytes) {
        onTheWay -= bytes;
        if (full && onTheWay < FULL / 2 && handler != null && !closed) {
            full = false;
            Handler told = handler;
            owner.loop.execute(() -> {
                if (handler == told && !closed) {
                    told.writable(this);
                }
            });
        }
    }

    @Override
    public boolean writable() {
        full |= onTheWay >= FULL;
        return !closed && !full;
    }

    @Override
    public void close() {
        if (!closed) {
            flush();
            closed = true;
            ends(CloseReason.PEER);
            Handler told = handler;
            if (told != null) {
                owner.loop.execute(() -> told.closed(this, CloseReason.LOCAL, ""));
            }
        }
    }

    @Override
    public void close(CloseReason reason, String detail) {
        close();
    }

    @Override
    public String name() {
        return "simulated";
    }

    @Override
    public Peer peer() {
        return new Peer("node" + to.id, Optional.empty(), Optional.of(new CertifiedNode(to.id, "node" + to.id)));
    }

    @Override
    public boolean outgoing() {
        return outgoing;
    }

    @Override
    public Loop loop() {
        return owner.loop;
    }

    @Override
    public Limits limits() {
        return limits;
    }

    @Override
    public boolean isOpen() {
        return !closed;
    }

    @Override
    public long queuedBytes() {
        return onTheWay;
    }

    @Override
    public boolean write(ByteBuffer frame) {
        throw new UnsupportedOperationException();
    }

    @Override
    public boolean write(ByteBuffer header, ByteBuffer payload) {
        throw new UnsupportedOperationException();
    }

    @Override
    public boolean write(ByteBuffer header, ByteBuffer payload, Runnable released) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void pauseReading() {
        throw new UnsupportedOperationException();
    }

    @Override
    public void resumeReading() {
        throw new UnsupportedOperationException();
    }
}
