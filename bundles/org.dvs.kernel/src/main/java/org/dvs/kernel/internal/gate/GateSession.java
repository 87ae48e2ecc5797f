package org.dvs.kernel.internal.gate;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.kernel.api.BindKind;
import org.dvs.kernel.api.Completion;
import org.dvs.kernel.api.EndpointNumbers;
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
 * One program outside the container: its calls come as frames, their ends go back as frames. Everything happens on the loop of its
 * connection but the kernel's word of an end, which any thread may bring.
 */
final class GateSession extends OutsideProgram implements Handler {
    private static final Logger LOG = LoggerFactory.getLogger(GateSession.class);
    private static final BindKind[] KINDS = BindKind.values();
    private static final int KILLED = -1;
    private static final int SHORT_FRAME = 64;

    private enum State { NEW, ATTACHED, BOUND, ENDED }

    private final KernelCore kernel;
    private final Connection connection;
    private final Peer.Process process;
    private final GateMemory memory;
    private final Message message = new Message();
    private State state = State.NEW;
    private String givenName = "";
    private boolean calling;
    private int exitCode = KILLED;

    GateSession(KernelCore kernel, Connection connection, Peer.Process process) {
        this.kernel = kernel;
        this.connection = connection;
        this.process = process;
        memory = new GateMemory(connection);
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
        } catch (BufferUnderflowException | IllegalArgumentException e) {
            bad("a frame that cannot be read: " + e.getMessage());
        }
    }

    private void bad(String detail) {
        connection.close(CloseReason.BAD_FRAME, detail);
    }

    private void call(byte op, ByteBuffer frame) {
        if (calling) {
            bad("a call before the one before it has ended");
            return;
        }
        calling = true;
        switch (state) {
            case NEW -> begin(op, frame);
            case BOUND -> bound(op, frame);
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
            result(GateOp.OTHER_VERSION);
            return;
        }
        if (op == GateOp.ATTACH) {
            givenName = name(frame);
            state = State.ATTACHED;
            kernel.attach(this);
            return;
        }
        BindKind kind = kind(frame.get());
        int dcid = frame.getInt();
        int endpoint = frame.getInt();
        int node = frame.getInt();
        result(bind(dcid, endpoint, kind, node, name(frame)));
    }

    private int bind(int dcid, int endpoint, BindKind kind, int node, String name) {
        try {
            kernel.bindProgram(dcid, endpoint, name, kind, node, this);
            state = State.BOUND;
            return number();
        } catch (DvsException e) {
            return e.code().rcode();
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

    private void bound(byte op, ByteBuffer frame) {
        switch (op) {
            case GateOp.VCOPY -> vcopy(frame.getInt(), frame.getLong(), frame.getInt(), frame.getLong(), frame.getInt(), this::result);
            case GateOp.GETEP -> result(getep(frame.getInt()));
            case GateOp.LCLBIND -> result(lclbind(frame.getInt(), frame.getInt(), frame.getInt(), kind(frame.get())));
            default -> peer(op, frame.getInt(), frame.getLong(), frame);
        }
    }

    private void peer(byte op, int peer, long timeoutMs, ByteBuffer frame) {
        switch (op) {
            case GateOp.SEND -> send(peer, message.read(frame), timeoutMs, this::result);
            case GateOp.RECEIVE -> receive(peer, message, timeoutMs, this::resultWithMessage);
            case GateOp.SENDREC -> sendrec(peer, message.read(frame), timeoutMs, this::resultWithMessage);
            case GateOp.RCVRQST -> rcvrqst(message, timeoutMs, this::resultWithMessage);
            case GateOp.REPLY -> reply(peer, message.read(frame), timeoutMs, this::result);
            case GateOp.NOTIFY -> ntfy(peer, frame.getInt(), timeoutMs);
            case GateOp.WAIT4BIND -> wait4bind(peer, timeoutMs, this::result);
            case GateOp.WAIT4UNBIND -> wait4unbind(peer, timeoutMs, this::result);
            case GateOp.UNBIND -> unbind(peer, timeoutMs, this::result);
            default -> bad("no such call: " + op);
        }
    }

    private void ntfy(int peer, int value, long timeoutMs) {
        Completion told = this::result;
        if (value == -1) {
            notify(peer, timeoutMs, told);
        } else {
            notifyValue(peer, value, timeoutMs, told);
        }
    }

    private int lclbind(int dcid, int pid, int endpoint, BindKind kind) {
        try {
            return kernel.lclbind(dcid, pid, endpoint, kind, EndpointNumbers.LOCALNODE);
        } catch (DvsException e) {
            return e.code().rcode();
        }
    }

    // ---- ends of calls, by any thread

    private void result(int rcode) {
        if (connection.loop().here()) {
            tell(rcode, false);
        } else {
            connection.loop().execute(() -> tell(rcode, false));
        }
    }

    private void resultWithMessage(int rcode) {
        if (connection.loop().here()) {
            tell(rcode, rcode >= 0);
        } else {
            connection.loop().execute(() -> tell(rcode, rcode >= 0));
        }
    }

    private void tell(int rcode, boolean withMessage) {
        calling = false;
        ByteBuffer frame = connection.begin(SHORT_FRAME);
        if (frame == null) {
            // It does not read its answers.
            connection.close(CloseReason.WRITE_TIMEOUT, "an answer that it does not take");
            return;
        }
        frame.put(GateOp.RESULT).putInt(rcode);
        if (withMessage) {
            message.write(frame);
        }
        connection.end(frame);
        connection.flush();
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
        connection.loop().execute(() -> {
            if (state == State.ATTACHED) {
                state = State.BOUND;
                tell(number(), false);
            } else {
                close(exitCode);
            }
        });
    }

    @Override
    public void terminate() {
        connection.loop().execute(() -> {
            ByteBuffer frame = connection.begin(SHORT_FRAME);
            if (frame != null) {
                connection.end(frame.put(GateOp.TERMINATE));
                connection.flush();
            }
        });
    }

    @Override
    public void unbound() {
        // It hears it at its next call; its connection ends when it wants.
    }

    @Override
    public void closed(Connection gone, CloseReason reason, String detail) {
        State before = state;
        state = State.ENDED;
        if (before == State.BOUND) {
            close(exitCode);
        } else if (before == State.ATTACHED) {
            kernel.detach(this);
        }
        memory.close();
        LOG.debug("Program of process {} is gone: {} {}", process.pid(), reason, detail);
    }
}
