package org.dvs.client;

import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicInteger;

import org.dvs.api.ErrorCode;
import org.dvs.kernel.api.AsyncEndpoint;
import org.dvs.kernel.api.Completion;
import org.dvs.kernel.api.DvsHandler;
import org.dvs.kernel.api.Endpoint;
import org.dvs.kernel.api.EndpointNumbers;
import org.dvs.kernel.api.Given;
import org.dvs.kernel.api.IpcException;
import org.dvs.kernel.api.Memory;
import org.dvs.kernel.api.Message;
import org.dvs.kernel.api.gate.GateOp;

/**
 * An endpoint whose calls are begun and whose ends are told, all on one thread of its own; with a handler, that receives whenever
 * no call is under way. Calls may be begun by any thread; one at a time, more get PROCRUN.
 *
 * <p>A callback may begin the next call, close the endpoint, and fail: that is logged, and the endpoint goes on. A call that has
 * been begun is told its end once: NOTBIND when the endpoint is closed meanwhile, CONNRESET when the kernel is gone or, with a
 * deadline, does not answer {@link Watch#GRACE_MS} after it.
 */
final class CallbackEndpoint implements AsyncEndpoint {
    private static final System.Logger LOG = System.getLogger("org.dvs.client");
    private static final AtomicInteger NUMBER = new AtomicInteger();
    private static final Completion NOBODY = rcode -> { };

    private final GateWire wire;
    private final int dcid;
    private final int number;
    private final String name;
    private final DvsHandler handler;
    private final Message inbox = new Message();
    private final Completion received = this::received;
    private final Thread reader;
    /** 0, or why there can be no call any more. */
    private final AtomicInteger over = new AtomicInteger();
    /** Guarded by this, as all below. */
    private Completion done;
    private Message answer;
    /** The handler is called. */
    private boolean handling;
    /** A handler's answer, that goes with the next receive, when the handler has returned. */
    private ByteBuffer held;

    /** @param handler of messages; null for a program that receives for itself */
    CallbackEndpoint(GateWire wire, int dcid, int number, String name, DvsHandler handler) {
        this.wire = wire;
        this.dcid = dcid;
        this.number = number;
        this.name = name;
        this.handler = handler;
        reader = new Thread(this::read, "dvs-client-" + name + "-" + NUMBER.incrementAndGet());
        reader.setDaemon(true);
        reader.start();
    }

    // ---- the reader's thread

    private void read() {
        try {
            while (awaitCall()) {
                end(wire.result());
            }
        } catch (IpcException e) {
            over.compareAndSet(0, e.rcode());
        } finally {
            fail();
        }
    }

    /** With a handler and nothing under way it receives; else it waits for a call to be begun. @return false when closed */
    private synchronized boolean awaitCall() throws IpcException {
        while (over.get() == 0 && done == null) {
            if (handler != null) {
                ByteBuffer frame = held != null ? held : wire.calls().peer(GateOp.RECEIVE, EndpointNumbers.ANY, Endpoint.FOREVER);
                held = null;
                done = received;
                answer = inbox;
                wire.send(frame);
            } else {
                try {
                    wait();
                } catch (InterruptedException e) {
                    over.compareAndSet(0, ErrorCode.INTR.rcode());
                }
            }
        }
        return over.get() == 0;
    }

    private void received(int rcode) {
        if (rcode == 0) {
            handling(true);
            try {
                handler.message(inbox, this);
            } finally {
                handling(false);
            }
        } else if (rcode != ErrorCode.WOKENUP.rcode()) {
            close();
        }
    }

    private synchronized void handling(boolean now) {
        handling = now;
    }

    private void end(ByteBuffer result) {
        int rcode = result.getInt();
        Completion ended;
        synchronized (this) {
            wire.due(Endpoint.FOREVER);
            if (answer != null && rcode >= 0 && result.hasRemaining()) {
                answer.read(result);
            }
            ended = done;
            done = null;
            answer = null;
        }
        tell(ended, rcode);
    }

    private void tell(Completion ended, int rcode) {
        try {
            ended.completed(rcode);
        } catch (RuntimeException | Error e) {
            LOG.log(System.Logger.Level.ERROR, this + " failed when it was told the end of a call", e);
        }
    }

    /** Nothing follows: who still waits is told. */
    private void fail() {
        wire.close();
        Completion ended;
        synchronized (this) {
            over.compareAndSet(0, ErrorCode.CONNRESET.rcode());
            ended = done;
            done = null;
            answer = null;
            held = null;
        }
        if (ended != null && ended != received) {
            tell(ended, over.get());
        }
    }

    // ---- calls

    private interface Encoding {
        ByteBuffer encode(Frames frames);
    }

    private void call(long timeoutMs, Message into, Completion told, Encoding encoding) {
        int refused = begin(timeoutMs, into, Given.argument(told, "completion"), encoding);
        if (refused != 0) {
            told.completed(refused);
        }
    }

