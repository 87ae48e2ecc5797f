package org.dvs.kernel.internal.ipc;

import static org.dvs.kernel.internal.ipc.Result.BLOCKED;
import static org.dvs.kernel.internal.ipc.Result.OK;

import org.dvs.api.ErrorCode;
import org.dvs.kernel.api.AsyncEndpoint;
import org.dvs.kernel.api.Completion;
import org.dvs.kernel.api.Endpoint;
import org.dvs.kernel.api.EndpointNumbers;
import org.dvs.kernel.api.Given;
import org.dvs.kernel.api.IpcException;
import org.dvs.kernel.api.Message;

/** An endpoint of a program that begins its calls and is told their ends. */
public abstract class LoopEndpoint implements AsyncEndpoint {
    private final boolean inline;
    private Proc proc;

    /** @param inline whether the program's completions only pass the word on, so that they need not wait their turn */
    public LoopEndpoint(boolean inline) {
        this.inline = inline;
    }

    final void bound(Proc to) {
        proc = to;
    }

    final Proc proc() {
        return proc;
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

    // ---- calls

    private void call(Operation operation, int peer, Message message, int value, long timeoutMs, Completion done) {
        Given.argument(done, "completion");
        if (timeoutMs < Endpoint.FOREVER || operation.lacks(message)) {
            done.completed(ErrorCode.INVAL.rcode());
            return;
        }
        AsyncCall call = timeoutMs > 0 ? new AsyncCall.Timed(inline, begun(done)) : new AsyncCall(inline, begun(done));
        int result = proc.dc.call(proc, operation, peer, message, value, timeoutMs == Endpoint.NOWAIT, call);
        if (result != BLOCKED) {
            call.completed(result);
        } else if (call instanceof AsyncCall.Timed timed) {
            timed.deadline(proc.dc.site.after(timeoutMs, () -> proc.dc.expire(proc, call.serial(), ErrorCode.TIMEDOUT.rcode())));
        }
    }

    /** A call begins; what is given back is told its end instead. */
    protected Completion begun(Completion done) {
        return done;
    }

    @Override
    public void send(int destination, Message message, long timeoutMs, Completion done) {
        call(Operation.SEND, destination, message, 0, timeoutMs, done);
    }

    @Override
    public void receive(int source, Message message, long timeoutMs, Completion done) {
        call(Operation.RECEIVE, source, message, 0, timeoutMs, done);
    }

    @Override
    public void sendrec(int peer, Message message, long timeoutMs, Completion done) {
        call(Operation.SENDREC, peer, message, 0, timeoutMs, done);
    }

    @Override
    public void rcvrqst(Message message, long timeoutMs, Completion done) {
        call(Operation.RCVRQST, EndpointNumbers.ANY, message, 0, timeoutMs, done);
    }

    @Override
    public void reply(int destination, Message message, long timeoutMs, Completion done) {
        call(Operation.REPLY, destination, message, 0, timeoutMs, done);
    }

    @Override
    public int reply(int destination, Message message) {
        if (message == null) {
            return ErrorCode.INVAL.rcode();
        }
        int result = proc.dc.call(proc, Operation.REPLY, destination, message, 0, true, NobodyTold.INSTANCE);
        return result == ErrorCode.AGAIN.rcode() ? ErrorCode.RMTPROC.rcode() : result;
    }

    @Override
    public void notify(int destination, long timeoutMs, Completion done) {
        call(Operation.NOTIFY, destination, null, Notifications.NO_VALUE, timeoutMs, done);
    }

    @Override
    public void notifyValue(int destination, int value, long timeoutMs, Completion done) {
        call(Operation.NOTIFY, destination, null, Notifications.checked(value), timeoutMs, done);
    }

    @Override
    public void vcopy(int source, long sourceAddress, int destination, long destinationAddress, int bytes, Completion done) {
        AsyncCall call = new AsyncCall(inline, begun(Given.argument(done, "completion")));
        int result = proc.dc.copy(proc, new Copy(source, sourceAddress, destination, destinationAddress, bytes), call);
        if (result != BLOCKED) {
            call.completed(result);
        }
    }

    @Override
    public void wait4bind(int endpoint, long timeoutMs, Completion done) {
        call(Operation.WAIT4BIND, endpoint, null, 0, timeoutMs, done);
    }

    @Override
    public void wait4unbind(int endpoint, long timeoutMs, Completion done) {
        call(Operation.WAIT4UNBIND, endpoint, null, 0, timeoutMs, done);
    }

    @Override
    public void unbind(int endpoint, long timeoutMs, Completion done) {
        Given.argument(done, "completion");
        if (endpoint == proc.endpoint) {
            close();
            done.completed(OK);
        } else {
            call(Operation.UNBIND, endpoint, null, 0, timeoutMs, done);
        }
    }

    @Override
    public int getep(int pid) {
        try {
            return endpointOf(pid);
        } catch (IpcException e) {
            return e.rcode();
        }
    }

    /** As {@link #getep}. @throws IpcException with just the reason, and a code whose number is no endpoint's */
    protected final int endpointOf(int pid) throws IpcException {
        try {
            return proc.dc.bindings.getep(proc, pid);
        } catch (IpcException e) {
            throw e.rcode() < EndpointNumbers.ERROR_LIMIT ? e : new IpcException(ErrorCode.PRIVILEGES, e.getMessage());
        }
    }

    @Override
    public void close() {
        close(0);
    }

    /** @param exitCode for whoever is warned when a process of the DC ends */
    public void close(int exitCode) {
        proc.dc.exits.close(proc, exitCode);
    }

    /** What the number of a failed call leaves out, to be put behind the call's name; often nothing. */
    public final String explain(int rcode, int peer) {
        return proc.dc.explanation.ofCall(rcode, proc, peer);
    }

    /** As {@link #explain}, of a copy. */
    public final String explainCopy(int rcode, int source, int destination, int bytes) {
        return proc.dc.explanation.ofCopy(rcode, proc, source, destination, bytes);
    }

    /** A call that cannot block. */
    private static final class NobodyTold extends Ending {
        static final NobodyTold INSTANCE = new NobodyTold();

        private NobodyTold() {
            super(true);
        }

        @Override
        public void completed(int rcode) {
            throw new IllegalStateException("a call that was not to wait did: " + rcode);
        }
    }

    @Override
    public String toString() {
        return proc == null ? "not bound" : proc.toString();
    }
}
