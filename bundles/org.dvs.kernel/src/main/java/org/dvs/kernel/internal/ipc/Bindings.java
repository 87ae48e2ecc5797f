package org.dvs.kernel.internal.ipc;

import static org.dvs.kernel.api.EndpointNumbers.NONE;
import static org.dvs.kernel.api.EndpointNumbers.SELF;
import static org.dvs.kernel.internal.ipc.Result.BLOCKED;
import static org.dvs.kernel.internal.ipc.Result.OK;

import java.util.BitSet;

import org.dvs.api.ErrorCode;
import org.dvs.kernel.api.BindKind;
import org.dvs.kernel.api.Call;
import org.dvs.kernel.api.EndpointNumbers;
import org.dvs.kernel.api.IpcException;
import org.dvs.kernel.api.Privileges;
import org.dvs.kernel.api.ProcessFlags;

/**
 * Binding, what a process may do, ending another one, and waiting for either; {@link Exits} has what an end brings about. Under
 * the lock of the DC.
 *
 * <p>Source: dvs-kernel reference 7.2 and 9.
 */
final class Bindings {
    /** What a user process may call. */
    static final long USER_CALLS = Call.bits(Call.SENDREC, Call.UNBIND, Call.GETEP, Call.WAIT4BIND);
    private static final int LEVEL_USER = 0;
    private static final int LEVEL_SERVER = 1;
    private static final int LEVEL_TASK = 2;

    private final Container dc;

    Bindings(Container dc) {
        this.dc = dc;
    }

    // ---- binding

    /**
     * @param passing of a process that nobody announced
     * @return 0, or why such a bind is refused
     */
    int check(BindKind kind, int endpoint, int node, boolean passing) {
        boolean elsewhere = kind == BindKind.REMOTE || kind == BindKind.BACKUP;
        int local = dc.site.localNode();
        if (elsewhere ? node < 0 || node >= dc.site.dvs().nrNodes() || node == local : node != EndpointNumbers.LOCALNODE) {
            return ErrorCode.BADNODEID.rcode();
        }
        if (!dc.slots.canBeBound(endpoint)) {
            return ErrorCode.BADPROC.rcode();
        }
        if (!dc.running()) {
            return ErrorCode.DCNOTRUN.rcode();
        }
        if (!dc.isMember(elsewhere ? node : local)) {
            return ErrorCode.NODCNODE.rcode();
        }
        boolean hasRoom = dc.slots.of(endpoint) == null || elsewhere && dc.passing.makesRoom(kind, endpoint, node)
                || passing && dc.passing.isOutdated(endpoint, node);
        if (!hasRoom) {
            return (passing && dc.passing.isAskedFor(endpoint, node) ? ErrorCode.AGAIN : ErrorCode.SLOTUSED).rcode();
        }
        if (!mayBe(endpoint, elsewhere || kind == BindKind.REPLICA)) {
            return ErrorCode.ENDPOINT.rcode();
        }
        NodeState at = elsewhere ? dc.site.node(node) : null;
        return elsewhere && (at == null || at.pair == null || at.pair.freed()) ? ErrorCode.NOPROXY.rcode() : OK;
    }

    /**
     * Whether a bind can give this endpoint. Where generations are not counted there is one only.
     *
     * @param counted whether its generation was counted where it was bound first
     */
    private boolean mayBe(int endpoint, boolean counted) {
        int number = dc.numbers.processNumber(endpoint);
        return endpoint == number || endpoint == dc.slots.nextEndpoint(number)
                || counted && dc.settings.generations() && dc.numbers.isEndpoint(endpoint);
    }

    /**
     * Binds after a {@link #check}.
     *
     * @param host of the process; null for a remote one
     */
    Proc bind(BindKind kind, int endpoint, String name, int node, Host host) {
        int number = dc.numbers.processNumber(endpoint);
        Proc stub = dc.slots.at(number);
        if (stub != null && kind == BindKind.REMOTE) {
            stub.passing = false;
            stub.name = name;
            return stub;
        }
        if (kind == BindKind.REMOTE || kind == BindKind.BACKUP || kind == BindKind.REPLICA && endpoint != number) {
            // Its generation is counted where it was bound first.
            dc.slots.generation(number, dc.numbers.generation(endpoint));
        }
        Proc proc = new Proc(dc, number, dc.slots.nextEndpoint(number), name, node);
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
        if (stub == null) {
            dc.slots.put(proc);
        } else {
            dc.passing.standBy(stub, proc);
        }
        return proc;
    }

