package org.dvs.kernel.internal.gate;

import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;

import org.dvs.kernel.api.Completion;
import org.dvs.kernel.api.EndpointNumbers;
import org.dvs.kernel.api.Message;
import org.dvs.kernel.api.gate.GateOp;

/** The calls of a program that is bound: reads each from its frame and begins it. On the loop of its connection. */
final class BoundCalls {
    private static final int OP = Byte.BYTES;
    private static final int PEER = OP + Integer.BYTES + Long.BYTES;
    /** What is longer is as good as for ever. */
    private static final long LONGEST_MS = TimeUnit.DAYS.toMillis(365);

    private final GateSession program;
    private final Results results;
    private final Subject subject;
    private final Message message;
    // Made once, as those of the results.
    private final Completion answered = this::takeNext;
    private boolean requestsOnly;
    private long takenUntil;
    private long takeMs;

    /** @param message that a call gives or brings */
    BoundCalls(GateSession program, Results results, Subject subject, Message message) {
        this.program = program;
        this.results = results;
        this.subject = subject;
        this.message = message;
    }

    /**
     * @param frame behind its first byte
     * @throws IllegalArgumentException for a call that there is not, or of another length
     */
    void call(byte op, ByteBuffer frame) {
        if (frame.limit() != length(op)) {
            throw new IllegalArgumentException("call " + op + " of " + frame.limit() + " bytes, not " + length(op));
        }
        switch (op) {
            case GateOp.VCOPY -> copy(frame.getInt(), frame.getLong(), frame.getInt(), frame.getLong(), frame.getInt());
            case GateOp.GETEP -> results.result(program.sought(frame.getInt()));
            case GateOp.LCLBIND -> results.result(program.lclbind(frame.getInt(), frame.getInt(), frame.getInt(), frame.get()));
            default -> peer(op, frame.getInt(), frame.getLong(), frame);
        }
    }

    /** Bytes of a call's frame. */
    private static int length(byte op) {
        return switch (op) {
            case GateOp.SEND, GateOp.SENDREC, GateOp.REPLY, GateOp.REPLY_RCVRQST, GateOp.REPLY_RECEIVE -> PEER + Message.BYTES;
            case GateOp.RECEIVE, GateOp.RCVRQST, GateOp.WAIT4BIND, GateOp.WAIT4UNBIND, GateOp.UNBIND -> PEER;
            case GateOp.NOTIFY -> PEER + Integer.BYTES;
            case GateOp.VCOPY -> OP + 3 * Integer.BYTES + 2 * Long.BYTES;
            case GateOp.GETEP -> OP + Integer.BYTES;
            case GateOp.LCLBIND -> OP + 3 * Integer.BYTES + Byte.BYTES;
            default -> throw new IllegalArgumentException("no such call: " + op);
        };
    }

    private void copy(int source, long sourceAddress, int destination, long destinationAddress, int bytes) {
        subject.copy(source, destination, bytes);
        program.vcopy(source, sourceAddress, destination, destinationAddress, bytes, results.told);
    }

    private void peer(byte op, int peer, long timeoutMs, ByteBuffer frame) {
        subject.peer(peer);
        switch (op) {
            case GateOp.SEND -> program.send(peer, message.read(frame), timeoutMs, results.told);
            case GateOp.RECEIVE -> program.receive(peer, message, timeoutMs, results.toldWithMessage);
            case GateOp.SENDREC -> program.sendrec(peer, message.read(frame), timeoutMs, results.toldWithMessage);
            case GateOp.RCVRQST -> program.rcvrqst(message, timeoutMs, results.toldWithMessage);
            case GateOp.REPLY -> program.reply(peer, message.read(frame), timeoutMs, results.told);
            case GateOp.REPLY_RCVRQST -> answer(peer, message.read(frame), timeoutMs, true);
            case GateOp.REPLY_RECEIVE -> answer(peer, message.read(frame), timeoutMs, false);
            case GateOp.NOTIFY -> ntfy(peer, frame.getInt(), timeoutMs);
            case GateOp.WAIT4BIND -> program.wait4bind(peer, timeoutMs, results.told);
            case GateOp.WAIT4UNBIND -> program.wait4unbind(peer, timeoutMs, results.told);
            default -> program.unbind(peer, timeoutMs, results.told);
        }
    }

    private void ntfy(int peer, int value, long timeoutMs) {
        if (value == -1) {
            program.notify(peer, timeoutMs, results.told);
        } else {
            program.notifyValue(peer, value, timeoutMs, results.told);
        }
    }

    /** Answers, then takes what comes next: a server's two calls in one frame each way. */
    private void answer(int peer, Message answer, long timeoutMs, boolean onlyRequests) {
        requestsOnly = onlyRequests;
        takeMs = timeoutMs;
        takenUntil = timeoutMs > 0 ? System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(Math.min(timeoutMs, LONGEST_MS)) : 0;
        program.reply(peer, answer, timeoutMs, answered);
    }

    private void takeNext(int replied) {
        if (results.here()) {
            taking(replied);
        } else {
            results.later(() -> taking(replied));
        }
    }

    private void taking(int replied) {
        if (replied < 0 && requestsOnly) {
            results.result(replied);
            return;
        }
        // 1 where nothing is left: only who would not wait at all gets AGAIN.
        long left = takeMs <= 0 ? takeMs : Math.max(1, TimeUnit.NANOSECONDS.toMillis(takenUntil - System.nanoTime()));
        if (requestsOnly) {
            program.rcvrqst(message, left, results.toldWithMessage);
        } else {
            program.receive(EndpointNumbers.ANY, message, left, results.toldWithMessage);
        }
    }
}
