package org.dvs.kernel.internal.ipc;

import static org.dvs.kernel.api.EndpointNumbers.NONE;
import static org.dvs.kernel.internal.ipc.Result.BLOCKED;
import static org.dvs.kernel.internal.ipc.Result.OK;

import java.util.List;

import org.dvs.api.ErrorCode;
import org.dvs.kernel.api.Call;
import org.dvs.kernel.api.Command;
import org.dvs.kernel.api.Message;
import org.dvs.kernel.api.ProcessFlags;

/**
 * The end of a process: who is warned before, and what becomes of everybody who had to do with it. Under the lock of the DC.
 *
 * <p>Source: dvs-kernel reference 9.3 and 9.4.
 */
final class Exits {
    /** A process that ends waits this long for whoever is to be warned. */
    static final long WARN_MS = 30_000;
    /** Until it is looked again whether the end of a call has been told. */
    private static final long TOLD_MS = 1;
    private static final long TAKING = Call.RECEIVE.bit() | Call.RCVRQST.bit();

    private final Container dc;

    Exits(Container dc) {
        this.dc = dc;
    }

    /** A program ends itself. */
    void close(Proc proc, int exitCode) {
        dc.enter();
        try {
            if (proc.dead || proc.exiting) {
                return;
            }
            proc.exiting = true;
            proc.over = ErrorCode.NOTBIND.rcode();
            dc.abort(proc, proc.over);
            if (toBeWarned(proc)) {
                dc.afterwards(() -> warn(proc, exitCode));
            } else {
                gone(proc);
            }
        } finally {
            dc.leave();
        }
    }

    private boolean toBeWarned(Proc proc) {
        Proc warned = warned();
        return warned != null && warned != proc && !proc.isBackup();
    }

    /**
     * @return who has the slot of the endpoint to be warned, in whatever generation; null if nobody has, or one that may not take
     *     a message, as a user process unless told otherwise: each end would wait for it in vain
     */
    private Proc warned() {
        int endpoint = dc.settings.warn2proc();
        Proc warned = endpoint == NONE ? null : dc.slots.of(endpoint);
        return warned != null && (warned.allowed & TAKING) != 0 ? warned : null;
    }

    /** Whoever is to be warned of a program's end is told, as if by its last call. */
    private void warn(Proc proc, int exitCode) {
        dc.enter();
        try {
            if (proc.dead) {
                return;
            }
            if (proc.isBusy()) {
                // The end of the call that it was in has not been told yet.
                dc.site.after(TOLD_MS, () -> warn(proc, exitCode));
                return;
            }
            Proc warned = warned();
            if (warned == null) {
                gone(proc);
                return;
            }
            Message message = new Message(dc.settings.warnMessage()).putInt(Message.M1_I1, exitCode).putInt(Message.M1_I2, -1);
            ExitTold told = new ExitTold(proc);
            proc.ipcTo = dc.slots.everySystem();
            proc.begin(Operation.SENDREC, warned.endpoint, message, 0, false, told);
            int serial = proc.serial;
            told.cancelDeadline = dc.site.after(WARN_MS, () -> dc.expire(proc, serial, ErrorCode.TIMEDOUT.rcode()));
            if (dc.attempt(proc) != BLOCKED) {
                proc.forget();
                told.completed(OK);
            }
        } finally {
            dc.leave();
        }
    }

    /** The one to be warned knows, or did not listen in time. */
    private final class ExitTold extends Ending {
        private final Proc proc;
        private Runnable cancelDeadline;

        ExitTold(Proc proc) {
            super(true);
            this.proc = proc;
        }

        @Override
        public void completed(int rcode) {
            dc.enter();
            try {
                cancelDeadline.run();
                gone(proc);
            } finally {
                dc.leave();
            }
        }
    }

    /** A process is no more, or this node forgets one of another node: everybody who waits for it is told. */
    void gone(Proc proc) {
        gone(proc, !proc.isStub());
    }

    /** A process of another node has ended, as that says, and whatever it said before has come; its stub goes with it. */
    void endedWithStub(Proc stub) {
        gone(stub, true);
    }

    /** @param ended whether it is known that it has; else a message that has left for it may be taken yet */
    private void gone(Proc proc, boolean ended) {
        if (proc.dead) {
            return;
        }
        proc.dead = true;
        if (proc.over == OK) {
            proc.over = (dc.running() ? ErrorCode.NOTBIND : ErrorCode.DCNOTRUN).rcode();
        }
        if (proc.isStub()) {
            // Its process may live, and wait for somebody of this node.
            turnAway(proc, ErrorCode.NOTBIND);
        }
        dc.copies.partyGone(proc);
        dc.abort(proc, proc.over);
        if (proc.isBackup()) {
            leaveStub(proc);
        } else {
            dc.slots.free(proc);
            tellPeers(proc, ended);
            dc.passing.told(proc);
        }
        if (proc.host != null) {
            proc.host.unbound();
        }
    }

