package org.dvs.kernel.internal.ipc;

import static org.dvs.kernel.internal.ipc.Result.OK;

import java.util.List;
import java.util.function.ToIntFunction;

import org.dvs.api.ErrorCode;
import org.dvs.kernel.api.DcSettings;
import org.dvs.kernel.api.EndpointNumbers;
import org.dvs.kernel.api.Given;
import org.dvs.kernel.api.IpcException;
import org.dvs.kernel.api.Privileges;
import org.dvs.kernel.api.ProcessFlags;
import org.dvs.kernel.api.ProcessInfo;

/**
 * What is asked of a DC's processes by somebody who is not bound: listings, privileges, wake-up, end and migration. Thread-safe.
 *
 * <p>Source: dvs-kernel reference 8.7, 9.2, 9.6, 10.
 */
final class Administration {
    /** From a DC's number to the DC. */
    @FunctionalInterface
    interface Containers {
        /** @throws IpcException {@code DVSINIT}, {@code BADDCID}, {@code DCNOTRUN} */
        Container running(int dcid) throws IpcException;
    }

    private final Containers containers;

    Administration(Containers containers) {
        this.containers = containers;
    }

    /** Something to do for a process, and its result. */
    private interface OnProcess {
        int apply(Container dc, Proc proc);
    }

    private void of(int dcid, int endpoint, String what, ToIntFunction<Container> action) throws IpcException {
        Container dc = containers.running(dcid);
        dc.enter();
        try {
            int result = dc.running() ? action.applyAsInt(dc) : ErrorCode.DCNOTRUN.rcode();
            if (result < 0) {
                throw IpcException.of(result, what + " of " + EndpointNumbers.shown(endpoint) + " in dc" + dcid
                        + dc.explanation.of(result, endpoint));
            }
        } finally {
            dc.leave();
        }
    }

    private void ofLocal(int dcid, int endpoint, String what, OnProcess action) throws IpcException {
        of(dcid, endpoint, what, dc -> {
            int result = dc.rendezvous.findLocal(endpoint);
            return result == OK ? action.apply(dc, dc.slots.of(endpoint)) : result;
        });
    }

    void unbind(int dcid, int endpoint) throws IpcException {
        of(dcid, endpoint, "unbind", dc -> dc.bindings.end(endpoint));
    }

    void wakeup(int dcid, int endpoint) throws IpcException {
        ofLocal(dcid, endpoint, "wakeup", (dc, proc) -> dc.rendezvous.wakeup(proc));
    }

    void hdwNotify(int dcid, int endpoint) throws IpcException {
        ofLocal(dcid, endpoint, "notify", (dc, proc) -> dc.notifications.hardware(proc));
    }

    // ---- listings

    ProcessInfo process(int dcid, int number) throws IpcException {
        Container dc = containers.running(dcid);
        int tasks = dc.settings.nrTasks();
        int procs = dc.settings.nrProcs();
        if (number < -tasks || number >= procs) {
            throw new IpcException(ErrorCode.BADPROC,
                    "process " + number + " of dc" + dcid + ", whose process numbers are " + -tasks + ".." + (procs - 1));
        }
        dc.enter();
        try {
            Proc proc = dc.slots.at(number);
            return proc != null ? proc.info() : free(dc, number);
        } finally {
            dc.leave();
        }
    }

    private static ProcessInfo free(Container dc, int number) {
        return new ProcessInfo(dc.settings.dcid(), number, dc.slots.nextEndpoint(number), "", ProcessFlags.SLOT_FREE, 0,
                EndpointNumbers.NO_PID, EndpointNumbers.NO_PID, dc.site.localNode(), EndpointNumbers.NONE, EndpointNumbers.NONE,
                EndpointNumbers.NONE, EndpointNumbers.NONE, EndpointNumbers.NONE, 0, 0, 0, 0);
    }

    List<ProcessInfo> processes(int dcid) throws IpcException {
        Container dc = containers.running(dcid);
        dc.enter();
        try {
            return dc.slots.all().stream().map(Proc::info).toList();
        } finally {
            dc.leave();
        }
    }

    // ---- privileges

    /** @param free the error for a slot that nobody has */
    private static int bound(Container dc, int endpoint, ErrorCode free) {
        if (!dc.slots.inRange(endpoint)) {
            return ErrorCode.RANGE.rcode();
        }
        Proc proc = dc.slots.of(endpoint);
        if (proc == null) {
            return free.rcode();
        }
        return proc.endpoint == endpoint ? OK : ErrorCode.ENDPOINT.rcode();
    }

    Privileges privileges(int dcid, int endpoint) throws IpcException {
        Privileges[] found = new Privileges[1];
        of(dcid, endpoint, "privileges", dc -> {
            int result = bound(dc, endpoint, ErrorCode.NOTBIND);
            found[0] = result == OK ? dc.bindings.privileges(dc.slots.of(endpoint)) : null;
            return result;
        });
        return found[0];
    }

    void privileges(int dcid, int endpoint, Privileges privileges) throws IpcException {
        Given.required(privileges, "privileges");
        of(dcid, endpoint, "privileges" + named(privileges, containers.running(dcid).settings), dc -> {
            int result = bound(dc, endpoint, ErrorCode.DSTDIED);
            return result == OK ? dc.bindings.privileges(dc.slots.of(endpoint), privileges) : result;
        });
    }

    /** What may be wrong with them, and is not said by the number. */
    private static String named(Privileges privileges, DcSettings dc) {
        if (privileges.level() < 0 || privileges.level() > Privileges.MAX_LEVEL) {
            return " with level " + privileges.level() + ", where levels are 0.." + Privileges.MAX_LEVEL + ",";
        }
        return privileges.warn() == EndpointNumbers.NONE ? "" : " with warn " + privileges.warn() + ", where process numbers are "
                + -dc.nrTasks() + ".." + (dc.nrProcs() - 1) + ",";
    }

    // ---- migration

    void migrateStart(int dcid, int endpoint) throws IpcException {
        of(dcid, endpoint, "migration start", dc -> dc.migrations.start(endpoint, false));
    }

    void migrateSoon(int dcid, int endpoint) throws IpcException {
        of(dcid, endpoint, "migration start", dc -> dc.migrations.start(endpoint, true));
    }

    void migrateCommit(int pid, int dcid, int endpoint, int newNode) throws IpcException {
        String what = "migration commit to node " + newNode + (pid == EndpointNumbers.NO_PID ? "" : ", process " + pid + ",");
        of(dcid, endpoint, what, dc -> dc.migrations.commit(pid, endpoint, newNode));
    }

    void migrateRollback(int dcid, int endpoint) throws IpcException {
        of(dcid, endpoint, "migration rollback", dc -> dc.migrations.rollback(endpoint));
    }
}
