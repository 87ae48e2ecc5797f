package org.dvs.kernel.internal.ipc;

import java.util.List;
import java.util.concurrent.Executor;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.kernel.api.AsyncEndpoint;
import org.dvs.kernel.api.BindKind;
import org.dvs.kernel.api.DvsHandler;
import org.dvs.kernel.api.DvsParameters;
import org.dvs.kernel.api.Endpoint;
import org.dvs.kernel.api.EndpointNumbers;
import org.dvs.kernel.api.Given;
import org.dvs.kernel.api.IpcException;
import org.dvs.kernel.api.WaitingProgram;

/**
 * Gives programs of all kinds their endpoints: with a thread, with none, outside the container, on another node. Thread-safe.
 *
 * <p>Source: dvs-kernel reference 9.1 and 9.5.
 */
final class Binder {
    private final Administration.Containers containers;
    private final Executor handlers;
    private final int pid;
    private final Attachments attachments = new Attachments();

    /**
     * @param handlers as of {@link KernelCore}
     * @param pid      of this process
     */
    Binder(Administration.Containers containers, Executor handlers, int pid) {
        this.containers = containers;
        this.handlers = handlers;
        this.pid = pid;
    }

    private Proc bind(int dcid, int endpoint, String name, BindKind kind, int node, Host host) throws DvsException {
        DvsParameters.checkName(name);
        checkKind(kind);
        Container dc = containers.running(dcid);
        dc.enter();
        try {
            check(dc, endpoint, kind, node, false);
            return dc.bindings.bind(kind, endpoint, name, node, host);
        } finally {
            dc.leave();
        }
    }

    private static void checkKind(BindKind kind) throws IpcException {
        if (kind == null || kind == BindKind.REMOTE) {
            throw new IpcException(ErrorCode.BINDTYPE,
                    kind == null ? "no kind of bind was given" : "a program of this node as remote");
        }
    }

    private static void check(Container dc, int endpoint, BindKind kind, int node, boolean passing) throws IpcException {
        dc.enter();
        try {
            int refused = dc.bindings.check(kind, endpoint, node, passing);
            if (refused < 0) {
                throw IpcException.of(refused, "bind of " + EndpointNumbers.shown(endpoint) + " in dc" + dc.settings.dcid()
                        + dc.explanation.ofBind(refused, kind, endpoint, node));
            }
        } finally {
            dc.leave();
        }
    }

    // ---- programs of this node

    <P extends LoopEndpoint & Host> void program(int dcid, int endpoint, String name, BindKind kind, int node, P program)
            throws DvsException {
        program.bound(bind(dcid, endpoint, name, kind, node, program));
    }

    Endpoint thread(int dcid, int endpoint, String name, BindKind kind, int node) throws DvsException {
        ThreadEndpoint program = new ThreadEndpoint(pid);
        program.bound(bind(dcid, endpoint, name, kind, node, program));
        return program;
    }

    AsyncEndpoint handler(int dcid, int endpoint, String name, DvsHandler handler) throws DvsException {
        HandlerLoop loop = new HandlerLoop(Given.required(handler, "handler"), handlers, pid);
        loop.bound(bind(dcid, endpoint, name, BindKind.SELF, EndpointNumbers.LOCALNODE, loop));
        loop.start();
        return loop;
    }

    AsyncEndpoint async(int dcid, int endpoint, String name, BindKind kind, int node) throws DvsException {
        LoopProgram program = new LoopProgram(pid);
        program(dcid, endpoint, name, kind, node, program);
        return program;
    }

    // ---- those that wait for it

    void attach(OutsideProgram program) {
        attachments.add(program);
    }

    void detach(OutsideProgram program) {
        attachments.remove(program);
    }

    List<WaitingProgram> waiting() {
        return attachments.all();
    }

    int local(int dcid, int ofPid, int endpoint, BindKind kind, int node) throws DvsException {
        checkKind(kind);
        OutsideProgram program = attachments.take(ofPid);
        if (program == null) {
            // What else is wrong comes first, as in the original.
            check(containers.running(dcid), endpoint, kind, node, false);
            throw new IpcException(ErrorCode.BADPID, "no program of process " + ofPid + " waits to be bound; " + attachments);
        }
        try {
            program(dcid, endpoint, program.givenName(), kind, node, program);
        } catch (DvsException e) {
            attachments.add(program);
            throw e;
        }
        program.boundByAnother();
        return program.number();
    }

    // ---- those of other nodes

    /** @param passing whether it goes by itself when its process ends */
    int remote(int dcid, int endpoint, String name, int node, boolean passing) throws DvsException {
        DvsParameters.checkName(name);
        Container dc = containers.running(dcid);
        dc.enter();
        try {
            if (passing) {
                dc.passing.claimed(endpoint, node);
            }
            check(dc, endpoint, BindKind.REMOTE, node, passing);
            if (passing && dc.passing.isOutdated(endpoint, node)) {
                dc.exits.gone(dc.slots.of(endpoint));
            }
            Proc stub = dc.bindings.bind(BindKind.REMOTE, endpoint, name, node, null);
            if (passing) {
                dc.passing.keep(stub);
            }
            return stub.endpoint;
        } finally {
            dc.leave();
        }
    }
}
