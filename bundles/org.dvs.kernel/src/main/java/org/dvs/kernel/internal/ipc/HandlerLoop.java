package org.dvs.kernel.internal.ipc;

import static org.dvs.kernel.internal.ipc.Result.BLOCKED;
import static org.dvs.kernel.internal.ipc.Result.OK;

import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;

import org.dvs.api.ErrorCode;
import org.dvs.kernel.api.Completion;
import org.dvs.kernel.api.DvsHandler;
import org.dvs.kernel.api.EndpointNumbers;
import org.dvs.kernel.api.Message;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A handler as a program: it receives from anybody, hands the message to the handler, and receives again. The message is handled
 * on the thread that brought it; when more are waiting than that thread should be kept from its own work with, a thread of the
 * kernel goes on with them.
 */
final class HandlerLoop extends LoopProgram {
    private static final Logger LOG = LoggerFactory.getLogger(HandlerLoop.class);
    /** Messages handled in a row on a thread that was here for something else, and on one of ours. */
    private static final int BORROWED = 8;
    private static final int OWN = 1024;

    private final DvsHandler handler;
    private final Executor executor;
    private final Message message = new Message();
    private final Received received = new Received();
    /** Its receive or the handler that runs, and the calls begun meanwhile. Whoever brings it to 0 receives the next message. */
    private final AtomicInteger busy = new AtomicInteger(1);

    HandlerLoop(DvsHandler handler, Executor executor, int pid) {
        super(pid);
        this.handler = handler;
        this.executor = executor;
    }

    void start() {
        next(BORROWED);
    }

    private final class Received extends Ending {
        Received() {
            super(false);
        }

        @Override
        public void completed(int rcode) {
            if (take(rcode)) {
                next(BORROWED);
            }
        }
    }

    /** @return true if the next message is to be received now, by this thread */
    private boolean take(int rcode) {
        if (rcode == OK) {
            return handle();
        }
        if (rcode == ErrorCode.SHUTDOWN.rcode()) {
            close();
        } else if (rcode == ErrorCode.WOKENUP.rcode() || rcode == ErrorCode.RMTPROC.rcode()) {
            // It was woken, or stands by for longer than a call may.
            return true;
        } else if (rcode == ErrorCode.PROCRUN.rcode()) {
            // A call that another thread began came first, and goes on with this when it ends.
            return isFree();
        } else if (rcode != ErrorCode.NOTBIND.rcode() && rcode != ErrorCode.DCNOTRUN.rcode()) {
            LOG.error("{} cannot receive: result {}", this, rcode);
        }
        return false;
    }

    private boolean handle() {
        try {
            handler.message(message, this);
        } catch (RuntimeException | Error e) {
            // An error, too: classes go while a bundle is replaced, and the next message may be handled well.
            LOG.error("The handler of {} failed at a message {}", this, message, e);
        }
        return isFree();
    }

    /** Something that kept it busy has ended. @return true if nothing does any more: then it is to receive */
    private boolean isFree() {
        // Nothing else does, most often: then what would be taken away and added again stays as it is.
        return busy.get() == 1 || busy.decrementAndGet() == 0 && busy.compareAndSet(0, 1);
    }

    private void next(int budget) {
        for (int left = budget; left > 0; left--) {
            int result = proc().dc.call(proc(), Operation.RECEIVE, EndpointNumbers.ANY, message, 0, false, received);
            if (result == BLOCKED || !take(result)) {
                return;
            }
        }
        executor.execute(() -> next(OWN));
    }

    @Override
    protected Completion begun(Completion done) {
        busy.incrementAndGet();
        return new Begun(done);
    }

    /** A call that the handler has begun. Not a lambda: a node's JVM has the first compiler only, which makes those slowly. */
    private final class Begun implements Completion {
        private final Completion done;

        Begun(Completion done) {
            this.done = done;
        }

        @Override
        public void completed(int rcode) {
            try {
                done.completed(rcode);
            } finally {
                if (isFree()) {
                    next(BORROWED);
                }
            }
        }
    }

    @Override
    public void receive(int source, Message into, long timeoutMs, Completion done) {
        done.completed(ErrorCode.PROCRUN.rcode());
    }

    @Override
    public void rcvrqst(Message into, long timeoutMs, Completion done) {
        done.completed(ErrorCode.PROCRUN.rcode());
    }
}
