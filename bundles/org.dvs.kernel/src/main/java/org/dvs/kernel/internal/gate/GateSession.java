package org.dvs.kernel.internal.gate;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.kernel.api.BindKind;
import org.dvs.kernel.api.Completion;
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
    private static final int SHORT_FRAME = 64;
    private static final byte[] NOTHING = {};
    /** What is longer is as good as for ever. */
    private static final long LONGEST_MS = TimeUnit.DAYS.toMillis(365);

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
    private final Message message = new Message();
    // Made once: each call needs one.
    private final Completion told = this::result;
    private final Completion toldWithMessage = this::resultWithMessage;
    private final Completion answered = this::takeNext;
    private State state = State.NEW;
    private String givenName = "";
    private boolean calling;
    private boolean terminated;
    private boolean requestsOnly;
    private long takenUntil;
    private long takeMs;
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
        if (frame.limit() > GateOp.MAX_CALL_BYTES) {
            bad("a call of " + frame.limit() + " bytes");
            return;
        }
        if (calling) {
            bad("a call before the one before it has ended");
            return;
        }
        calling = true;
        subject.nobody();
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
        if (crowded) {
            LOG.warn("Process {} is refused: {}", process.pid(), GateProtocol.CROWDED);
            result(ErrorCode.RSCBUSY.rcode());
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
        result(bind(dcid, endpoint, kind, node, name(frame)));
    }

    private void attach(String name) {
        try {
            DvsParameters.checkName(name);
            givenName = name;
            state = State.ATTACHED;
            kernel.attach(this);
        } catch (DvsException e) {
            result(subject.refused(e));
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

    private void bound(byte op, ByteBuffer frame) {
        switch (op) {
            case GateOp.VCOPY -> copy(frame.getInt(), frame.getLong(), frame.getInt(), frame.getLong(), frame.getInt());
            case GateOp.GETEP -> result(sought(frame.getInt()));
            case GateOp.LCLBIND -> result(lclbind(frame.getInt(), frame.getInt(), frame.getInt(), kind(frame.get())));
            default -> peer(op, frame.getInt(), frame.getLong(), frame);
        }
    }

    private int sought(int pid) {
        try {
            return endpointOf(pid);
        } catch (IpcException e) {
            return subject.because(e);
        }
    }

    private void copy(int source, long sourceAddress, int destination, long destinationAddress, int bytes) {
        subject.copy(source, destination, bytes);
        vcopy(source, sourceAddress, destination, destinationAddress, bytes, told);
    }

    private void peer(byte op, int peer, long timeoutMs, ByteBuffer frame) {
        subject.peer(peer);
        switch (op) {
            case GateOp.SEND -> send(peer, message.read(frame), timeoutMs, told);
            case GateOp.RECEIVE -> receive(peer, message, timeoutMs, toldWithMessage);
            case GateOp.SENDREC -> sendrec(peer, message.read(frame), timeoutMs, toldWithMessage);
            case GateOp.RCVRQST -> rcvrqst(message, timeoutMs, toldWithMessage);
            case GateOp.REPLY -> reply(peer, message.read(frame), timeoutMs, told);
            case GateOp.REPLY_RCVRQST -> answer(peer, message.read(frame), timeoutMs, true);
            case GateOp.REPLY_RECEIVE -> answer(peer, message.read(frame), timeoutMs, false);
            case GateOp.NOTIFY -> ntfy(peer, frame.getInt(), timeoutMs);
            case GateOp.WAIT4BIND -> wait4bind(peer, timeoutMs, told);
            case GateOp.WAIT4UNBIND -> wait4unbind(peer, timeoutMs, told);
            case GateOp.UNBIND -> unbind(peer, timeoutMs, told);
            default -> bad("no such call: " + op);
        }
    }

    private void ntfy(int peer, int value, long timeoutMs) {
        if (value == -1) {
            notify(peer, timeoutMs, told);
        } else {
            notifyValue(peer, value, timeoutMs, told);
        }
    }

    /** Answers, then takes what comes next: a server's two calls in one frame each way. */
    private void answer(int peer, Message answer, long timeoutMs, boolean onlyRequests) {
        requestsOnly = onlyRequests;
        takeMs = timeoutMs;
        takenUntil = timeoutMs > 0 ? System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(Math.min(timeoutMs, LONGEST_MS)) : 0;
        reply(peer, answer, timeoutMs, answered);
    }

    private void takeNext(int replied) {
        if (here()) {
            taking(replied);
        } else {
            later(() -> taking(replied));
        }
    }

    private void taking(int replied) {
        if (replied < 0 && requestsOnly) {
            tell(replied, false);
            return;
        }
        long left = takeMs <= 0 ? takeMs : Math.max(0, TimeUnit.NANOSECONDS.toMillis(takenUntil - System.nanoTime()));
        if (requestsOnly) {
            rcvrqst(message, left, toldWithMessage);
        } else {
            receive(EndpointNumbers.ANY, message, left, toldWithMessage);
        }
    }

    private int lclbind(int dcid, int pid, int endpoint, BindKind kind) {
        try {
            return kernel.lclbind(dcid, pid, endpoint, kind, EndpointNumbers.LOCALNODE);
        } catch (DvsException e) {
            return subject.refused(e);
        }
    }

    // ---- ends of calls, by any thread

    private void result(int rcode) {
        // No lambda where none is needed: on the way of every call one costs a node's compiler more than all the rest here.
        if (here()) {
            tell(rcode, false);
        } else {
            later(() -> tell(rcode, false));
        }
    }

    private void resultWithMessage(int rcode) {
        if (here()) {
            tell(rcode, rcode >= 0);
        } else {
            later(() -> tell(rcode, rcode >= 0));
        }
    }

    private boolean here() {
        return connection.loop().here();
    }

    private void later(Runnable task) {
        if (!connection.loop().execute(task)) {
            // Its program would wait for ever.
            connection.close(CloseReason.FAULT, "the loop takes no more tasks");
        }
    }

    private void tell(int rcode, boolean withMessage) {
        calling = false;
        if (state == State.ENDED) {
            // Its connection goes too, and tells more.
            return;
        }
        byte[] why = rcode < 0 ? subject.why(rcode, this).getBytes(StandardCharsets.UTF_8) : NOTHING;
        ByteBuffer frame = begin(rcode, why.length);
        if (frame == null) {
            return;
        }
        if (withMessage) {
            message.write(frame);
        }
        end(frame.put(why, 0, Math.min(why.length, GateOp.MAX_WHY_BYTES)));
    }

    /** @return null if it does not read its answers: then its connection is closed */
    private ByteBuffer begin(int rcode, int more) {
        ByteBuffer frame = connection.begin(SHORT_FRAME + more);
        if (frame == null) {
            connection.close(CloseReason.WRITE_TIMEOUT, "an answer that it does not take");
            return null;
        }
        return frame.put(GateOp.RESULT).putInt(rcode);
    }

    private void end(ByteBuffer frame) {
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
        later(() -> {
            if (state == State.ATTACHED) {
                state = State.BOUND;
                calling = false;
                ByteBuffer frame = begin(number(), Integer.BYTES);
                if (frame != null) {
                    end(frame.putInt(dcid()));
                }
            } else {
                close(exitCode);
            }
        });
    }

    @Override
    public void terminate() {
        later(() -> {
            // Once: one that does not read it is not sent it again and again.
            ByteBuffer frame = terminated ? null : connection.begin(SHORT_FRAME);
            if (frame != null) {
                terminated = true;
                connection.end(frame.put(GateOp.TERMINATE));
                connection.flush();
            }
        });
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
