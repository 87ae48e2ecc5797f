package org.dvs.kernel.internal.ipc;

import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.dvs.api.ErrorCode;
import org.dvs.kernel.api.BindKind;
import org.dvs.kernel.api.Command;
import org.dvs.kernel.api.ProcessFlags;

/**
 * Stubs that nobody bound on purpose: of a process that called and was bound by that, or moved where nobody knew of it, and what
 * a stand-by process leaves behind. They last as long as the process that they stand for, so that the slots of a node whose
 * clients come and go never fill. Stubs that somebody bound stay, but whoever waits for their process is told of its end. Under
 * the lock of the DC.
 *
 * <p>Whoever keeps a stub asks the node of its process to say when that has ended: when the stub is made, or first waited for
 * where somebody bound it, when the process has moved, and whenever the two nodes are connected again, as either may have missed
 * something meanwhile or have begun anew. A node that stays away takes its passing stubs with it after a while; its processes are
 * bound again when they call.
 *
 * <p>Source: dvs-kernel reference 9.3 (other nodes that hold stubs are not informed there) and 12.1, codes 12 and 14.
 */
final class PassingStubs {
    /** Until the stubs of a node that is not connected are dropped. */
    static final long UNHEARD_MS = 30_000;

    private final Container dc;

    PassingStubs(Container dc) {
        this.dc = dc;
    }

    // ---- where the stub is

    /** From now on a stub goes with its process. */
    void keep(Proc stub) {
        stub.passing = true;
        ask(stub);
    }

    /** Somebody waits for a message, or for the end, of this process, which is on another node: its end must be told. */
    void awaited(Proc proc) {
        if (!proc.watched) {
            ask(proc);
        }
    }

    private void ask(Proc proc) {
        ask(proc, 0);
    }

    /** @param call number of the answer that tells, too, where the process is now; 0 for none */
    void ask(Proc proc, int call) {
        proc.watched = true;
        Command command = command(Command.PROCINFO, proc.endpoint, proc.node);
        command.call = call;
        dc.sending.answer(command);
    }

    /** A process of another node is on a third one now. */
    void moved(Proc proc) {
        if (proc.watched) {
            ask(proc);
        }
    }

    /**
     * Whether the endpoint is bound by a stub, of a process of that node, that makes room: with nothing under way but calls; for
     * a stand-by process of it any, else one that nobody bound on purpose.
     */
    boolean makesRoom(BindKind kind, int endpoint, int node) {
        Proc there = dc.slots.of(endpoint);
        return there != null && there.isStub() && (there.passing || kind == BindKind.BACKUP) && there.endpoint == endpoint
                && there.node == node && !there.has(ProcessFlags.MIGRATING | ProcessFlags.ONCOPY);
    }

    /**
     * Whether the slot is bound by a stub that is known to be out of date by word of this process from that node: it stands for
     * one that had the slot there; or for the same one on another node, or an earlier one there, of which that node does not say
     * that it lives.
     */
    boolean isOutdated(int endpoint, int node) {
        Proc there = dc.slots.of(endpoint);
        if (there == null || !there.isStub() || there.isMigrating()) {
            return false;
        }
        return there.node == node ? there.endpoint != endpoint
                : isClaim(there, endpoint, node) && dc.claims.result(there) == Result.OK;
    }

    /** Whether what has a slot is a stub of one node, and this endpoint of it, or a later one, is of another node. */
    boolean isClaim(Proc there, int endpoint, int node) {
        return there.isStub() && !there.isMigrating() && there.node != node
                && (there.endpoint == endpoint || dc.slots.isLater(endpoint));
    }

    /** Whether it is not known yet whether who has the endpoint makes room for one of that node. */
    boolean isAskedFor(int endpoint, int node) {
        Proc there = dc.slots.of(endpoint);
        return there != null && isClaim(there, endpoint, node) && dc.claims.result(there) == ErrorCode.MIGRATE.rcode();
    }

    /** A process of that node, which nobody announced, is to be bound: whoever has its endpoint is asked for first. */
    void claimed(int endpoint, int node) {
        Proc there = dc.slots.of(endpoint);
        if (there != null && isClaim(there, endpoint, node)) {
            dc.claims.claimed(there);
        }
    }

