package org.dvs.kernel.internal.ipc;

import static org.dvs.kernel.api.EndpointNumbers.ANY;
import static org.dvs.kernel.api.EndpointNumbers.NONE;
import static org.dvs.kernel.internal.ipc.Result.BLOCKED;
import static org.dvs.kernel.internal.ipc.Result.OK;

import java.util.List;

import org.dvs.api.ErrorCode;
import org.dvs.kernel.api.Command;
import org.dvs.kernel.api.EndpointNumbers;
import org.dvs.kernel.api.ProcessFlags;

/**
 * Moving an endpoint from one node to another: who calls it meanwhile is held, and its call is done again when the move has ended
 * one way or the other. Under the lock of the DC.
 *
 * <p>A process moves between two of its calls, or while it waits in a receive or in the queue of a process of its own node: then
 * nothing of it is under way elsewhere. One that awaits an answer moves afterwards (NEEDMIG). One that owes answers, has a
 * command at a proxy or is in a copy is refused, or moves afterwards for whoever wants it to soon: until then it is given no new
 * requests where it takes those of anybody, so that it comes to an end with those that it has; but one that waits in a receive
 * for a second collects requests before it answers any, and is given more until it does. Notifications that wait for it go with
 * it.
 *
 * <p>Source: dvs-kernel reference 10.
 */
final class Migrations {
    /** A stand-by process waits this long in a call for its promotion. */
    static final long BACKUP_WAITS_MS = 30_000;
    /** A process that is to move and owes answers, but gets nothing in its receive for this time, is given requests again. */
    static final long COLLECTS_MS = 1_000;
    /** A call that another node refused because of a migration that this one has not heard of is tried again after this time. */
    static final long RETRY_MS = 20;

    private final Container dc;

    Migrations(Container dc) {
        this.dc = dc;
    }

    // ---- whoever calls

    /**
     * Holds the call of a process that is moving, or that is the backup of another.
     *
     * @return {@code OK} if it is to be made now, {@code BLOCKED} if it waits, else with what it ends
     */
    int hold(Proc caller) {
        if (caller.isBackup()) {
            if (caller.operation == Operation.REPLY) {
                // It owed nobody when it moved, and who asks now asks the one that it stands by for: its answer is not for them.
                return ErrorCode.PROCSTS.rcode();
            }
            caller.held = true;
            if (!caller.noWait) {
                int serial = caller.serial;
                dc.site.after(BACKUP_WAITS_MS, () -> notPromoted(caller, serial));
            }
            return BLOCKED;
        }
        if (caller.isToMove() && owesNothing(caller)) {
            stopsFor(caller);
        }
        if (caller.isMigrating()) {
            caller.held = true;
            return BLOCKED;
        }
        return OK;
    }

    private void notPromoted(Proc backup, int serial) {
        dc.enter();
        try {
            if (backup.serial == serial && backup.isCalling() && backup.isBackup()) {
                dc.abort(backup, ErrorCode.RMTPROC.rcode());
            }
        } finally {
            dc.leave();
        }
    }

    /** The caller waits until the other one has moved. */
    int await(Proc caller, Proc other) {
        caller.rts |= ProcessFlags.WAITMIGR;
        caller.waitMigrate = other.endpoint;
        other.migrationWaiters = Proc.added(other.migrationWaiters, caller);
        return BLOCKED;
    }

    /** The other node is moving the process that this call is for. */
    void refused(Proc caller, int endpoint) {
        Proc stub = dc.slots.of(endpoint);
        dc.withdraw(caller);
        if (stub == null || stub.endpoint != endpoint || stub.isMigrating()) {
            dc.again(caller);
            return;
        }
        await(caller, stub);
        int serial = caller.serial;
        dc.site.after(RETRY_MS, () -> retry(caller, serial));
    }

    private void retry(Proc caller, int serial) {
        dc.enter();
        try {
            if (caller.serial == serial && caller.has(ProcessFlags.WAITMIGR)) {
                dc.again(caller);
            }
        } finally {
            dc.leave();
        }
    }

