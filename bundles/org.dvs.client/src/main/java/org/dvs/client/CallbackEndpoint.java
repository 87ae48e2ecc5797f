package org.dvs.client;

import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicInteger;

import org.dvs.api.ErrorCode;
import org.dvs.kernel.api.AsyncEndpoint;
import org.dvs.kernel.api.Completion;
import org.dvs.kernel.api.DvsHandler;
import org.dvs.kernel.api.Endpoint;
import org.dvs.kernel.api.EndpointNumbers;
import org.dvs.kernel.api.IpcException;
import org.dvs.kernel.api.Memory;
import org.dvs.kernel.api.Message;
import org.dvs.kernel.api.gate.GateOp;

/**
 * An endpoint whose calls are begun and whose ends are told, all on one thread of its own; with a handler, that receives whenever no call
 * is under way. Calls may be begun by any thread; one at a time, more get PROCRUN.
 */
final class CallbackEndpoint implements AsyncEndpoint {
    private static final AtomicInteger NUMBER = new AtomicInteger();
    private static final Completion NOBODY = rcode -> { };

    private final GateWire wire;
    private final int dcid;
    private final int number;
    private final String name;
    private final DvsHandler handler;
    private final Message inbox = new Message();
    private final Thread reader;
    /** Guarded by this. */
    private Completion done;
    private Message answer;
    private boolean waiting;

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
            while (wire.isOpen()) {
                if (!awaitCall()) {
                    return;
                }
                end(wire.result());
            }
        } catch (IpcException e) {
            fail(e.rcode());
        }
    }

    /** With a handler and nothing under way it receives; else it waits for a call to be begun. @return false when closed */
    private boolean awaitCall() throws IpcException {
        synchronized (this) {
            if (done == null && handler == null) {
                waiting = true;
                while (done == null && wire.isOpen()) {
                    try {
                        wait();
                    } catch (InterruptedException e) {
                        wire.close();
                    }
                }
                waiting = false;
            }
            if (done == null) {
                if (!wire.isOpen()) {
                    return false;
                }
                done = this::received;
                answer = inbox;
                wire.send(wire.calls().peer(GateOp.RECEIVE, EndpointNumbers.ANY, Endpoint.FOREVER));
            }
            return true;
        }
    }

    private void received(int rcode) {
        if (rcode == 0) {
            handler.message(inbox, this);
        } else if (rcode == ErrorCode.SHUTDOWN.rcode() || rcode != ErrorCode.WOKENUP.rcode()) {
            close();
        }
    }

    private void end(ByteBuffer result) {
        int rcode = result.getInt();
        Completion ended;
        synchronized (this) {
            if (answer != null && result.hasRemaining()) {
                answer.read(result);
            }
            ended = done;
            done = null;
            answer = null;
        }
        ended.completed(rcode);
    }

    private void fail(int rcode) {
        Completion ended;
        synchronized (this) {
            ended = done;
            done = null;
        }
        wire.close();
        if (ended != null && handler == null) {
            ended.completed(rcode);
        }
    }

    // ---- calls

    private interface Encoding {
        ByteBuffer encode(Frames frames);
    }

    private void call(long timeoutMs, Message into, Completion told, Encoding encoding) {
        int refused = begin(timeoutMs, into, told, encoding);
        if (refused != 0) {
            told.completed(refused);
        }
    }

    private synchronized int begin(long timeoutMs, Message into, Completion told, Encoding encoding) {
        if (timeoutMs < Endpoint.FOREVER) {
            return ErrorCode.INVAL.rcode();
        }
        if (done != null) {
            return ErrorCode.PROCRUN.rcode();
        }
        try {
            wire.send(encoding.encode(wire.calls()));
        } catch (IpcException e) {
            return e.rcode();
        }
        done = told;
        answer = into;
        if (waiting) {
            notifyAll();
        }
        return 0;
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

    @Override
    public void send(int destination, Message message, long timeoutMs, Completion told) {
        call(timeoutMs, null, told, frames -> frames.message(GateOp.SEND, destination, timeoutMs, message));
    }

    @Override
    public void receive(int source, Message message, long timeoutMs, Completion told) {
        call(timeoutMs, message, told, frames -> frames.peer(GateOp.RECEIVE, source, timeoutMs));
    }

    @Override
    public void sendrec(int peer, Message message, long timeoutMs, Completion told) {
        call(timeoutMs, message, told, frames -> frames.message(GateOp.SENDREC, peer, timeoutMs, message));
    }

    @Override
    public void rcvrqst(Message message, long timeoutMs, Completion told) {
        call(timeoutMs, message, told, frames -> frames.peer(GateOp.RCVRQST, EndpointNumbers.ANY, timeoutMs));
    }

    @Override
    public void reply(int destination, Message message, long timeoutMs, Completion told) {
        call(timeoutMs, null, told, frames -> frames.message(GateOp.REPLY, destination, timeoutMs, message));
    }

    /** Only passed on here: what becomes of it the kernel alone knows. */
    @Override
    public int reply(int destination, Message message) {
        return begin(Endpoint.FOREVER, null, NOBODY, frames -> frames.message(GateOp.REPLY, destination, Endpoint.FOREVER, message));
    }

    @Override
    public void notify(int destination, long timeoutMs, Completion told) {
        call(timeoutMs, null, told, frames -> frames.ntfy(destination, timeoutMs, -1));
    }

    @Override
    public void notifyValue(int destination, int value, long timeoutMs, Completion told) {
        if (value < 0) {
            told.completed(ErrorCode.RANGE.rcode());
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

    @Override
    public synchronized void close() {
        if (wire.isOpen()) {
            try {
                wire.send(wire.calls().number(GateOp.EXIT, 0));
            } catch (IpcException e) {
                // It is gone already.
            }
            wire.close();
        }
        notifyAll();
    }

    @Override
    public String toString() {
        return name + " (" + number + " of dc" + dcid + ")";
    }
}
