package org.dvs.kernel.internal.gate;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.kernel.api.BindKind;
import org.dvs.kernel.api.DvsParameters;
import org.dvs.kernel.api.EndpointNumbers;
import org.dvs.kernel.api.IpcException;
import org.dvs.kernel.api.Memory;
import org.dvs.kernel.api.Message;
import org.dvs.kernel.api.gate.GateOp;
import org.dvs.kernel.internal.ipc.KernelCore;
import org.dvs.kernel.internal.ipc.OutsideProgram;
import org.dvs.kernel.internal.ipc.ProgramMemory;
import org.dvs.transport.api.CloseReason;
import org.dvs.transport.api.Connection;
import org.dvs.transport.api.Handler;
import org.dvs.transport.api.Peer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One program outside the container: its calls come as frames, their ends go back as frames. Everything happens on the loop of
 * its connection but the kernel's word of an end, which any thread may bring.
 */
final class GateSession extends OutsideProgram implements Handler {
    private static final Logger LOG = LoggerFactory.getLogger(GateSession.class);
    private static final BindKind[] KINDS = BindKind.values();
    private static final int KILLED = -1;

    private enum State { NEW, ATTACHED, BOUND, ENDED }

    /** Who made the session. On its loop. */
    interface Owner {
        /** It is over. */
        void ended();
    }

    private final KernelCore kernel;
    private final Connection connection;
    private final Peer.Process process;
    private final boolean crowded;
    private final Owner owner;
    private final GateMemory memory;
    private final Subject subject = new Subject();
    private final Results results;
    private final BoundCalls calls;
    private State state = State.NEW;
    private String givenName = "";
    private boolean terminated;
    private int exitCode = KILLED;

    /**
     * @param crowded whether there are as many programs as allowed without it: then it is told so
     * @param copyMs  within which the program must answer for its memory
     */
    GateSession(KernelCore kernel, Connection connection, Peer.Process process, boolean crowded, long copyMs, Owner owner) {
        this.kernel = kernel;
        this.connection = connection;
        this.process = process;
        this.crowded = crowded;
        this.owner = owner;
        memory = new GateMemory(connection, copyMs);
        Message message = new Message();
        results = new Results(this, connection, subject, message);
        calls = new BoundCalls(this, results, subject, message);
    }

    // ---- frames

    @Override
    public void frame(Connection from, ByteBuffer frame) {
        try {
            byte op = frame.get();
            switch (op) {
                case GateOp.COPY_DATA -> memory.read(frame.getInt(), frame.getInt(), frame);
                case GateOp.COPY_WRITTEN -> memory.written(frame.getInt(), frame.getInt());
                case GateOp.EXIT -> {
                    exitCode = frame.getInt();
                    connection.close();
                }
                default -> call(op, frame);
            }
        } catch (BufferUnderflowException e) {
            bad("a frame of " + frame.limit() + " bytes, which are too few");
        } catch (IllegalArgumentException e) {
            bad("a frame that cannot be read: " + e.getMessage());
        }
    }

    private void bad(String detail) {
        connection.close(CloseReason.BAD_FRAME, detail);
    }

    private void call(byte op, ByteBuffer frame) {
        if (frame.limit() > GateOp.MAX_CALL_BYTES) {
            bad("a call of " + frame.limit() + " bytes");
            return;
        }
        if (!results.begin()) {
            bad("a call before the one before it has ended");
            return;
        }
        switch (state) {
            case NEW -> begin(op, frame);
            case BOUND -> calls.call(op, frame);
            default -> bad("a call of a program that is not bound");
        }
    }

    private void begin(byte op, ByteBuffer frame) {
        if (op != GateOp.BIND && op != GateOp.ATTACH || frame.getInt() != GateOp.MAGIC) {
            bad("not a program of the DVS");
            return;
        }
        short version = frame.getShort();
        if (version != GateOp.VERSION) {
            LOG.info("Process {} speaks version {} of the gate, this node {}", process.pid(), version, GateOp.VERSION);
            results.result(GateOp.OTHER_VERSION);
            connection.close();
            return;
        }
        if (crowded) {
            LOG.warn("Process {} is refused: {}", process.pid(), GateProtocol.CROWDED);
            results.result(ErrorCode.RSCBUSY.rcode());
            connection.close();
            return;
        }
        if (op == GateOp.ATTACH) {
            attach(name(frame));
            return;
        }
        BindKind kind = kind(frame.get());
        int dcid = frame.getInt();
        int endpoint = frame.getInt();
        int node = frame.getInt();
        results.result(bind(dcid, endpoint, kind, node, name(frame)));
    }

    private void attach(String name) {
        try {
            DvsParameters.checkName(name);
            givenName = name;
            state = State.ATTACHED;
            kernel.attach(this);
        } catch (DvsException e) {
            results.result(subject.refused(e));
        }
    }

    private int bind(int dcid, int endpoint, BindKind kind, int node, String name) {
        try {
            kernel.bindProgram(dcid, endpoint, name, kind, node, this);
            state = State.BOUND;
            return number();
        } catch (DvsException e) {
            return subject.refused(e);
        }
    }

    private static String name(ByteBuffer frame) {
        byte[] bytes = new byte[frame.remaining()];
        frame.get(bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private static BindKind kind(byte number) {
        if (number < 0 || number >= KINDS.length) {
            throw new IllegalArgumentException("kind of bind " + number);
        }
        return KINDS[number];
    }

    // ---- of a call that names no peer

    /** @return the endpoint of a process, or an error */
    int sought(int pid) {
        try {
            return endpointOf(pid);
        } catch (IpcException e) {
            return subject.because(e);
        }
    }

    /** @return the endpoint that a process waiting for one was bound to, or an error */
    int lclbind(int dcid, int pid, int endpoint, byte kind) {
        try {
            return kernel.lclbind(dcid, pid, endpoint, kind(kind), EndpointNumbers.LOCALNODE);
        } catch (DvsException e) {
            return subject.refused(e);
        }
    }

    // ---- as the kernel sees it

    @Override
    public int pid() {
        return process.pid();
    }

    @Override
    public ProgramMemory programMemory() {
        return memory;
    }

    @Override
    public Memory memory() {
        throw new IllegalStateException("a program outside exposes its memory itself");
    }

    @Override
    protected String givenName() {
        return givenName;
    }

    @Override
    protected void boundByAnother() {
        results.later(() -> {
            if (state == State.ATTACHED) {
                state = State.BOUND;
                results.bound(number(), dcid());
            } else {
                close(exitCode);
            }
        });
    }

    @Override
    public void terminate() {
        results.later(() -> terminated |= !terminated && results.terminate());
    }

    @Override
    public void unbound() {
        // It hears it at its next call; its connection ends when it wants.
    }

    /** Not for the next version: a program does not outlive the gate that it came by. */
    @Override
    public ByteBuffer park(Connection gone) {
        end(CloseReason.NOT_PARKED, "");
        return null;
    }

    @Override
    public void closed(Connection gone, CloseReason reason, String detail) {
        end(reason, detail);
    }

    private void end(CloseReason reason, String detail) {
        State before = state;
        state = State.ENDED;
        results.end();
        if (before == State.BOUND) {
            close(exitCode);
        } else if (before == State.ATTACHED) {
            kernel.detach(this);
        }
        memory.close();
        owner.ended();
        if (reason == CloseReason.LOCAL || reason == CloseReason.PEER) {
            LOG.debug("Program of process {} is gone: {} {}", process.pid(), reason, detail);
        } else {
            LOG.info("Program of process {} was cut off: {} {}", process.pid(), reason, detail);
        }
    }
}
