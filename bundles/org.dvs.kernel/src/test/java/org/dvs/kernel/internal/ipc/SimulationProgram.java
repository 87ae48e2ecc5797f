package org.dvs.kernel.internal.ipc;

import static org.dvs.api.ErrorCode.AGAIN;
import static org.dvs.api.ErrorCode.BADCALL;
import static org.dvs.api.ErrorCode.BADDEST;
import static org.dvs.api.ErrorCode.BADSRCDST;
import static org.dvs.api.ErrorCode.BUSY;
import static org.dvs.api.ErrorCode.DCNOTRUN;
import static org.dvs.api.ErrorCode.DEADSRCDST;
import static org.dvs.api.ErrorCode.DSTDIED;
import static org.dvs.api.ErrorCode.ENDPOINT;
import static org.dvs.api.ErrorCode.FAULT;
import static org.dvs.api.ErrorCode.INTR;
import static org.dvs.api.ErrorCode.LCLPROC;
import static org.dvs.api.ErrorCode.LOCKED;
import static org.dvs.api.ErrorCode.MIGRATE;
import static org.dvs.api.ErrorCode.NODCNODE;
import static org.dvs.api.ErrorCode.NONODE;
import static org.dvs.api.ErrorCode.NOPROXY;
import static org.dvs.api.ErrorCode.NOTBIND;
import static org.dvs.api.ErrorCode.NOTCONN;
import static org.dvs.api.ErrorCode.ONCOPY;
import static org.dvs.api.ErrorCode.OVERRUN;
import static org.dvs.api.ErrorCode.PERM;
import static org.dvs.api.ErrorCode.PROCSTS;
import static org.dvs.api.ErrorCode.RANGE;
import static org.dvs.api.ErrorCode.RMTPROC;
import static org.dvs.api.ErrorCode.SHUTDOWN;
import static org.dvs.api.ErrorCode.SRCDIED;
import static org.dvs.api.ErrorCode.TIMEDOUT;
import static org.dvs.api.ErrorCode.TRAPDENIED;
import static org.dvs.api.ErrorCode.UNKNOWNOUTCOME;
import static org.dvs.api.ErrorCode.WOKENUP;
import static org.dvs.kernel.api.EndpointNumbers.ANY;
import static org.dvs.kernel.api.EndpointNumbers.SELF;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

import org.dvs.api.ErrorCode;
import org.dvs.kernel.api.Completion;
import org.dvs.kernel.api.Endpoint;
import org.dvs.kernel.api.Memory;
import org.dvs.kernel.api.Message;
import org.dvs.kernel.internal.ipc.SimulationLedger.Kind;
import org.dvs.kernel.internal.ipc.SimulationLedger.Note;
import org.dvs.kernel.internal.ipc.SimulationLedger.Sent;

/** A program that does whatever comes to its mind, one call after another, and checks each end. */
final class SimulationProgram extends LoopEndpoint implements Host {
    /** Type of the message about a process that ends. */
    static final int WARNING = 99;
    private static final long THINKS = 1_500_000;
    private static final int MAX_TIMEOUT = 20;
    private static final int OUT = 4096;
    private static final int OUT_BYTES = 256;
    private static final int IN = 2 * 4096 + OUT;
    private static final int REGION = 256;
    private static final Map<Operation, Set<ErrorCode>> MAY_END_WITH = new EnumMap<>(Operation.class);

    static {
        Set<ErrorCode> any = EnumSet.of(NOTBIND, DCNOTRUN, SHUTDOWN, TIMEDOUT, AGAIN, INTR, BADCALL, RMTPROC);
        Set<ErrorCode> peer = EnumSet.of(BADDEST, BADSRCDST, RANGE, TRAPDENIED, ENDPOINT, NODCNODE, NOPROXY, NOTCONN);
        peer.addAll(any);
        MAY_END_WITH.put(Operation.SEND, with(peer, UNKNOWNOUTCOME, DSTDIED, LOCKED));
        MAY_END_WITH.put(Operation.SENDREC, with(peer, UNKNOWNOUTCOME, DEADSRCDST, DSTDIED, SRCDIED, LOCKED));
        MAY_END_WITH.put(Operation.RECEIVE, with(peer, SRCDIED, WOKENUP));
        MAY_END_WITH.put(Operation.RCVRQST, with(any, TRAPDENIED));
        MAY_END_WITH.put(Operation.REPLY, with(peer, UNKNOWNOUTCOME, DSTDIED, PROCSTS));
        MAY_END_WITH.put(Operation.NOTIFY, with(peer, DSTDIED, OVERRUN));
        MAY_END_WITH.put(Operation.VCOPY, with(peer, UNKNOWNOUTCOME, SRCDIED, DSTDIED, PROCSTS, BUSY, PERM, FAULT));
        MAY_END_WITH.put(Operation.WAIT4BIND, with(any, ENDPOINT, RANGE));
        MAY_END_WITH.put(Operation.WAIT4UNBIND, with(any, ENDPOINT, RANGE, NODCNODE));
        MAY_END_WITH.put(Operation.UNBIND, with(any, ENDPOINT, RANGE, NOTBIND, ONCOPY, MIGRATE));
    }

