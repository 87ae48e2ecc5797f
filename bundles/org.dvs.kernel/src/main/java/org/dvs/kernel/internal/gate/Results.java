package org.dvs.kernel.internal.gate;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

import org.dvs.kernel.api.Completion;
import org.dvs.kernel.api.Message;
import org.dvs.kernel.api.gate.GateOp;
import org.dvs.kernel.internal.ipc.OutsideProgram;
import org.dvs.transport.api.CloseReason;
import org.dvs.transport.api.Connection;

/**
 * Tells a program outside the ends of its calls, one at a time. The kernel brings its word of an end by any thread; everything
 * else happens on the loop of the connection.
 */
final class Results {
    private static final int SHORT_FRAME = 64;
    private static final byte[] NOTHING = {};

    // Made once: each call needs one.
    /** Of a call that brings nothing. */
    final Completion told = this::result;
    /** Of a call that brings a message when it ends well. */
    final Completion toldWithMessage = this::resultWithMessage;
    private final OutsideProgram program;
    private final Connection connection;
    private final Subject subject;
    private final Message message;
    private boolean calling;
    private boolean over;

    /**
     * @param subject of the call under way
     * @param message that it brings
     */
    Results(OutsideProgram program, Connection connection, Subject subject, Message message) {
        this.program = program;
        this.connection = connection;
        this.subject = subject;
        this.message = message;
    }

    /** A call begins. @return false if the one before has not ended */
    boolean begin() {
        if (calling) {
            return false;
        }
        calling = true;
        subject.nobody();
        return true;
    }

    /** Nothing is told any more: its connection goes, and that tells more. */
    void end() {
        over = true;
    }

    // ---- by any thread

    void result(int rcode) {
        // No lambda where none is needed: on the way of every call one costs a node's compiler more than all the rest here.
        if (here()) {
            tell(rcode, false);
        } else {
            later(() -> tell(rcode, false));
        }
    }

    private void resultWithMessage(int rcode) {
        if (here()) {
            tell(rcode, rcode >= 0);
        } else {
            later(() -> tell(rcode, rcode >= 0));
        }
    }

    boolean here() {
        return connection.loop().here();
    }

    void later(Runnable task) {
        if (!connection.loop().execute(task)) {
            // Its program would wait for ever.
            connection.close(CloseReason.FAULT, "the loop takes no more tasks");
        }
    }

    // ---- on the loop

    /** The program was bound by another one, as it waited for. */
    void bound(int endpoint, int dcid) {
        calling = false;
        ByteBuffer frame = begin(endpoint, Integer.BYTES);
        if (frame != null) {
            end(frame.putInt(dcid));
        }
    }

    private void tell(int rcode, boolean withMessage) {
        calling = false;
        if (over) {
            return;
        }
        byte[] why = rcode < 0 ? subject.why(rcode, program).getBytes(StandardCharsets.UTF_8) : NOTHING;
        ByteBuffer frame = begin(rcode, why.length);
        if (frame == null) {
            return;
        }
        if (withMessage) {
            message.write(frame);
        }
        end(frame.put(why, 0, Math.min(why.length, GateOp.MAX_WHY_BYTES)));
    }

    /** @return null if it does not read its answers: then its connection is closed */
    private ByteBuffer begin(int rcode, int more) {
        ByteBuffer frame = connection.begin(SHORT_FRAME + more);
        if (frame == null) {
            connection.close(CloseReason.WRITE_TIMEOUT, "an answer that it does not take");
            return null;
        }
        return frame.put(GateOp.RESULT).putInt(rcode);
    }

    private void end(ByteBuffer frame) {
        connection.end(frame);
        connection.flush();
    }

    /** Once: one that does not read it is not sent it again and again. @return whether it was sent */
    boolean terminate() {
        ByteBuffer frame = connection.begin(SHORT_FRAME);
        if (frame == null) {
            return false;
        }
        end(frame.put(GateOp.TERMINATE));
        return true;
    }
}
