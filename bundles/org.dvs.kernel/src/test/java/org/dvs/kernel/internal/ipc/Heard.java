package org.dvs.kernel.internal.ipc;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.dvs.api.ErrorCode;
import org.dvs.kernel.api.Completion;
import org.dvs.kernel.api.Message;

/** What a call that was begun came to, and the message it was given. */
final class Heard implements Completion {
    final Message message;
    private final String call;
    private int times;
    private int rcode;

    Heard(String call, Message message) {
        this.call = call;
        this.message = message;
    }

    @Override
    public synchronized void completed(int result) {
        rcode = result;
        times++;
    }

    synchronized boolean hasEnded() {
        return times > 0;
    }

    synchronized Heard waits() {
        assertEquals(0, times, () -> call + " is to wait and has ended: " + text());
        return this;
    }

    synchronized Heard ends(int result) {
        assertEquals(1, times, () -> call + " is to end once, it did " + times + " times");
        assertEquals(result, rcode, () -> call + " ended: " + text());
        return this;
    }

    Heard ok() {
        return ends(0);
    }

    /** As {@link #fails}, once all has moved between the nodes. */
    void settledFails(Nodes nodes, ErrorCode code) {
        nodes.settle();
        fails(code);
    }

    Heard fails(ErrorCode code) {
        return ends(code.rcode());
    }

    /** It succeeded and brought the message of this number from this process. */
    Heard brings(int source, int number) {
        ok();
        assertEquals(source, message.source(), call);
        assertEquals(number, message.getInt(Message.M1_I1), call);
        return this;
    }

    /** It succeeded and brought a notification of this process. */
    Heard bringsNotification(int source, int updates) {
        ok();
        assertEquals(source, message.source(), call);
        assertEquals(Message.NOTIFY | source & 0xFFF, message.type(), call);
        assertEquals(updates, message.getInt(Message.M9_I1), call);
        return this;
    }

    synchronized int rcode() {
        return rcode;
    }

    @Override
    public String toString() {
        return call;
    }

    private String text() {
        return ErrorCode.ofRcode(rcode).map(ErrorCode::name).orElse(Integer.toString(rcode));
    }
}