    private static Set<ErrorCode> with(Set<ErrorCode> codes, ErrorCode... more) {
        Set<ErrorCode> all = EnumSet.copyOf(codes);
        all.addAll(List.of(more));
        return all;
    }

    private final SimulationWorld world;
    private final SimulationNode node;
    private final Random random;
    private final boolean outside;
    private final int pid;
    private final LocalMemory memory = new LocalMemory();
    private final SimulationMemory slow;
    private final byte[] out = new byte[OUT_BYTES];
    private final byte[] in;
    private final Message message = new Message();
    /** The newest request of each client that has not been answered. */
    private final Map<Integer, Sent> requests = new HashMap<>();
    private int version;
    private boolean copyFailed;
    private boolean leaving;
    Attempt current;

    SimulationProgram(SimulationWorld world, SimulationNode node, boolean outside, int pid) {
        super(false);
        this.world = world;
        this.node = node;
        this.outside = outside;
        this.pid = pid;
        random = world.random;
        in = new byte[REGION * world.settings.nrSysprocs()];
        memory.expose(ByteBuffer.wrap(out));
        memory.expose(ByteBuffer.wrap(in));
        slow = outside ? new SimulationMemory(world, memory) : null;
    }

    /** One call, from its beginning to its end. */
    final class Attempt implements Completion {
        final Operation operation;
        final int peer;
        final long timeout;
        Sent sent;
        private Note note;
        private final boolean remote;
        private final int moves;
        private boolean ended;

        Attempt(Operation operation, int peer, long timeout) {
            this.operation = operation;
            this.peer = peer;
            this.timeout = timeout;
            Proc to = proc().dc.slots.of(peer);
            remote = to == null || to.isRemote();
            moves = world.vos.moves(peer);
        }

        private boolean wentElsewhere() {
            return remote || moves != world.vos.moves(peer);
        }

        /** Whether such an end leaves open if the message arrived. */
        private boolean isVague(int rcode) {
            if (rcode >= 0) {
                // What the warned one sends to one that ends, ends its wait and reaches no program.
                return world.vos.isWarned(number());
            }
            ErrorCode code = ErrorCode.ofRcode(rcode).orElseThrow();
            boolean request = sent.kind == Kind.REQUEST;
            return switch (code) {
                case UNKNOWNOUTCOME -> true;
                case TIMEDOUT, NOTCONN, INTR, NOTBIND, BADSRCDST, DCNOTRUN, SHUTDOWN -> request || wentElsewhere();
                case SRCDIED, NODCNODE -> request;
                case DSTDIED -> moves != world.vos.moves(peer);
                default -> false;
            };
        }

        @Override
        public void completed(int rcode) {
            world.watched(() -> check(rcode));
        }

        private void check(int rcode) {
            assertFalse(ended, "told twice: " + this);
            ended = true;
            assertTrue(current == this, "told the end of a call that is not the one under way: " + this);
            current = null;
            world.trace(SimulationProgram.this, "result " + rcode + " of " + this);
            if (rcode < 0) {
                ErrorCode code = ErrorCode.ofRcode(rcode).orElseThrow(() -> new AssertionError("result " + rcode + " of "
                        + this));
                // Where a step of a move was refused, a node may not know where the caller is.
                boolean misled = world.refusedSteps > 0 && (code == NONODE || code == LCLPROC);
                assertTrue(misled || MAY_END_WITH.get(operation).contains(code), code + " is no end of " + this);
                assertFalse(code == TIMEDOUT && timeout < 0 && operation != Operation.VCOPY, "without a time-out: " + this);
                assertFalse(code == AGAIN && timeout != 0 && operation != Operation.UNBIND, "it was willing to wait: " + this);
            }
            if (sent != null) {
                world.ledger.ended(sent, rcode, isVague(rcode));
            }
            if (note != null) {
                world.ledger.notified(note, rcode);
            }
            world.ended(operation, rcode);
            SimulationProgram.this.ended(this, rcode);
        }

