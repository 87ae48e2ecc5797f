package org.dvs.kernel.internal.ipc;

import java.util.Locale;

import org.dvs.kernel.api.Call;
import org.dvs.kernel.api.Message;

/** What a process is doing in the kernel; each needs the right to make a call. */
enum Operation {
    SEND(Call.SEND, true), RECEIVE(Call.RECEIVE, true), RCVRQST(Call.RCVRQST, true), SENDREC(Call.SENDREC, true),
    REPLY(Call.REPLY, true), NOTIFY(Call.NOTIFY, false), VCOPY(Call.VCOPY, false), WAIT4BIND(Call.WAIT4BIND, false),
    WAIT4UNBIND(Call.WAIT4BIND, false), UNBIND(Call.UNBIND, false);

    final long right;
    private final boolean carries;

    Operation(Call call, boolean carries) {
        right = call.bit();
        this.carries = carries;
    }

    /** A call that gives or takes a message needs one: without it, it must not begin. */
    boolean lacks(Message message) {
        return carries && message == null;
    }

    /** A call that takes a message from somebody else. */
    boolean takes() {
        return this == RECEIVE || this == RCVRQST;
    }

    String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
