package org.dvs.kernel.internal.ipc;

import org.dvs.kernel.api.Call;

/** What a process is doing in the kernel; each needs the right to make a call. */
enum Operation {
    SEND(Call.SEND), RECEIVE(Call.RECEIVE), RCVRQST(Call.RCVRQST), SENDREC(Call.SENDREC), REPLY(Call.REPLY), NOTIFY(Call.NOTIFY),
    VCOPY(Call.VCOPY), WAIT4BIND(Call.WAIT4BIND), WAIT4UNBIND(Call.WAIT4BIND), UNBIND(Call.UNBIND);

    final long right;

    Operation(Call call) {
        right = call.bit();
    }
}