        @Override
        public String toString() {
            return operation + " of " + peer + " by " + SimulationProgram.this + " with time-out " + timeout
                    + (sent == null ? "" : " (" + sent + ")");
        }
    }

    private boolean isSystem() {
        return proc().isSystem();
    }

    // ---- what it does

    void think() {
        world.at(world.now() + world.below(THINKS), this::act);
    }

    private void act() {
        if (current != null || proc().dead || leaving) {
            return;
        }
        if (proc().terminated) {
            leave();
        } else if (world.quiet) {
            if (world.serving && isSystem()) {
                serve();
            }
        } else if (isSystem()) {
            actAsServer(random.nextInt(100));
        } else {
            actAsUser(random.nextInt(100));
        }
    }

    private void actAsServer(int dice) {
        if (dice < 30 && !requests.isEmpty()) {
            answer();
        } else if (dice < 52) {
            receive(ANY, timeout());
        } else if (dice < 57) {
            receive(world.vos.some(), timeout());
        } else if (dice < 62) {
            begin(Operation.RCVRQST, ANY, timeout());
            rcvrqst(message, current.timeout, current);
        } else if (dice < 75) {
            send(world.vos.some());
        } else if (dice < 84) {
            ask(world.vos.some());
        } else if (dice < 90) {
            notifySomebody(world.vos.some());
        } else if (dice < 97) {
            copy(world.vos.some(), world.vos.some());
        } else {
            actAsAdministrator(random.nextInt(10));
        }
    }

    private void actAsUser(int dice) {
        if (dice < 92) {
            ask(world.vos.some());
        } else {
            actAsAdministrator(random.nextInt(10));
        }
    }

    private void actAsAdministrator(int dice) {
        int peer = world.vos.some();
        if (dice < 4) {
            begin(Operation.WAIT4BIND, peer, timeout());
            wait4bind(peer, current.timeout, current);
        } else if (dice < 7) {
            begin(Operation.WAIT4UNBIND, peer, timeout());
            wait4unbind(peer, current.timeout, current);
        } else if (dice < 8 && !world.vos.isWarned(peer) && peer != number()) {
            begin(Operation.UNBIND, peer, timeout());
            world.vos.forgets(node, peer);
            unbind(peer, current.timeout, current);
        } else if (dice < 9 && !world.vos.isWarned(number())) {
            leave();
        } else {
            think();
        }
    }

    private long timeout() {
        int dice = random.nextInt(10);
        return dice < 1 ? Endpoint.NOWAIT : dice < 4 ? Endpoint.FOREVER : 1 + random.nextInt(MAX_TIMEOUT);
    }

    private Attempt begin(Operation operation, int peer, long timeout) {
        current = new Attempt(operation, peer, timeout);
        world.trace(this, "begins " + current.operation + " of " + peer + ", time-out " + timeout);
        return current;
    }

    private void receive(int source, long timeout) {
        receive(source, message, timeout, begin(Operation.RECEIVE, source, timeout));
    }

    private void send(int peer) {
        Attempt attempt = begin(Operation.SEND, peer, timeout());
        attempt.sent = world.ledger.send(Kind.SEND, this, peer, 0);
        send(peer, world.ledger.message(attempt.sent), attempt.timeout, attempt);
    }

    private void ask(int peer) {
        Attempt attempt = begin(Operation.SENDREC, peer, timeout());
        attempt.sent = world.ledger.send(Kind.REQUEST, this, peer, 0);
        sendrec(peer, message.set(world.ledger.message(attempt.sent)), attempt.timeout, attempt);
    }

    private void answer() {
        int client = List.copyOf(requests.keySet()).get(random.nextInt(requests.size()));
        Sent request = requests.remove(client);
        Attempt attempt = begin(Operation.REPLY, client, world.quiet ? Endpoint.FOREVER : timeout());
        Message answer = new Message(WARNING);
        if (request != null) {
            attempt.sent = world.ledger.send(Kind.REPLY, this, client, request.id);
            answer.set(world.ledger.message(attempt.sent));
        }
        if (attempt.timeout > 0 && random.nextBoolean()) {
            int result = reply(client, answer);
            if (result != RMTPROC.rcode()) {
                attempt.completed(result);
                return;
            }
        }
        reply(client, answer, attempt.timeout, attempt);
    }

    private void notifySomebody(int peer) {
        int value = random.nextBoolean() ? Notifications.NO_VALUE : random.nextInt(32);
        Attempt attempt = begin(Operation.NOTIFY, peer, timeout());
        Proc to = proc().dc.slots.of(peer);
        if (world.vos.home(peer) != null) {
            attempt.note = world.ledger.notify(new Note(number(), peer, value, to == null || to.isRemote(), world.vos.moves(peer),
                    world.breaks));
        }
        if (value < 0) {
            notify(peer, attempt.timeout, attempt);
        } else {
            notifyValue(peer, value, attempt.timeout, attempt);
        }
    }

