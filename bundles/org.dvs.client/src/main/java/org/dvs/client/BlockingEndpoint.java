package org.dvs.client;

import java.nio.ByteBuffer;
import java.util.concurrent.locks.ReentrantLock;

import org.dvs.api.ErrorCode;
import org.dvs.kernel.api.Endpoint;
import org.dvs.kernel.api.EndpointNumbers;
import org.dvs.kernel.api.Given;
import org.dvs.kernel.api.IpcException;
import org.dvs.kernel.api.Memory;
import org.dvs.kernel.api.Message;
import org.dvs.kernel.api.gate.GateOp;

/**
 * An endpoint whose calls wait on the calling thread, which reads the answer itself. A thread that is interrupted in a call gets
 * INTR, and the endpoint is unbound: an interrupted read ends the connection.
 */
final class BlockingEndpoint implements Endpoint {
    private final GateWire wire;
    private final int dcid;
    private final int number;
    private final String name;
    private final ReentrantLock calling = new ReentrantLock();
    private volatile boolean closed;

    BlockingEndpoint(GateWire wire, int dcid, int number, String name) {
        this.wire = wire;
        this.dcid = dcid;
        this.number = number;
        this.name = name;
    }

    /** Writes the frame of a call. */
    private interface Encoding {
        ByteBuffer encode(Frames frames);
    }

    /**
     * @param what  and {@code whom} name the call where it fails
     * @param limit results below it are errors
     */
    private int call(String what, int whom, long timeoutMs, Message answer, int limit, Encoding encoding) throws IpcException {
        if (timeoutMs < FOREVER) {
            throw new IpcException(ErrorCode.INVAL, called(what, whom) + ": time-out " + timeoutMs + " ms");
        }
        if (!calling.tryLock()) {
            throw new IpcException(ErrorCode.PROCRUN, called(what, whom) + ": another of its threads is in a call");
        }
        try {
            wire.due(timeoutMs);
            wire.send(encoding.encode(wire.calls()));
            ByteBuffer result = wire.result();
            int rcode = result.getInt();
            if (rcode < limit) {
                throw IpcException.of(rcode, called(what, whom) + GateWire.why(result));
            }
            if (answer != null && result.hasRemaining()) {
                answer.read(result);
            }
            return rcode;
        } catch (IpcException e) {
            if (e.code() == ErrorCode.CONNRESET && Thread.currentThread().isInterrupted()) {
                throw new IpcException(ErrorCode.INTR, called(what, whom));
            }
            if (e.code() == ErrorCode.CONNRESET && closed) {
                throw new IpcException(ErrorCode.NOTBIND, called(what, whom) + ", which was closed");
            }
            throw e;
        } finally {
            wire.due(FOREVER);
            calling.unlock();
        }
    }

    private String called(String what, int whom) {
        boolean anybody = whom == EndpointNumbers.ANY && what.endsWith("from ");
        return what + (anybody ? "anybody" : EndpointNumbers.shown(whom)) + " by " + this;
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
    public void send(int destination, Message message, long timeoutMs) throws IpcException {
        Given.required(message, "send: message");
        call("send to ", destination, timeoutMs, null, 0,
                frames -> frames.message(GateOp.SEND, destination, timeoutMs, message));
    }

    @Override
    public void receive(int source, Message message, long timeoutMs) throws IpcException {
        Given.required(message, "receive: message");
        call("receive from ", source, timeoutMs, message, 0, frames -> frames.peer(GateOp.RECEIVE, source, timeoutMs));
    }

    @Override
    public void sendrec(int peer, Message message, long timeoutMs) throws IpcException {
        Given.required(message, "sendrec: message");
        call("sendrec to ", peer, timeoutMs, message, 0, frames -> frames.message(GateOp.SENDREC, peer, timeoutMs, message));
    }

    @Override
    public void rcvrqst(Message message, long timeoutMs) throws IpcException {
        Given.required(message, "rcvrqst: message");
        call("rcvrqst from ", EndpointNumbers.ANY, timeoutMs, message, 0,
                frames -> frames.peer(GateOp.RCVRQST, EndpointNumbers.ANY, timeoutMs));
    }

    @Override
    public void reply(int destination, Message message, long timeoutMs) throws IpcException {
        Given.required(message, "reply: message");
        call("reply to ", destination, timeoutMs, null, 0,
                frames -> frames.message(GateOp.REPLY, destination, timeoutMs, message));
    }

    @Override
    public void replyRcvrqst(int destination, Message message, long timeoutMs) throws IpcException {
        Given.required(message, "replyRcvrqst: message");
        call("reply and rcvrqst to ", destination, timeoutMs, message, 0,
                frames -> frames.message(GateOp.REPLY_RCVRQST, destination, timeoutMs, message));
    }

    @Override
    public void notify(int destination, long timeoutMs) throws IpcException {
        call("notify of ", destination, timeoutMs, null, 0, frames -> frames.ntfy(destination, timeoutMs, -1));
    }

    @Override
    public void notifyValue(int destination, int value, long timeoutMs) throws IpcException {
        if (value < 0) {
            throw new IpcException(ErrorCode.RANGE, called("notify with value " + value + " of ", destination)
                    + ": values are 0..31");
        }
        call("notify with value " + value + " of ", destination, timeoutMs, null, 0,
                frames -> frames.ntfy(destination, timeoutMs, value));
    }

    @Override
    public int vcopy(int source, long sourceAddress, int destination, long destinationAddress, int bytes) throws IpcException {
        return call("vcopy of " + bytes + " bytes from " + EndpointNumbers.shown(source) + " to ", destination, FOREVER, null, 0,
                frames -> frames.vcopy(source, sourceAddress, destination, destinationAddress, bytes));
    }

    @Override
    public int wait4bind(int endpoint, long timeoutMs) throws IpcException {
        call("wait4bind of ", endpoint, timeoutMs, null, 0, frames -> frames.peer(GateOp.WAIT4BIND, endpoint, timeoutMs));
        return endpoint == EndpointNumbers.SELF ? number : endpoint;
    }

    @Override
    public void wait4unbind(int endpoint, long timeoutMs) throws IpcException {
        call("wait4unbind of ", endpoint, timeoutMs, null, 0, frames -> frames.peer(GateOp.WAIT4UNBIND, endpoint, timeoutMs));
    }

    @Override
    public void unbind(int endpoint, long timeoutMs) throws IpcException {
        if (endpoint == number) {
            close();
        } else {
            call("unbind of ", endpoint, timeoutMs, null, 0, frames -> frames.peer(GateOp.UNBIND, endpoint, timeoutMs));
        }
    }

    @Override
    public int getep(int pid) throws IpcException {
        return call("getep of process ", pid, NOWAIT, null, EndpointNumbers.ERROR_LIMIT,
                frames -> frames.number(GateOp.GETEP, pid));
    }

    @Override
    public void close() {
        closed = true;
        wire.exit();
    }

    @Override
    public String toString() {
        return name + " (" + number + " of dc" + dcid + ")";
    }
}
