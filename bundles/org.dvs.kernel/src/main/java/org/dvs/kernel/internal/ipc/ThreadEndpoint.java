package org.dvs.kernel.internal.ipc;

import static org.dvs.kernel.internal.ipc.Result.BLOCKED;

import org.dvs.api.ErrorCode;
import org.dvs.kernel.api.Endpoint;
import org.dvs.kernel.api.EndpointNumbers;
import org.dvs.kernel.api.Given;
import org.dvs.kernel.api.IpcException;
import org.dvs.kernel.api.Message;

/** An endpoint of a program of the container that waits on its threads. */
final class ThreadEndpoint implements Endpoint, Host {
    private final LocalMemory memory = new LocalMemory();
    private final int pid;
    private Proc proc;

    ThreadEndpoint(int pid) {
        this.pid = pid;
    }

    void bound(Proc to) {
        proc = to;
    }

    @Override
    public int dcid() {
        return proc.dc.settings.dcid();
    }

    @Override
    public int number() {
        return proc.endpoint;
    }

    @Override
    public String name() {
        return proc.name;
    }

    @Override
    public LocalMemory memory() {
        return memory;
    }

    @Override
    public LocalMemory programMemory() {
        return memory;
    }

    // ---- calls

    private void call(Operation operation, int peer, Message message, int value, long timeoutMs) throws IpcException {
        if (timeoutMs < FOREVER) {
            throw new IpcException(ErrorCode.INVAL, "time-out " + timeoutMs + " ms");
        }
        if (operation.lacks(message)) {
            Given.required(message, operation.word() + ": message");
        }
        ThreadWaiter waiter = new ThreadWaiter();
        int result = proc.dc.call(proc, operation, peer, message, value, timeoutMs == NOWAIT, waiter);
        if (result == BLOCKED) {
            result = waiter.await(proc, timeoutMs);
        }
        if (result < 0) {
            throw failure(result, operation, peer);
        }
    }

    private IpcException failure(int result, Operation operation, int peer) {
        String whom = peer == EndpointNumbers.ANY && operation.takes() ? "" : " " + EndpointNumbers.shown(peer);
        return IpcException.of(result, operation.word() + whom + " by " + proc + proc.dc.explanation.ofCall(result, proc, peer));
    }

    @Override
    public void send(int destination, Message message, long timeoutMs) throws IpcException {
        call(Operation.SEND, destination, message, 0, timeoutMs);
    }

    @Override
    public void receive(int source, Message message, long timeoutMs) throws IpcException {
        call(Operation.RECEIVE, source, message, 0, timeoutMs);
    }

    @Override
    public void sendrec(int peer, Message message, long timeoutMs) throws IpcException {
        call(Operation.SENDREC, peer, message, 0, timeoutMs);
    }

    @Override
    public void rcvrqst(Message message, long timeoutMs) throws IpcException {
        call(Operation.RCVRQST, EndpointNumbers.ANY, message, 0, timeoutMs);
    }

    @Override
    public void reply(int destination, Message message, long timeoutMs) throws IpcException {
        call(Operation.REPLY, destination, message, 0, timeoutMs);
    }

    @Override
    public void notify(int destination, long timeoutMs) throws IpcException {
        call(Operation.NOTIFY, destination, null, Notifications.NO_VALUE, timeoutMs);
    }

    @Override
    public void notifyValue(int destination, int value, long timeoutMs) throws IpcException {
        call(Operation.NOTIFY, destination, null, Notifications.checked(value), timeoutMs);
    }

    @Override
    public int vcopy(int source, long sourceAddress, int destination, long destinationAddress, int bytes) throws IpcException {
        ThreadWaiter waiter = new ThreadWaiter();
        int result = proc.dc.copy(proc, new Copy(source, sourceAddress, destination, destinationAddress, bytes), waiter);
        if (result == BLOCKED) {
            result = waiter.await(proc, FOREVER);
        }
        if (result < 0) {
            throw IpcException.of(result, "vcopy of " + bytes + " bytes from " + EndpointNumbers.shown(source) + " to "
                    + EndpointNumbers.shown(destination) + " by " + proc
                    + proc.dc.explanation.ofCopy(result, proc, source, destination, bytes));
        }
        return result;
    }

    @Override
    public int wait4bind(int endpoint, long timeoutMs) throws IpcException {
        call(Operation.WAIT4BIND, endpoint, null, 0, timeoutMs);
        return endpoint == EndpointNumbers.SELF ? number() : endpoint;
    }

    @Override
    public void wait4unbind(int endpoint, long timeoutMs) throws IpcException {
        call(Operation.WAIT4UNBIND, endpoint, null, 0, timeoutMs);
    }

    @Override
    public void unbind(int endpoint, long timeoutMs) throws IpcException {
        if (endpoint == proc.endpoint) {
            close();
        } else {
            call(Operation.UNBIND, endpoint, null, 0, timeoutMs);
        }
    }

    @Override
    public int getep(int ofPid) throws IpcException {
        try {
            return proc.dc.bindings.getep(proc, ofPid);
        } catch (IpcException e) {
            throw new IpcException(e.code(), "getep of process " + ofPid + " by " + proc + ": " + e.getMessage());
        }
    }

    @Override
    public void close() {
        proc.dc.exits.close(proc, 0);
    }

    // ---- as the kernel sees it

    @Override
    public int pid() {
        return pid;
    }

    @Override
    public boolean outside() {
        return false;
    }

    @Override
    public void terminate() {
        // Its thread hears it from its call, or at the next one. Whoever bound it may be another thread, and is left alone.
    }

    @Override
    public void unbound() {
        // Its thread hears it from its call, or at the next one.
    }

    @Override
    public String toString() {
        return proc == null ? "not bound" : proc.toString();
    }
}
