package org.dvs.kernel.internal.ipc;

import static org.dvs.kernel.api.EndpointNumbers.NONE;
import static org.dvs.kernel.api.EndpointNumbers.SELF;
import static org.dvs.kernel.internal.ipc.Result.BLOCKED;
import static org.dvs.kernel.internal.ipc.Result.OK;

import java.util.BitSet;
import java.util.List;

import org.dvs.api.ErrorCode;
import org.dvs.kernel.api.BindKind;
import org.dvs.kernel.api.Call;
import org.dvs.kernel.api.Command;
import org.dvs.kernel.api.EndpointNumbers;
import org.dvs.kernel.api.IpcException;
import org.dvs.kernel.api.Message;
import org.dvs.kernel.api.Privileges;
import org.dvs.kernel.api.ProcessFlags;

/**
 * Binding, unbinding, what becomes of the others when a process ends, and waiting for either. Under the lock of the DC.
 *
 * <p>Source: dvs-kernel reference 7.2 and 9.
 */
final class Bindings {
    /** What a user process may call. */
    static final long USER_CALLS = Call.bits(Call.SENDREC, Call.UNBIND, Call.GETEP, Call.WAIT4BIND);
    /** A process that ends waits this long for whoever is to be warned. */
    static final long WARN_MS = 30_000;
    /** Until it is looked again whether the end of a call has been told. */
    private static final long TOLD_MS = 1;
    private static final int LEVEL_USER = 0;
    private static final int LEVEL_SERVER = 1;
    private static final int LEVEL_TASK = 2;

    private final Container dc;

    Bindings(Container dc) {
        this.dc = dc;
    }

    // ---- binding

    /** @return 0, or why such a bind is refused */
    int check(BindKind kind, int endpoint, int node) {
        boolean elsewhere = kind == BindKind.REMOTE || kind == BindKind.BACKUP;
        int local = dc.site.localNode();
        if (elsewhere ? node < 0 || node >= dc.site.dvs().nrNodes() || node == local : node != EndpointNumbers.LOCALNODE) {
            return ErrorCode.BADNODEID.rcode();
        }
        if (!dc.inRange(endpoint)) {
            return ErrorCode.BADDCID.rcode();
        }
        if (!dc.running()) {
            return ErrorCode.DCNOTRUN.rcode();
        }
        if (!dc.isMember(elsewhere ? node : local)) {
            return ErrorCode.NODCNODE.rcode();
        }
        if (dc.slot(endpoint) != null) {
            return ErrorCode.SLOTUSED.rcode();
        }
        int number = dc.numbers.processNumber(endpoint);
        if (!elsewhere && kind != BindKind.REPLICA && endpoint != number && endpoint != dc.nextEndpoint(number)) {
            return ErrorCode.ENDPOINT.rcode();
        }
        NodeState at = elsewhere ? dc.site.node(node) : null;
        return elsewhere && (at == null || at.pair == null || at.pair.freed()) ? ErrorCode.NOPROXY.rcode() : OK;
    }

    /**
     * Binds after a {@link #check}.
     *
     * @param host of the process; null for a remote one
     */
    Proc bind(BindKind kind, int endpoint, String name, int node, Host host) {
        int number = dc.numbers.processNumber(endpoint);
        if (kind == BindKind.REMOTE || kind == BindKind.BACKUP || kind == BindKind.REPLICA && endpoint != number) {
            // Its generation is counted where it was bound first.
            dc.generation(number, dc.numbers.generation(endpoint));
        }
        Proc proc = new Proc(dc, number, dc.nextEndpoint(number), name, node);
        proc.host = host;
        switch (kind) {
            case REMOTE -> proc.rts = ProcessFlags.REMOTE;
            case BACKUP -> {
                proc.rts = ProcessFlags.REMOTE;
                proc.misc = ProcessFlags.RMTBACKUP;
            }
            case REPLICA -> proc.misc = ProcessFlags.GRPLEADER | ProcessFlags.REPLICATED;
            default -> proc.misc = ProcessFlags.GRPLEADER;
        }
        if (kind != BindKind.REMOTE && kind != BindKind.BACKUP) {
            proc.node = dc.site.localNode();
        }
        privilege(proc);
        dc.put(proc);
        return proc;
    }

    private void privilege(Proc proc) {
        boolean system = proc.isSystem();
        proc.privilegeId = system ? dc.slotIndex(proc.nr) : dc.settings.nrSysprocs();
        proc.level = !system ? LEVEL_USER : proc.nr < 0 ? LEVEL_TASK : LEVEL_SERVER;
        proc.allowed = system ? Call.allBits() : USER_CALLS;
        proc.ipcTo = dc.everySystemSlot();
    }