    private void privilege(Proc proc) {
        boolean system = proc.isSystem();
        proc.privilegeId = system ? dc.slots.index(proc.nr) : dc.settings.nrSysprocs();
        proc.level = !system ? LEVEL_USER : proc.nr < 0 ? LEVEL_TASK : LEVEL_SERVER;
        proc.allowed = system ? Call.allBits() : USER_CALLS;
        proc.ipcTo = dc.slots.everySystem();
    }

    Privileges privileges(Proc proc) {
        return new Privileges(proc.privilegeId, proc.level, proc.warn, proc.ipcTo, proc.allowed);
    }

    int privileges(Proc proc, Privileges given) {
        if (given.level() < 0 || given.level() > Privileges.MAX_LEVEL) {
            return ErrorCode.BADVALUE.rcode();
        }
        if (given.warn() != NONE && !dc.slots.inRange(given.warn())) {
            return ErrorCode.BADPROC.rcode();
        }
        proc.privilegeId = given.id();
        proc.level = given.level();
        proc.warn = given.warn();
        proc.allowed = given.allowed();
        BitSet ipcTo = given.ipcTo();
        proc.ipcTo = ipcTo.equals(dc.slots.everySystem()) ? dc.slots.everySystem() : ipcTo;
        return OK;
    }

    /**
     * @return the endpoint of a process of this DC by its process id; endpoints may be negative, so errors are thrown
     * @throws IpcException with just the reason
     */
    int getep(Proc caller, int pid) throws IpcException {
        dc.enter();
        try {
            if (caller.over != OK) {
                throw IpcException.of(caller.over, caller.over == ErrorCode.DCNOTRUN.rcode() ? "its DC has ended"
                        : "it is not bound any more");
            }
            if ((caller.allowed & Call.GETEP.bit()) == 0) {
                throw new IpcException(ErrorCode.BADCALL, "its privileges do not allow it getep");
            }
            if (pid <= 0) {
                throw new IpcException(ErrorCode.BADRANGE, "process ids are above 0");
            }
            for (Proc proc : dc.slots.all()) {
                if (proc.host != null && proc.host.pid() == pid) {
                    return proc.endpoint;
                }
            }
        } finally {
            dc.leave();
        }
        throw ProcessHandle.of(pid).isPresent()
                ? new IpcException(ErrorCode.NOTBIND, "it has no endpoint in dc" + dc.settings.dcid())
                : new IpcException(ErrorCode.BADPID, "there is no such process on node " + dc.site.localNode());
    }

    // ---- ending another one, waiting

    int unbindOther(Proc caller) {
        if (!dc.slots.inRange(caller.peer)) {
            return ErrorCode.RANGE.rcode();
        }
        int result = end(caller.peer);
        if (result != ErrorCode.AGAIN.rcode()) {
            return result;
        }
        awaitEnd(caller, dc.slots.of(caller.peer));
        return BLOCKED;
    }

    /**
     * Ends a process as far as that can be done from outside it.
     *
     * @return 0 when it is gone; AGAIN when it has been asked to end
     */
    int end(int endpoint) {
        if (!dc.slots.inRange(endpoint)) {
            return ErrorCode.ENDPOINT.rcode();
        }
        Proc proc = dc.slots.of(endpoint);
        if (proc == null) {
            return ErrorCode.NOTBIND.rcode();
        }
        if (proc.endpoint != endpoint) {
            return ErrorCode.ENDPOINT.rcode();
        }
        if (proc.isStub()) {
            dc.exits.gone(proc);
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
        if (caller.peer == caller.endpoint || caller.peer == SELF) {
            return ErrorCode.ENDPOINT.rcode();
        }
        if (!dc.slots.inRange(caller.peer)) {
            return ErrorCode.RANGE.rcode();
        }
        Proc proc = dc.slots.of(caller.peer);
        if (proc == null || proc.endpoint != caller.peer) {
            return OK;
        }
        awaitEnd(caller, proc);
        if (proc.isRemote() && !caller.noWait) {
            dc.passing.awaited(proc);
        }
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
        if (!dc.slots.canBeBound(caller.peer)) {
            return ErrorCode.RANGE.rcode();
        }
        if (caller.peer == caller.endpoint) {
            return ErrorCode.ENDPOINT.rcode();
        }
        int number = dc.numbers.processNumber(caller.peer);
        Proc proc = dc.slots.of(caller.peer);
        if (proc != null) {
            return proc.endpoint == caller.peer ? OK : ErrorCode.ENDPOINT.rcode();
        }
        if (caller.peer != dc.slots.nextEndpoint(number) && !dc.slots.isLater(caller.peer)) {
            return ErrorCode.ENDPOINT.rcode();
        }
        dc.slots.awaitBind(caller, number);
        return BLOCKED;
    }
}