    /** A stand-by process takes the place of a stub, which stays behind it and comes back, of the same kind, when that ends. */
    void standBy(Proc stub, Proc backup) {
        backup.stubIsBound = !stub.passing;
        backup.privilegesOf(stub);
        dc.slots.free(stub);
        backup.shadows = new HashMap<>(Map.of(stub.node, stub));
        backup.migrations = stub.migrations;
        backup.migrationWaiters = stub.migrationWaiters;
        backup.pending = stub.pending;
        backup.updates = stub.updates;
        backup.misc |= stub.misc & ProcessFlags.NOTIFY;
        backup.unbindWaiters = stub.unbindWaiters;
        stub.migrationWaiters = null;
        stub.pending = null;
        stub.updates = 0;
        stub.misc &= ~ProcessFlags.NOTIFY;
        stub.unbindWaiters = null;
        stub.passing = false;
        backup.watched = stub.watched;
        dc.slots.put(backup);
    }

    /** The node can be told again: whether its processes are still there is asked anew. */
    void connected(int node) {
        dc.slots.all().stream().filter(proc -> proc.isRemote() && proc.node == node).forEach(this::moved);
    }

    /** The node has not been reached for long. */
    void unheard(int node) {
        of(node).forEach(dc.exits::gone);
    }

    private List<Proc> of(int node) {
        return dc.slots.all().stream().filter(proc -> proc.passing && proc.node == node).toList();
    }

    /** The node says that its process has ended, or that it does not say whether it has. */
    int ended(Command command) {
        Proc stub = dc.slots.of(command.source);
        if (stub != null && stub.isRemote() && stub.endpoint == command.source && stub.node == command.sourceNode) {
            stub.watched = false;
            if (stub.passing && isCalled(stub)) {
                // The call may have met who has been bound there since. It is answered before the same question is.
                keep(stub);
            } else if (isEnd(command.rcode)) {
                end(stub);
            } else {
                unsaid(stub, command.rcode);
            }
        }
        return Result.OK;
    }

    /**
     * Whether the answer to the question means that no such process is there: not that this node is no member there, as before
     * the other one has taken it in or after it has taken it out.
     */
    private static boolean isEnd(int rcode) {
        return rcode == Result.OK || rcode == ErrorCode.DCNOTRUN.rcode() || rcode == ErrorCode.BADDCID.rcode()
                || rcode == ErrorCode.RANGE.rcode();
    }

    private void end(Proc stub) {
        if (stub.passing) {
            dc.exits.endedWithStub(stub);
        } else {
            dc.claims.away(stub);
            dc.exits.endedAfar(stub);
        }
    }

    /** The process may live, and its end would not be told: nobody goes on waiting for that, and it is bound again when it calls. */
    private void unsaid(Proc stub, int rcode) {
        if (stub.passing) {
            dc.exits.gone(stub);
        } else {
            dc.claims.away(stub);
            dc.exits.unheardAfar(stub, Result.ofAnotherNode(rcode));
        }
    }

    /** Whether anybody here awaits word of its process. */
    private boolean isCalled(Proc stub) {
        for (Proc other : dc.slots.allSides()) {
            if (other.awaitsWordOf(stub)) {
                return true;
            }
        }
        return false;
    }

    // ---- where the process is

    /** Another node wants to know when a process of this one ends. */
    int asked(Command command) {
        Proc proc = dc.slots.of(command.destination);
        if (proc == null || proc.endpoint != command.destination) {
            send(Command.PROCUNBIND, command.destination, command.sourceNode);
            return Result.OK;
        }
        if (!proc.isStub()) {
            // A stand-by process too: the other node may have heard first that it takes over.
            if (proc.watchers == null) {
                proc.watchers = new BitSet();
            }
            proc.watchers.set(command.sourceNode);
        }
        // One that has moved is asked for again where it is now, as soon as the other node hears of that: here, if it wants to.
        if (command.call != 0) {
            Command answer = command(Claims.ANSWER, proc.endpoint, command.sourceNode);
            answer.call = command.call;
            answer.rcode = proc.isMigrating() ? ErrorCode.MIGRATE.rcode() : proc.node;
            dc.sending.answer(answer);
        }
        return Result.OK;
    }

    /** A process of this node has ended: those who wanted to know are told. */
    void told(Proc proc) {
        BitSet watchers = proc.watchers;
        proc.watchers = null;
        if (watchers != null) {
            watchers.stream().forEach(node -> send(Command.PROCUNBIND, proc.endpoint, node));
        }
    }

    private void send(int code, int endpoint, int node) {
        dc.sending.answer(command(code, endpoint, node));
    }

    private static Command command(int code, int endpoint, int node) {
        Command command = new Command();
        command.code = code;
        command.source = endpoint;
        command.destination = endpoint;
        command.destinationNode = node;
        return command;
    }
}
