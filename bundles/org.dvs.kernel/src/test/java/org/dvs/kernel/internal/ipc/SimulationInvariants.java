package org.dvs.kernel.internal.ipc;

import static org.dvs.kernel.api.EndpointNumbers.ANY;
import static org.dvs.kernel.api.EndpointNumbers.NONE;

import java.util.Collections;
import java.util.List;

import org.dvs.kernel.api.ProcessFlags;

/** What holds of the descriptors of a DC whenever its lock is free. */
final class SimulationInvariants {
    private static final int WAITS = ProcessFlags.SENDING | ProcessFlags.RECEIVING | ProcessFlags.WAITMIGR
            | ProcessFlags.WAITUNBIND
            | ProcessFlags.WAITBIND | ProcessFlags.RMTOPER;

    private final Container dc;
    private final List<Proc> all;

    private SimulationInvariants(Container dc) {
        this.dc = dc;
        all = dc.slots.allSides();
    }

    static void check(Container dc) {
        SimulationInvariants invariants = new SimulationInvariants(dc);
        for (Proc proc : invariants.all) {
            invariants.check(proc);
        }
    }

    private static void require(boolean holds, String what, Proc proc) {
        if (!holds) {
            throw new AssertionError(what + ": " + describe(proc));
        }
    }

    static String describe(Proc proc) {
        return proc + " rts " + Integer.toHexString(proc.rts) + " misc " + Integer.toHexString(proc.misc) + " node "
                + proc.node + " "
                + (proc.done == null ? "no call" : (proc.ended ? "ended " : "") + proc.operation + " of " + proc.peer)
                + " serial " + proc.serial
                + " getFrom " + proc.getFrom + " sendTo " + proc.sendTo + " unanswered " + proc.unanswered
                + (proc.queuedOn == null ? "" : " queued on " + proc.queuedOn) + (proc.held ? " held" : "")
                + (proc.waiting() == null ? "" : " outbound") + (proc.pending == null ? "" : " pending " + proc.pending);
    }

    private void check(Proc proc) {
        require(!proc.dead, "bound, so alive", proc);
        if (proc.isStub()) {
            stub(proc);
        } else {
            call(proc);
        }
        queue(proc);
        request(proc);
        copy(proc);
        migration(proc);
        lists(proc);
        require(proc.pending == null || !proc.pending.isEmpty(), "no empty set of notifications", proc);
        require((proc.misc & ProcessFlags.NOTIFY) != 0 == (proc.pending != null), "NOTIFY while one waits", proc);
    }

    private void stub(Proc proc) {
        require(proc.isRemote() && proc.done == null && proc.waiting() == null && !proc.held, "a stub does nothing itself", proc);
        require(proc.has(ProcessFlags.SENDING) == (proc.queuedOn != null), "a stub sends while it is queued", proc);
        require(proc.has(ProcessFlags.RECEIVING) == (proc.getFrom != NONE), "a stub awaits a certain answer", proc);
        require(proc.getFrom == NONE || dc.slots.of(proc.getFrom) != null && dc.slots.of(proc.getFrom).endpoint == proc.getFrom,
                "a stub awaits an answer of somebody", proc);
    }

    private void call(Proc proc) {
        if (!proc.isCalling()) {
            require((proc.rts & WAITS) == 0 && proc.getFrom == NONE && proc.sendTo == NONE && proc.waiting() == null && !proc.held
                    && proc.copy == null && proc.queuedOn == null, "without a call it waits for nothing", proc);
            require(proc.done == null || proc.deferred, "who has ended knows", proc);
            require(!proc.deferred || proc.has(ProcessFlags.ONCOPY), "only a copy puts an end off", proc);
            return;
        }
        require((proc.rts & WAITS) != 0 || proc.held || proc.copy != null, "a call under way waits for something", proc);
        require(proc.has(ProcessFlags.RMTOPER) == (proc.waiting() != null), "RMTOPER while its command waits", proc);
        require(proc.waiting() == null || proc.waiting().lane != null && !proc.waiting().cancelled && proc.waiting().owner == proc,
                "its command is in the queue", proc);
        require(!proc.held || (proc.rts & WAITS) == 0, "held, and nothing else", proc);
        require(!proc.held || proc.isMigrating() || proc.isBackup(), "held for a reason", proc);
        if (proc.isReceiving() && proc.operation != Operation.SENDREC && !proc.isMigrating() && !proc.has(ProcessFlags.ONCOPY)) {
            for (Proc sender = proc.firstSender; sender != null; sender = sender.nextSender) {
                require(!Rendezvous.takes(proc, sender, sender.isRequesting()), "has what it waits for, from " + sender, proc);
            }
            Proc from = proc.getFrom == ANY ? null : dc.slots.of(proc.getFrom);
            boolean notified = proc.pending != null && proc.operation == Operation.RECEIVE
                    && (proc.getFrom == ANY || from != null && from.isSystem() && proc.pending.get(dc.slots.index(from.nr)));
            require(!notified, "has the notification that it waits for", proc);
        }
    }

