package org.dvs.kernel.internal.gate;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.TimeUnit;

import org.dvs.api.DvsException;
import org.dvs.kernel.api.gate.GateOp;
import org.dvs.transport.api.CloseReason;
import org.dvs.transport.api.Connection;
import org.dvs.transport.api.Handler;
import org.dvs.transport.api.Limits;
import org.dvs.transport.api.Loop;
import org.dvs.transport.api.Peer;

/** A program's connection to a gate, without a socket and on the test's one thread: frames by hand in, what is sent out. */
final class HandConnection implements Connection, Loop {
    private final Queue<Runnable> tasks = new ArrayDeque<>();
    private final List<Runnable> timers = new ArrayList<>();
    final List<ByteBuffer> sent = new ArrayList<>();
    private final Handler handler;
    private boolean open = true;
    CloseReason closed;

    HandConnection(GateProtocol gate) throws DvsException {
        handler = gate.opened(this);
    }

    /** The program says this. @return false if it is cut off */
    boolean frame(byte[] bytes) {
        if (open) {
            handler.frame(this, ByteBuffer.wrap(bytes.clone()));
            run();
        }
        return open;
    }

    void run() {
        for (Runnable next = tasks.poll(); next != null; next = tasks.poll()) {
            next.run();
        }
    }

    /** All that waits for its time is due. */
    void late() {
        List<Runnable> due = List.copyOf(timers);
        timers.clear();
        due.forEach(Runnable::run);
        run();
    }

    private void ends(CloseReason reason, String detail) {
        if (open) {
            open = false;
            closed = reason;
            tasks.add(() -> handler.closed(this, reason, detail));
        }
    }

    // ---- as the gate sees it

    @Override
    public String name() {
        return "by hand";
    }

    @Override
    public Peer peer() {
        return new Peer("unix", Optional.of(new Peer.Process(4_711, 0, 0)), Optional.empty());
    }

    @Override
    public boolean outgoing() {
        return false;
    }

    @Override
    public Loop loop() {
        return this;
    }

    @Override
    public Limits limits() {
        return Limits.DEFAULT;
    }

    @Override
    public boolean isOpen() {
        return open;
    }

    @Override
    public ByteBuffer begin(int maxBytes) {
        if (maxBytes < 1 || maxBytes > GateOp.MAX_COPY_BYTES + GateOp.HEADER_BYTES) {
            throw new IllegalArgumentException("a frame of " + maxBytes + " bytes");
        }
        return open ? ByteBuffer.allocate(maxBytes) : null;
    }

    @Override
    public void end(ByteBuffer frame) {
        sent.add(frame.flip());
    }

    @Override
    public boolean write(ByteBuffer frame) {
        return write(frame, ByteBuffer.allocate(0));
    }

    @Override
    public boolean write(ByteBuffer header, ByteBuffer payload) {
        if (open) {
            ByteBuffer frame = ByteBuffer.allocate(header.remaining() + payload.remaining());
            sent.add(frame.put(header.duplicate()).put(payload.duplicate()).flip());
        }
        return open;
    }

    @Override
    public boolean write(ByteBuffer header, ByteBuffer payload, Runnable released) {
        boolean taken = write(header, payload);
        if (taken) {
            tasks.add(released);
        }
        return taken;
    }

    @Override
    public void flush() {
        // What is sent is there already.
    }

    @Override
    public boolean writable() {
        return open;
    }

    @Override
    public long queuedBytes() {
        return 0;
    }

    @Override
    public void pauseReading() {
        throw new IllegalStateException("a gate reads on");
    }

    @Override
    public void resumeReading() {
        throw new IllegalStateException("a gate reads on");
    }

    @Override
    public void close() {
        ends(CloseReason.LOCAL, "");
    }

    @Override
    public void close(CloseReason reason, String detail) {
        ends(reason, detail);
    }

    @Override
    public boolean here() {
        return true;
    }

    @Override
    public boolean execute(Runnable task) {
        tasks.add(task);
        return true;
    }

    @Override
    public Timer schedule(Runnable task, long delay, TimeUnit unit) {
        timers.add(task);
        return () -> timers.remove(task);
    }
}