    /** The stand-by process is gone, but not the one that it stood by for. */
    private void leaveStub(Proc backup) {
        dc.slots.free(backup);
        Proc stub = dc.slots.shadow(backup, backup.node);
        stub.rts |= backup.rts & ProcessFlags.MIGRATING;
        stub.migrations = backup.migrations;
        stub.migrationWaiters = backup.migrationWaiters;
        stub.pending = backup.pending;
        stub.updates = backup.updates;
        stub.misc |= backup.misc & ProcessFlags.NOTIFY;
        dc.slots.put(stub);
        for (Proc waiter : backup.unbindWaiters == null ? List.<Proc>of() : backup.unbindWaiters) {
            if (waiter.operation == Operation.WAIT4UNBIND) {
                // Its endpoint is bound as before.
                stub.unbindWaiters = Proc.added(stub.unbindWaiters, waiter);
            }
        }
        release(backup.unbindWaiters, Operation.UNBIND);
        if (backup.stubIsBound) {
            stub.watched = backup.watched;
            dc.passing.moved(stub);
        } else {
            dc.passing.keep(stub);
        }
    }

    private void tellPeers(Proc proc, boolean ended) {
        for (Proc sender = proc.firstSender; sender != null; sender = proc.firstSender) {
            if (sender.isStub()) {
                refuse(sender, proc, ErrorCode.DSTDIED);
            } else {
                dc.abort(sender, ErrorCode.DSTDIED.rcode());
            }
        }
        int slot = proc.isSystem() ? dc.slots.index(proc.nr) : -1;
        for (Proc other : dc.slots.allSides()) {
            if (other.has(ProcessFlags.RECEIVING) && other.getFrom == proc.endpoint) {
                if (other.isStub()) {
                    refuse(other, proc, ErrorCode.SRCDIED);
                } else {
                    dc.abort(other, unanswered(other, ended).rcode());
                }
            } else if (other.awaitsWordOf(proc)) {
                dc.abort(other, (ended ? ErrorCode.DSTDIED : ErrorCode.UNKNOWNOUTCOME).rcode());
            }
            if (slot >= 0) {
                dc.notifications.forget(other, slot);
            }
        }
        List<Proc> waiters = proc.migrationWaiters;
        proc.migrationWaiters = null;
        if (waiters != null) {
            waiters.forEach(waiter -> dc.abort(waiter, ErrorCode.DSTDIED.rcode()));
        }
        release(proc.unbindWaiters, Operation.WAIT4UNBIND);
        release(proc.unbindWaiters, Operation.UNBIND);
        proc.unbindWaiters = null;
    }

    /** What ends the wait for a message of a process that is gone. */
    private static ErrorCode unanswered(Proc waiter, boolean ended) {
        if (waiter.operation != Operation.SENDREC) {
            return ErrorCode.SRCDIED;
        }
        if (waiter.outbound != null) {
            return ErrorCode.DSTDIED;
        }
        return ended ? ErrorCode.SRCDIED : ErrorCode.UNKNOWNOUTCOME;
    }

    /** A process of another node has ended, of which the stub stays as somebody bound it: who waits for it is told. */
    void endedAfar(Proc stub) {
        notReceived(stub, ErrorCode.SRCDIED.rcode());
        release(stub.unbindWaiters, Operation.WAIT4UNBIND);
        if (stub.unbindWaiters != null) {
            stub.unbindWaiters.removeIf(waiter -> !waiter.has(ProcessFlags.WAITUNBIND));
        }
    }

    /** Whether a process of another node has ended cannot be heard, and its stub stays: who waits for that is told why. */
    void unheardAfar(Proc stub, int result) {
        notReceived(stub, result);
        for (Proc waiter : stub.unbindWaiters == null ? List.<Proc>of() : List.copyOf(stub.unbindWaiters)) {
            if (waiter.operation == Operation.WAIT4UNBIND) {
                dc.abort(waiter, result);
            }
        }
    }

    private void notReceived(Proc stub, int result) {
        for (Proc other : dc.slots.all()) {
            if (other.operation == Operation.RECEIVE && other.isCalling() && other.has(ProcessFlags.RECEIVING)
                    && other.getFrom == stub.endpoint) {
                dc.abort(other, result);
            }
        }
    }

    /** A process of another node gets an error for what it wants of one of this node, if it does. */
    void turnAway(Proc stub, ErrorCode code) {
        Proc by = stub.queuedOn != null ? stub.queuedOn : stub.has(ProcessFlags.RECEIVING) ? dc.slots.of(stub.getFrom) : null;
        if (by != null) {
            refuse(stub, by, code);
        }
    }

    private void refuse(Proc stub, Proc by, ErrorCode code) {
        stub.dequeue();
        boolean request = stub.stubRequest;
        dc.rendezvous.endAtomic(stub);
        stub.rts &= ~(ProcessFlags.SENDING | ProcessFlags.RECEIVING);
        stub.getFrom = NONE;
        stub.sendTo = NONE;
        dc.sending.acknowledge(stub, by, request ? Command.SNDREC_ACK : Command.SEND_ACK, code.rcode());
    }

    private void release(List<Proc> waiters, Operation waiting) {
        for (Proc waiter : waiters == null ? List.<Proc>of() : waiters) {
            if (waiter.operation == waiting) {
                waiter.rts &= ~ProcessFlags.WAITUNBIND;
                waiter.waitUnbind = NONE;
                dc.end(waiter, OK);
            }
        }
    }
}
