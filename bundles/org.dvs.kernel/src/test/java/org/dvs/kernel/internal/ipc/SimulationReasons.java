package org.dvs.kernel.internal.ipc;

import static org.dvs.kernel.api.EndpointNumbers.ANY;
import static org.dvs.kernel.api.EndpointNumbers.NONE;

import org.dvs.kernel.api.Command;
import org.dvs.kernel.api.ProcessFlags;

/** Whether those who still wait when nothing moves any more wait for something that can come. */
final class SimulationReasons {
    private final SimulationWorld world;

    SimulationReasons(SimulationWorld world) {
        this.world = world;
    }

    void check() {
        for (SimulationNode node : world.nodes) {
            Container dc = node.dc();
            if (dc != null) {
                for (Proc proc : dc.slots.allSides()) {
                    check(proc);
                }
            }
            node.pairs.values().forEach(pair -> require(!pair.poll(new Command()), "a command was left",
                    null));
        }
    }

    private static void require(boolean reason, String why, Proc proc) {
        if (!reason) {
            throw new AssertionError(why + ": " + (proc == null ? "" : SimulationInvariants.describe(proc)));
        }
    }

    private void check(Proc proc) {
        require(!proc.isMigrating(), "nobody moves any more", proc);
        if (proc.isStub()) {
            checkStub(proc);
        } else if (proc.isCalling() && !proc.isBackup()) {
            checkCall(proc);
        }
    }

    /** What a stub shows is what its process does. */
    private void checkStub(Proc stub) {
        if (stub.has(ProcessFlags.SENDING | ProcessFlags.RECEIVING)) {
            Proc origin = world.vos.home(stub.endpoint);
            require(origin != null, "a stub of nobody sends", stub);
        }
    }

    private void checkCall(Proc proc) {
        switch (proc.operation) {
            case SEND -> require(waitsInQueue(proc, false), "sends to nobody who will know", proc);
            case SENDREC -> require(waitsInQueue(proc, true) || isAsked(proc), "asks nobody who will answer", proc);
            case RECEIVE -> require(proc.getFrom == ANY || world.vos.home(proc.getFrom) != null, "listens to nobody", proc);
            case RCVRQST -> require(proc.has(ProcessFlags.RECEIVING), "waits for no request", proc);
            case WAIT4BIND -> require(proc.has(ProcessFlags.WAITBIND) && proc.dc.slots.of(proc.peer) == null, "waits for what is",
                    proc);
            case WAIT4UNBIND -> require(proc.has(ProcessFlags.WAITUNBIND), "waits for what is", proc);
            case UNBIND -> require(proc.has(ProcessFlags.WAITUNBIND) && proc.dc.slots.of(proc.waitUnbind).terminated,
                    "waits for what is", proc);
            default -> require(false, "does not end", proc);
        }
    }

    /** Whether its message is in the queue of its receiver, here or there. */
    private boolean waitsInQueue(Proc proc, boolean request) {
        Proc to = world.vos.home(proc.sendTo == NONE ? proc.getFrom : proc.sendTo);
        if (to == null) {
            return false;
        }
        if (to.dc == proc.dc) {
            return proc.queuedOn == to;
        }
        Proc stub = side(to, proc);
        return stub != null && stub.isStub() && stub.queuedOn == to && stub.stubCall == proc.serial
                && stub.stubRequest == request;
    }

    /** What stands for a process where another one is. */
    private static Proc side(Proc at, Proc of) {
        Proc bound = at.dc.slots.of(of.endpoint);
        return bound == null ? null : at.dc.slots.remoteSide(bound);
    }

    /** Whether the one whom it asked has the request and lives. */
    private boolean isAsked(Proc client) {
        Proc server = world.vos.home(client.getFrom);
        if (server == null || (client.misc & ProcessFlags.ATOMIC) == 0) {
            return false;
        }
        if (server.dc == client.dc) {
            return client.asked == server;
        }
        Proc stub = side(server, client);
        return stub != null && stub.asked == server && stub.stubCall == client.serial;
    }
}
