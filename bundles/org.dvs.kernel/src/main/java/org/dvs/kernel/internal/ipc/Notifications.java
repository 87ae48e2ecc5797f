package org.dvs.kernel.internal.ipc;

import static org.dvs.kernel.api.EndpointNumbers.ANY;
import static org.dvs.kernel.api.EndpointNumbers.HARDWARE;
import static org.dvs.kernel.api.EndpointNumbers.NONE;
import static org.dvs.kernel.internal.ipc.Result.OK;

import java.util.BitSet;

import org.dvs.api.ErrorCode;
import org.dvs.kernel.api.Command;
import org.dvs.kernel.api.Message;
import org.dvs.kernel.api.ProcessFlags;

/**
 * Notifications, the one thing that is kept for a process: one bit of each sender, and values that gather until it looks. Under
 * the lock of the DC.
 *
 * <p>Source: dvs-kernel reference 8.5.
 */
final class Notifications {
    /** A notification that carries no value. */
    static final int NO_VALUE = -1;
    private static final int BAD_VALUE = -2;
    private static final int MAX_VALUE = 31;
    static final String VALUES = "values are 0.." + MAX_VALUE;
    private static final int NOTIFIER_BITS = 0xFFF;

    private final Container dc;

    Notifications(Container dc) {
        this.dc = dc;
    }

    /** Whether the caller's call is a notification with a value that there is not. */
    static boolean isBad(Proc caller) {
        return caller.operation == Operation.NOTIFY && caller.value != NO_VALUE && (caller.value < 0 || caller.value > MAX_VALUE);
    }

    int notify(Proc caller) {
        if (isBad(caller)) {
            return ErrorCode.RANGE.rcode();
        }
        if (caller.peer == caller.endpoint) {
            return ErrorCode.BADDEST.rcode();
        }
        int result = dc.rendezvous.find(caller, caller.peer, ErrorCode.DSTDIED);
        if (result != OK) {
            return result;
        }
        Proc to = dc.slots.of(caller.peer);
        if (!to.isSystem() || !caller.isSystem()) {
            return ErrorCode.TRAPDENIED.rcode();
        }
        if (to.privilegeId >= dc.settings.nrSysprocs()) {
            return ErrorCode.PRIVILEGES.rcode();
        }
        if (to.isMigrating()) {
            return post(to, dc.slots.index(caller.nr), caller.value, true);
        }
        if (to.isRemote()) {
            result = dc.sending.check(to.node, true);
            return result == OK ? dc.sending.begin(caller, to, Command.NTFY_MSG, 0) : result;
        }
        return notify(to, caller.endpoint, dc.slots.index(caller.nr), caller.value, false);
    }

    /**
     * Lets a process know.
     *
     * @param slot of the sender, or the number of system slots for nobody's
     * @param once whether a second one before the first was received is refused
     */
    int notify(Proc to, int source, int slot, int value, boolean once) {
        if (to.receivesFrom(source) && to.operation != Operation.RCVRQST && (to.misc & ProcessFlags.ATOMIC) == 0) {
            if (value != NO_VALUE) {
                to.updates |= 1 << value;
            }
            write(to, source);
            to.rts &= ~ProcessFlags.RECEIVING;
            to.getFrom = NONE;
            dc.end(to, OK);
            return OK;
        }
        return post(to, slot, value, once);
    }

    /** Keeps a notification until it is received. */
    int post(Proc to, int slot, int value, boolean once) {
        if (to.pending == null) {
            to.pending = new BitSet();
        }
        if (once && to.pending.get(slot)) {
            return ErrorCode.OVERRUN.rcode();
        }
        to.pending.set(slot);
        to.misc |= ProcessFlags.NOTIFY;
        if (value != NO_VALUE) {
            to.updates |= 1 << value;
        }
        return OK;
    }

    boolean take(Proc caller, int source) {
        if (caller.pending == null) {
            return false;
        }
        int nobody = dc.settings.nrSysprocs();
        for (int slot = caller.pending.nextSetBit(0); slot >= 0; slot = caller.pending.nextSetBit(slot + 1)) {
            Proc from = slot == nobody ? null : dc.slots.at(slot - dc.settings.nrTasks());
            int sender = from == null ? HARDWARE : from.endpoint;
            if (source == ANY || source == sender) {
                clear(caller, slot);
                write(caller, sender);
                return true;
            }
        }
        return false;
    }

    private static void clear(Proc proc, int slot) {
        proc.pending.clear(slot);
        if (proc.pending.isEmpty()) {
            proc.pending = null;
            proc.misc &= ~ProcessFlags.NOTIFY;
        }
    }

    /** The sender is no more, nor is its notification; values go with the last one. */
    void forget(Proc proc, int slot) {
        if (proc.pending != null && proc.pending.get(slot)) {
            clear(proc, slot);
            proc.updates = proc.pending == null ? 0 : proc.updates;
        }
    }

    private void write(Proc to, int source) {
        long now = dc.site.now();
        int number = source == HARDWARE ? HARDWARE : dc.numbers.processNumber(source);
        to.message.clear().source(source).type(Message.NOTIFY | number & NOTIFIER_BITS).putInt(Message.M9_I1, to.updates)
                .putLong(Message.M9_SECONDS, now / 1000).putInt(Message.M9_NANOS, (int) (now % 1000) * 1_000_000);
        to.updates = 0;
    }

    /** What a program gave as value, where "none" is not one. */
    static int checked(int value) {
        return value < 0 ? BAD_VALUE : value;
    }

    /** A notification from no process. */
    int hardware(Proc to) {
        return to.isSystem() ? notify(to, HARDWARE, dc.settings.nrSysprocs(), NO_VALUE, true) : ErrorCode.TRAPDENIED.rcode();
    }
}