    Privileges privileges(Proc proc) {
        return new Privileges(proc.privilegeId, proc.level, proc.warn, proc.ipcTo, proc.allowed);
    }

    int privileges(Proc proc, Privileges given) {
        if (given.level() < 0 || given.level() > Privileges.MAX_LEVEL) {
            return ErrorCode.BADVALUE.rcode();
        }
        if (given.warn() != NONE && !dc.inRange(given.warn())) {
            return ErrorCode.BADPROC.rcode();
        }
        proc.privilegeId = given.id();
        proc.level = given.level();
        proc.warn = given.warn();
        proc.allowed = given.allowed();
        BitSet ipcTo = given.ipcTo();
        proc.ipcTo = ipcTo.equals(dc.everySystemSlot()) ? dc.everySystemSlot() : ipcTo;
        return OK;
    }

    /** @return the endpoint of a process of this DC by its process id; endpoints may be negative, so errors are thrown */
    int getep(Proc caller, int pid) throws IpcException {
        String detail = "getep of process " + pid + " by " + caller;
        dc.enter();
        try {
            if (caller.dead) {
                throw new IpcException(ErrorCode.NOTBIND, detail);
            }
            if ((caller.allowed & Call.GETEP.bit()) == 0) {
                throw new IpcException(ErrorCode.BADCALL, detail);
            }
            if (pid <= 0) {
                throw new IpcException(ErrorCode.BADRANGE, detail);
            }
            for (Proc proc : dc.all()) {
                if (proc.host != null && proc.host.pid() == pid) {
                    return proc.endpoint;
                }
            }
        } finally {
            dc.leave();
        }
        throw new IpcException(ProcessHandle.of(pid).isPresent() ? ErrorCode.NOTBIND : ErrorCode.BADPID, detail);
    }

    // ---- the end of a process