    private synchronized int begin(long timeoutMs, Message into, Completion told, Encoding encoding) {
        if (timeoutMs < Endpoint.FOREVER) {
            return ErrorCode.INVAL.rcode();
        }
        if (over.get() != 0) {
            return over.get();
        }
        if (done != null || held != null && Thread.currentThread() != reader) {
            return ErrorCode.PROCRUN.rcode();
        }
        // To write as an interrupted thread would end the connection, and here nobody waits.
        boolean interrupted = Thread.interrupted();
        try {
            settle();
            wire.due(timeoutMs);
            wire.send(encoding.encode(wire.calls()));
        } catch (IpcException e) {
            over.compareAndSet(0, e.rcode());
            // The reader, that waits for a call to be begun, is to end.
            notifyAll();
            return over.get();
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
        done = told;
        answer = into;
        notifyAll();
        return 0;
    }

    /** The handler does something after its answer: that is given now. On the reader's thread. */
    private void settle() throws IpcException {
        if (held != null) {
            ByteBuffer frame = Frames.withOp(held, GateOp.REPLY);
            held = null;
            wire.send(frame);
            wire.result();
        }
    }

    @Override
    public int dcid() {
        return dcid;
    }

    @Override
    public int number() {
        return number;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Memory memory() {
        return wire.memory();
    }

    /** A call that gives or takes a message needs one. */
    private void callWith(Message message, long timeoutMs, Message into, Completion told, Encoding encoding) {
        if (message == null) {
            Given.argument(told, "completion").completed(ErrorCode.INVAL.rcode());
        } else {
            call(timeoutMs, into, told, encoding);
        }
    }

    @Override
    public void send(int destination, Message message, long timeoutMs, Completion told) {
        callWith(message, timeoutMs, null, told, frames -> frames.message(GateOp.SEND, destination, timeoutMs, message));
    }

    @Override
    public void receive(int source, Message message, long timeoutMs, Completion told) {
        callWith(message, timeoutMs, message, told, frames -> frames.peer(GateOp.RECEIVE, source, timeoutMs));
    }

    @Override
    public void sendrec(int peer, Message message, long timeoutMs, Completion told) {
        callWith(message, timeoutMs, message, told, frames -> frames.message(GateOp.SENDREC, peer, timeoutMs, message));
    }

    @Override
    public void rcvrqst(Message message, long timeoutMs, Completion told) {
        callWith(message, timeoutMs, message, told, frames -> frames.peer(GateOp.RCVRQST, EndpointNumbers.ANY, timeoutMs));
    }

    @Override
    public void reply(int destination, Message message, long timeoutMs, Completion told) {
        callWith(message, timeoutMs, null, told, frames -> frames.message(GateOp.REPLY, destination, timeoutMs, message));
    }

    /**
     * Only passed on here: what becomes of it the kernel alone knows. A handler's answer goes when it returns or begins something
     * else, so that a request costs its program one way to the kernel instead of two.
     */
    @Override
    public synchronized int reply(int destination, Message message) {
        if (message == null) {
            return ErrorCode.INVAL.rcode();
        }
        if (handling && Thread.currentThread() == reader && over.get() == 0 && done == null && held == null) {
            held = wire.calls().message(GateOp.REPLY_RECEIVE, destination, Endpoint.FOREVER, message);
            return 0;
        }
        return begin(Endpoint.FOREVER, null, NOBODY,
                frames -> frames.message(GateOp.REPLY, destination, Endpoint.FOREVER, message));
    }

    @Override
    public void notify(int destination, long timeoutMs, Completion told) {
        call(timeoutMs, null, told, frames -> frames.ntfy(destination, timeoutMs, -1));
    }

    @Override
    public void notifyValue(int destination, int value, long timeoutMs, Completion told) {
        if (value < 0) {
            Given.argument(told, "completion").completed(ErrorCode.RANGE.rcode());
        } else {
            call(timeoutMs, null, told, frames -> frames.ntfy(destination, timeoutMs, value));
        }
    }

    @Override
    public void vcopy(int source, long sourceAddress, int destination, long destinationAddress, int bytes, Completion told) {
        call(Endpoint.FOREVER, null, told, frames -> frames.vcopy(source, sourceAddress, destination, destinationAddress, bytes));
    }

    @Override
    public void wait4bind(int endpoint, long timeoutMs, Completion told) {
        call(timeoutMs, null, told, frames -> frames.peer(GateOp.WAIT4BIND, endpoint, timeoutMs));
    }

    @Override
    public void wait4unbind(int endpoint, long timeoutMs, Completion told) {
        call(timeoutMs, null, told, frames -> frames.peer(GateOp.WAIT4UNBIND, endpoint, timeoutMs));
    }

    @Override
    public void unbind(int endpoint, long timeoutMs, Completion told) {
        Given.argument(told, "completion");
        if (endpoint == number) {
            close();
            told.completed(0);
        } else {
            call(timeoutMs, null, told, frames -> frames.peer(GateOp.UNBIND, endpoint, timeoutMs));
        }
    }

    /** Would have to wait for the kernel: {@code NOSYS}. A program that waits may ask. */
    @Override
    public int getep(int pid) {
        return ErrorCode.NOSYS.rcode();
    }

    /** Any thread; does not wait for a callback that runs. */
    @Override
    public void close() {
        if (Thread.currentThread() == reader) {
            answerGiven();
        }
        over.compareAndSet(0, ErrorCode.NOTBIND.rcode());
        wire.exit();
        synchronized (this) {
            notifyAll();
        }
    }

    private synchronized void answerGiven() {
        try {
            settle();
        } catch (IpcException e) {
            over.compareAndSet(0, e.rcode());
        }
    }

    @Override
    public String toString() {
        return name + " (" + number + " of dc" + dcid + ")";
    }
}