    private void release(Proc moved) {
        moved.migrations++;
        List<Proc> waiters = moved.migrationWaiters;
        moved.migrationWaiters = null;
        if (waiters != null) {
            waiters.forEach(dc::again);
        }
    }

    // ---- the three steps

    /** @param soon whether a process of this node that is busy moves as soon as it is not, instead of refusing */
    int start(int endpoint, boolean soon) {
        Proc proc = dc.slots.of(endpoint);
        int result = find(proc, endpoint);
        if (result != OK) {
            return result;
        }
        if (proc.isMigrating() || proc.isToMove()) {
            return ErrorCode.MIGRATE.rcode();
        }
        boolean elsewhere = proc.isStub() || proc.isBackup();
        if (elsewhere || !soon) {
            result = busy(proc);
        }
        if (result != OK) {
            return result;
        }
        proc.migrations++;
        if (elsewhere) {
            proc.rts |= ProcessFlags.MIGRATING;
            return OK;
        }
        proc.misc |= ProcessFlags.NEEDMIG;
        settle(proc);
        watch(proc);
        return OK;
    }

    /** Has it given requests again if it waits for nothing else: one that collects some before it answers would wait for ever. */
    private void watch(Proc proc) {
        if (proc.isToMove()) {
            int migration = proc.migrations;
            int call = proc.serial;
            dc.site.after(COLLECTS_MS, () -> look(proc, migration, call));
        }
    }

    private void look(Proc proc, int migration, int call) {
        dc.enter();
        try {
            if (proc.migrations != migration || proc.dead) {
                return;
            }
            if (proc.serial == call && proc.isCalling() && proc.isReceiving() && proc.getFrom == ANY && proc.unanswered > 0) {
                proc.collects = true;
                if (proc.firstSender != null) {
                    dc.again(proc);
                }
            }
            watch(proc);
        } finally {
            dc.leave();
        }
    }

    private static int busy(Proc proc) {
        if (proc.has(ProcessFlags.ONCOPY)) {
            return ErrorCode.ONCOPY.rcode();
        }
        if (proc.outbound != null) {
            return ErrorCode.BUSY.rcode();
        }
        return proc.unanswered > 0 ? ErrorCode.PROCSTS.rcode() : OK;
    }

    /** One that is to move has answered somebody, or is in a copy no longer: where it waits, it can be taken away now. */
    void settle(Proc proc) {
        if (!proc.isToMove() || !mayMoveNow(proc)) {
            return;
        }
        if (proc.queuedOn != null) {
            dc.withdraw(proc);
            proc.held = true;
        }
        stopsFor(proc);
    }

    private static void stopsFor(Proc proc) {
        proc.collects = false;
        proc.misc &= ~ProcessFlags.NEEDMIG;
        proc.rts |= ProcessFlags.MIGRATING;
    }

    private static boolean owesNothing(Proc proc) {
        return busy(proc) == OK;
    }

    private static int find(Proc proc, int endpoint) {
        if (proc == null) {
            return ErrorCode.NOTBIND.rcode();
        }
        return proc.endpoint == endpoint ? OK : ErrorCode.ENDPOINT.rcode();
    }

    private static boolean mayMoveNow(Proc proc) {
        return owesNothing(proc) && proc.isCalling() && (proc.misc & ProcessFlags.ATOMIC) == 0
                && (proc.isReceiving() || proc.queuedOn != null || proc.has(ProcessFlags.WAITMIGR | ProcessFlags.WAITBIND));
    }