    private void copy(int from, int to) {
        int source = random.nextInt(3) == 0 ? SELF : from;
        int destination = source != SELF && random.nextInt(3) == 0 ? SELF : to;
        int offset = random.nextInt(OUT_BYTES + 1);
        int bytes = random.nextInt(OUT_BYTES - offset + 1);
        int region = REGION * proc().dc.slots.index(proc().nr);
        LoopEndpoint reads = party(source);
        LoopEndpoint writes = party(destination);
        int before = reads instanceof SimulationProgram program ? program.version : 0;
        Attempt attempt = begin(Operation.VCOPY, destination == SELF ? from : to, Endpoint.FOREVER);
        vcopy(source, OUT + offset, destination, IN + region, bytes, rcode -> world.watched(() -> {
            if (rcode >= 0) {
                assertEquals(bytes, rcode, "bytes copied");
            }
            boolean same = rcode >= 0 && !copyFailed && reads instanceof SimulationProgram && writes instanceof SimulationProgram
                    && reads == party(source) && writes == party(destination);
            if (same) {
                int span = ((SimulationProgram) reads).version - before;
                for (byte copied : Arrays.copyOfRange(((SimulationProgram) writes).in, region, region + bytes)) {
                    assertTrue((copied - before & 0xFF) <= span, "bytes of the time of the copy from " + source + " to "
                            + destination
                            + ": " + copied + " is not within " + before + " and the " + span + " after it, by " + this);
                }
            }
            copyFailed |= rcode < 0;
            attempt.completed(rcode);
        }));
    }

    private LoopEndpoint party(int endpoint) {
        return endpoint == SELF || endpoint == number() ? this : world.vos.program(endpoint, node);
    }

    /** From now on it only answers. */
    private void serve() {
        if (requests.isEmpty()) {
            receive(ANY, Endpoint.FOREVER);
        } else {
            answer();
        }
    }

    void leave() {
        world.trace(this, "leaves");
        leaving = true;
        close();
    }

    // ---- what it hears

    private void ended(Attempt attempt, int rcode) {
        boolean receives = attempt.operation == Operation.RECEIVE || attempt.operation == Operation.RCVRQST;
        if (rcode >= 0 && (receives || attempt.operation == Operation.SENDREC)) {
            heard(attempt);
        }
        if (random.nextInt(4) == 0) {
            Arrays.fill(out, (byte) ++version);
        }
        if (rcode == SHUTDOWN.rcode()) {
            world.at(world.now() + world.below(THINKS), this::leave);
        } else if (random.nextInt(3) == 0 && world.depth < 8) {
            world.depth++;
            act();
            world.depth--;
        } else {
            think();
        }
    }

    private void heard(Attempt attempt) {
        boolean notification = message.type() >= Message.NOTIFY;
        if (attempt.peer != ANY) {
            assertEquals(attempt.peer, message.source(), "from whom it listened to: " + message);
        }
        if (notification) {
            assertEquals(Operation.RECEIVE, attempt.operation, "notifications come by receive: " + message);
            world.ledger.told(message.source(), number(), message.getInt(Message.M9_I1));
            return;
        }
        if (message.type() == WARNING) {
            requests.put(message.source(), null);
            return;
        }
        Sent received = world.ledger.received(message, this);
        if (attempt.operation == Operation.SENDREC) {
            world.ledger.answered(attempt.sent, received);
        }
        if (received.kind == Kind.REQUEST) {
            requests.put(received.source, received);
        } else {
            assertTrue(attempt.operation != Operation.RCVRQST, "rcvrqst gives requests only: " + received);
        }
    }

    // ---- as the kernel sees it

    @Override
    public int pid() {
        return pid;
    }

    @Override
    public boolean outside() {
        return outside;
    }

    @Override
    public Memory memory() {
        return memory;
    }

    @Override
    public ProgramMemory programMemory() {
        return outside ? slow : memory;
    }

    boolean isReadOrWritten() {
        return slow != null && slow.busy > 0;
    }

    @Override
    public void terminate() {
        // Its call ends with SHUTDOWN; where there is none, it looks from time to time.
        world.soon(this::act);
    }

    @Override
    public void unbound() {
        // Its call ends.
    }

    @Override
    public String toString() {
        return super.toString() + "@" + node;
    }
}