    /** A program ends itself. */
    void close(Proc proc, int exitCode) {
        dc.enter();
        try {
            if (proc.dead || proc.exiting) {
                return;
            }
            proc.exiting = true;
            dc.abort(proc, ErrorCode.NOTBIND.rcode());
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
        int warned = dc.settings.warn2proc();
        return warned != NONE && warned != proc.endpoint && !proc.isBackup() && dc.slot(warned) != null;
    }

    /** Whoever is to be warned of a program's end is told, as if by its last call. */
    private void warn(Proc proc, int exitCode) {
        dc.enter();
        try {
            if (proc.dead) {
                return;
            }
            if (proc.done != null) {
                // The end of the call that it was in has not been told yet.
                dc.site.after(TOLD_MS, () -> warn(proc, exitCode));
                return;
            }
            Message message = new Message(dc.settings.warnMessage()).putInt(Message.M1_I1, exitCode).putInt(Message.M1_I2, -1);
            ExitTold told = new ExitTold(proc);
            proc.ipcTo = dc.everySystemSlot();
            proc.begin(Operation.SENDREC, dc.settings.warn2proc(), message, 0, false, told);
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

    /** A process, or the stub of one, is no more: everybody who waits for it is told. */
    void gone(Proc proc) {
        if (proc.dead) {
            return;
        }
        proc.dead = true;
        if (proc.isStub()) {
            // Its process may live, and wait for somebody of this node.
            turnAway(proc, ErrorCode.NOTBIND);
        }
        dc.copies.partyGone(proc);
        dc.abort(proc, ErrorCode.NOTBIND.rcode());
        if (proc.isBackup()) {
            leaveStub(proc);
        } else {
            dc.free(proc);
            tellPeers(proc);
        }
        if (proc.host != null) {
            proc.host.unbound();
        }
    }

    /** The stand-by process is gone, but not the one that it stood by for. */
    private void leaveStub(Proc backup) {
        dc.free(backup);
        Proc stub = dc.shadow(backup, backup.node);
        stub.rts |= backup.rts & ProcessFlags.MIGRATING;
        stub.migrations = backup.migrations;
        stub.migrationWaiters = backup.migrationWaiters;
        stub.pending = backup.pending;
        stub.updates = backup.updates;
        stub.misc |= backup.misc & ProcessFlags.NOTIFY;
        dc.put(stub);
        for (Proc waiter : backup.unbindWaiters == null ? List.<Proc>of() : backup.unbindWaiters) {
            if (waiter.operation == Operation.WAIT4UNBIND) {
                // Its endpoint is bound as before.
                stub.unbindWaiters = Proc.added(stub.unbindWaiters, waiter);
            }
        }
        release(backup.unbindWaiters, Operation.UNBIND);
    }

    private void tellPeers(Proc proc) {
        for (Proc sender = proc.firstSender; sender != null; sender = proc.firstSender) {
            if (sender.isStub()) {
                refuse(sender, proc, ErrorCode.DSTDIED);
            } else {
                dc.abort(sender, ErrorCode.DSTDIED.rcode());
            }
        }
        int slot = proc.isSystem() ? dc.slotIndex(proc.nr) : -1;
        for (Proc other : dc.allSides()) {
            if (other.has(ProcessFlags.RECEIVING) && other.getFrom == proc.endpoint) {
                if (other.isStub()) {
                    refuse(other, proc, ErrorCode.SRCDIED);
                } else {
                    dc.abort(other, ErrorCode.SRCDIED.rcode());
                }
            } else if (other.sendTo == proc.endpoint && other.isCalling() && other.outbound == null) {
                // It awaits an answer of a process of another node that this node now forgets.
                dc.abort(other, ErrorCode.DSTDIED.rcode());
            }
            if (slot >= 0) {
                dc.rendezvous.forgetNotification(other, slot);
            }
        }
        List<Proc> waiters = proc.migrationWaiters;
        proc.migrationWaiters = null;
        if (waiters != null) {
            waiters.forEach(waiter -> dc.abort(waiter, ErrorCode.NOTBIND.rcode()));
        }
        release(proc.unbindWaiters, Operation.WAIT4UNBIND);
        release(proc.unbindWaiters, Operation.UNBIND);
        proc.unbindWaiters = null;
    }

    /** A process of another node gets an error for what it wants of one of this node, if it does. */
    void turnAway(Proc stub, ErrorCode code) {
        Proc by = stub.queuedOn != null ? stub.queuedOn : stub.has(ProcessFlags.RECEIVING) ? dc.slot(stub.getFrom) : null;
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

    // ---- ending another one, waiting

    int unbindOther(Proc caller) {
        int result = end(caller.peer);
        if (result != ErrorCode.AGAIN.rcode()) {
            return result;
        }
        awaitEnd(caller, dc.slot(caller.peer));
        return BLOCKED;
    }

    /**
     * Ends a process as far as that can be done from outside it.
     *
     * @return 0 when it is gone; AGAIN when it has been asked to end
     */
    int end(int endpoint) {
        if (!dc.inRange(endpoint)) {
            return ErrorCode.ENDPOINT.rcode();
        }
        Proc proc = dc.slot(endpoint);
        if (proc == null) {
            return ErrorCode.NOTBIND.rcode();
        }
        if (proc.endpoint != endpoint) {
            return ErrorCode.ENDPOINT.rcode();
        }
        if (proc.isStub()) {
            gone(proc);
            return OK;
        }
        if (proc.has(ProcessFlags.ONCOPY)) {
            return ErrorCode.ONCOPY.rcode();
        }
        if (proc.isMigrating()) {
            return ErrorCode.MIGRATE.rcode();
        }
        terminate(proc);
        return ErrorCode.AGAIN.rcode();
    }

    /** Asks a process to end: its call ends, every other is refused. */
    void terminate(Proc proc) {
        proc.terminated = true;
        proc.host.terminate();
        if (proc.isCalling()) {
            dc.abort(proc, ErrorCode.SHUTDOWN.rcode());
        }
    }

    int wait4unbind(Proc caller) {
        if (caller.peer == caller.endpoint || caller.peer == SELF || !dc.inRange(caller.peer)) {
            return ErrorCode.ENDPOINT.rcode();
        }
        Proc proc = dc.slot(caller.peer);
        if (proc == null || proc.endpoint != caller.peer) {
            return OK;
        }
        awaitEnd(caller, proc);
        return BLOCKED;
    }

    private void awaitEnd(Proc caller, Proc proc) {
        caller.rts |= ProcessFlags.WAITUNBIND;
        caller.waitUnbind = proc.endpoint;
        proc.unbindWaiters = Proc.added(proc.unbindWaiters, caller);
    }

    int wait4bind(Proc caller) {
        if (caller.peer == SELF) {
            return OK;
        }
        if (!dc.inRange(caller.peer)) {
            return ErrorCode.RANGE.rcode();
        }
        if (caller.peer == caller.endpoint) {
            return ErrorCode.ENDPOINT.rcode();
        }
        int number = dc.numbers.processNumber(caller.peer);
        Proc proc = dc.slot(caller.peer);
        if (proc != null) {
            return proc.endpoint == caller.peer ? OK : ErrorCode.ENDPOINT.rcode();
        }
        int next = dc.nextEndpoint(number);
        if (caller.peer != next && dc.numbers.generation(caller.peer) < dc.numbers.generation(next)) {
            return ErrorCode.ENDPOINT.rcode();
        }
        dc.awaitBind(caller, number);
        return BLOCKED;
    }
}