    int commit(int pid, int endpoint, int newNode) {
        Proc proc = dc.slots.of(endpoint);
        int result = find(proc, endpoint);
        if (result != OK) {
            return result;
        }
        if (!proc.isMigrating()) {
            return ErrorCode.PROCSTS.rcode();
        }
        if (newNode < 0 || newNode >= dc.site.dvs().nrNodes()) {
            return ErrorCode.BADNODEID.rcode();
        }
        if (dc.site.node(newNode) == null) {
            return ErrorCode.NOPROXY.rcode();
        }
        if (!dc.isMember(newNode)) {
            return ErrorCode.NODCNODE.rcode();
        }
        if (newNode == dc.site.localNode()) {
            result = arrive(proc, pid);
            if (result != OK) {
                return result;
            }
        } else if (proc.isStub() || proc.isBackup()) {
            moved(proc, newNode);
        } else {
            depart(proc, newNode);
        }
        release(proc);
        return OK;
    }

    /** The process is here from now on. */
    private int arrive(Proc proc, int pid) {
        if (proc.host == null || pid != EndpointNumbers.NO_PID && pid != proc.host.pid()) {
            return ErrorCode.BADPID.rcode();
        }
        if (proc.isBackup()) {
            dc.sending.forget(dc.slots.remoteSide(proc));
        }
        proc.stubIsBound = false;
        proc.node = dc.site.localNode();
        proc.watched = false;
        proc.misc = proc.misc & ~ProcessFlags.RMTBACKUP | ProcessFlags.GRPLEADER;
        proc.rts &= ~(ProcessFlags.MIGRATING | ProcessFlags.REMOTE);
        dc.again(proc);
        return OK;
    }

    /** A process of another node is on a third one from now on. What it has left here it has given up before. */
    private void moved(Proc proc, int newNode) {
        if (proc.node != newNode) {
            dc.sending.forget(dc.slots.remoteSide(proc));
        }
        proc.rts &= ~ProcessFlags.MIGRATING;
        proc.node = newNode;
        dc.forwarding.forward(proc);
        dc.passing.moved(proc);
    }

    /** Another node says first that a process of its has moved to a third one. */
    void heard(Proc stub, int newNode) {
        moved(stub, newNode);
        release(stub);
    }

    /** The process is elsewhere from now on; the one here is its backup. */
    private void depart(Proc proc, int newNode) {
        dc.withdraw(proc);
        proc.rts = ProcessFlags.REMOTE;
        proc.misc |= ProcessFlags.RMTBACKUP;
        proc.node = newNode;
        // Those that keep a stub of it ask its new node.
        proc.watchers = null;
        dc.passing.awaited(proc);
        if (proc.isCalling()) {
            int held = hold(proc);
            if (held != BLOCKED) {
                dc.end(proc, held);
            }
        }
        for (Proc sender = proc.firstSender; sender != null; sender = proc.firstSender) {
            if (sender.isStub()) {
                sender.dequeue();
                sender.rts &= ~(ProcessFlags.SENDING | ProcessFlags.RECEIVING);
                sender.getFrom = NONE;
                sender.sendTo = NONE;
                dc.sending.acknowledge(sender, proc, sender.stubRequest ? Command.SNDREC_ACK : Command.SEND_ACK,
                        ErrorCode.MIGRATE.rcode());
            } else {
                dc.again(sender);
            }
        }
        dc.forwarding.forward(proc);
    }

    /** Whether it has been kept from requests that it waits for. */
    private static boolean waitsForAnybody(Proc proc) {
        return proc.isReceiving() && proc.getFrom == ANY && proc.firstSender != null;
    }

    int rollback(int endpoint) {
        Proc proc = dc.slots.of(endpoint);
        int result = find(proc, endpoint);
        if (result != OK) {
            return result;
        }
        if (!proc.isMigrating() && !proc.isToMove()) {
            return ErrorCode.PROCSTS.rcode();
        }
        boolean stoodStill = proc.isMigrating();
        proc.rts &= ~ProcessFlags.MIGRATING;
        proc.misc &= ~ProcessFlags.NEEDMIG;
        proc.collects = false;
        release(proc);
        if (proc.isRemote()) {
            dc.forwarding.forward(proc);
        } else if (stoodStill ? proc.held || proc.isReceiving() : waitsForAnybody(proc)) {
            dc.again(proc);
        }
        return OK;
    }
}
