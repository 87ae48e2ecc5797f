package org.dvs.dispatcher.internal;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

import org.dvs.api.DvsException;
import org.dvs.dispatcher.internal.wire.Message;
import org.dvs.dispatcher.internal.wire.Wire;
import org.dvs.dispatcher.internal.wire.WireException;
import org.dvs.testkit.SimulatedTime;

/** A loop whose time a test moves, and a way out that a test reads. Tasks run when {@link #settle} is called. */
public final class ManualLoop implements Loop, Outbox {
    public final SimulatedTime time = new SimulatedTime();
    /** What was sent, {@code null} node for multicasts. */
    public final List<Out> sent = new ArrayList<>();
    /** What every attempt to send ends with; null for success. */
    public DvsException failure;
    /** Takes no tasks, as one that is overloaded or closed. */
    public boolean takesNothing;

    /** A message on its way. */
    public record Out(Integer node, Message message) {
    }

    @Override
    public boolean execute(Runnable task) {
        if (takesNothing) {
            return false;
        }
        time.after(0, task);
        return true;
    }

    @Override
    public long nanoTime() {
        return time.nanoTime();
    }

    @Override
    public Timer after(long delayNanos, Runnable task) {
        return time.after(delayNanos, task)::cancel;
    }

    /** Runs what is due now. */
    public void settle() {
        time.run(Duration.ZERO);
    }

    @Override
    public void multicast(byte[] message, Consumer<DvsException> failed) {
        out(null, message, failed);
    }

    @Override
    public void send(int nodeId, byte[] message, Consumer<DvsException> failed) {
        out(nodeId, message, failed);
    }

    /** As a worker sends. */
    public void sendNow(int nodeId, byte[] message) throws DvsException {
        if (failure != null) {
            throw failure;
        }
        out(nodeId, message, e -> { });
    }

    private void out(Integer node, byte[] message, Consumer<DvsException> failed) {
        if (failure != null) {
            failed.accept(failure);
            return;
        }
        try {
            sent.add(new Out(node, Wire.decode(message)));
        } catch (WireException e) {
            throw new AssertionError("what is sent can be read", e);
        }
    }

    /** Messages of this kind so far. */
    public <M extends Message> List<M> all(Class<M> kind) {
        return sent.stream().map(Out::message).filter(kind::isInstance).map(kind::cast).toList();
    }
}