    private static void queue(Proc proc) {
        Proc last = null;
        for (Proc sender = proc.firstSender; sender != null; sender = sender.nextSender) {
            require(sender.queuedOn == proc && sender.has(ProcessFlags.SENDING) && sender.sendTo == proc.endpoint && !sender.dead
                    && sender != last, "queued here and nowhere else", sender);
            require(sender.isStub() || sender.isCalling(), "still sending", sender);
            last = sender;
        }
        if (proc.queuedOn != null) {
            boolean found = false;
            for (Proc sender = proc.queuedOn.firstSender; sender != null; sender = sender.nextSender) {
                found |= sender == proc;
            }
            require(found && !proc.queuedOn.dead, "in the queue that it is in", proc);
        }
    }

    private void request(Proc proc) {
        boolean atomic = (proc.misc & ProcessFlags.ATOMIC) != 0;
        require(!atomic || proc.isReceiving() && proc.getFrom != NONE, "inside a request it awaits the answer", proc);
        require(!atomic || proc.isStub() || proc.operation == Operation.SENDREC, "only sendrec is a request", proc);
        long clients = all.stream().filter(client -> client.asked == proc).count();
        require(clients == proc.unanswered, "counts the " + clients + " requests that it has not answered", proc);
        require((proc.misc & ProcessFlags.NOMIGRATE) != 0 == proc.unanswered > 0, "NOMIGRATE while a request is not answered",
                proc);
        require(proc.asked == null || atomic && !proc.asked.dead && proc.asked.endpoint == proc.getFrom,
                "asked whom it awaits", proc);
    }

    private void copy(Proc proc) {
        boolean copies = all.stream().map(requester -> requester.copy).anyMatch(copy -> copy != null && copy.source != null
                && !copy.finished && (copy.requester == proc || copy.source == proc || copy.destination == proc));
        // One that is served for another node has no descriptor; as long as it lasts, somebody's memory is read or written.
        boolean served = all.stream().anyMatch(other -> other.host instanceof SimulationProgram program
                && program.isReadOrWritten());
        require(!proc.has(ProcessFlags.ONCOPY) || copies || served, "ONCOPY during a copy", proc);
        require(!copies || proc.has(ProcessFlags.ONCOPY), "during a copy ONCOPY", proc);
    }

    private static void migration(Proc proc) {
        if (proc.isMigrating() && !proc.isRemote()) {
            require((proc.misc & (ProcessFlags.NEEDMIG | ProcessFlags.ATOMIC | ProcessFlags.NOMIGRATE)) == 0
                    && proc.waiting() == null
                    && proc.queuedOn == null && !proc.has(ProcessFlags.ONCOPY), "nothing is under way of one that moves", proc);
        }
        require(!proc.isBackup() || proc.isRemote() && proc.host != null, "a backup is a program of a remote process", proc);
        require(!proc.isBackup() || !proc.isCalling() || proc.held, "a backup is held", proc);
        require(!proc.isRemote() || proc.firstSender == null, "nobody is queued on a remote process", proc);
    }

    private void lists(Proc proc) {
        if (proc.has(ProcessFlags.WAITMIGR)) {
            Proc other = dc.slots.of(proc.waitMigrate);
            require(other != null && other.migrationWaiters != null && Collections.frequency(other.migrationWaiters, proc) == 1,
                    "in the list of those who wait for a migration", proc);
        }
        if (proc.has(ProcessFlags.WAITUNBIND)) {
            Proc other = dc.slots.of(proc.waitUnbind);
            require(other != null && other.unbindWaiters != null && Collections.frequency(other.unbindWaiters, proc) == 1,
                    "in the list of those who wait for an end", proc);
        }
        for (Proc waiter : proc.migrationWaiters == null ? List.<Proc>of() : proc.migrationWaiters) {
            require(waiter.has(ProcessFlags.WAITMIGR) && waiter.waitMigrate == proc.endpoint, "waits for this migration", waiter);
        }
        for (Proc waiter : proc.unbindWaiters == null ? List.<Proc>of() : proc.unbindWaiters) {
            require(waiter.has(ProcessFlags.WAITUNBIND) && waiter.waitUnbind == proc.endpoint, "waits for this end", waiter);
        }
    }
}
