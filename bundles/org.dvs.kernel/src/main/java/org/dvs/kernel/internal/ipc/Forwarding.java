package org.dvs.kernel.internal.ipc;

import java.util.BitSet;

import org.dvs.api.ErrorCode;
import org.dvs.kernel.api.Command;
import org.dvs.kernel.api.EndpointNumbers;
import org.dvs.kernel.api.ProcessFlags;

/** Notifications go with a process that has moved: those that wait for it, and those that come to where it was. */
final class Forwarding {
    /** Nodes that do not agree on where a process is must not pass a notification round for ever. */
    private static final int MAX_PASSES = 8;

    private final Container dc;

    Forwarding(Container dc) {
        this.dc = dc;
    }

    /** Sends the notifications that wait after the process. */
    void forward(Proc proc) {
        BitSet pending = proc.pending;
        int updates = proc.updates;
        proc.pending = null;
        proc.updates = 0;
        proc.misc &= ~ProcessFlags.NOTIFY;
        if (pending == null) {
            return;
        }
        int source = EndpointNumbers.HARDWARE;
        for (int slot = pending.nextSetBit(0); slot >= 0; slot = pending.nextSetBit(slot + 1)) {
            source = slot == dc.settings.nrSysprocs() ? EndpointNumbers.HARDWARE
                    : dc.slots.at(slot - dc.settings.nrTasks()).endpoint;
            pass(source, proc, updates == 0 ? Notifications.NO_VALUE : Integer.numberOfTrailingZeros(updates), 1);
            updates &= updates - 1;
        }
        for (; updates != 0; updates &= updates - 1) {
            pass(source, proc, Integer.numberOfTrailingZeros(updates), 1);
        }
    }

    /**
     * Sends a notification to where its receiver is.
     *
     * @param times it was passed on, this one included
     * @return 0; RMTPROC when it has been passed on long enough
     */
    int pass(int source, Proc to, int value, int times) {
        if (times > MAX_PASSES) {
            return ErrorCode.RMTPROC.rcode();
        }
        Command command = new Command();
        command.code = Command.NTFY_MSG;
        command.source = source;
        command.destination = to.endpoint;
        command.destinationNode = to.node;
        command.rcode = value;
        command.call = times;
        dc.sending.answer(command);
        return Result.OK;
    }
}
