package org.dvs.kernel.internal.ipc;

import static org.dvs.kernel.internal.ipc.SimulationNode.DC;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.kernel.api.DcSettings;
import org.dvs.kernel.api.DvsParameters;
import org.dvs.testkit.SimulatedTime;

/** One to three kernels, their wires and their programs, and what happens to them; all from one seed. */
final class SimulationWorld {
    private static final boolean TRACE = Boolean.getBoolean("dvs.trace");
    private static final long TICK = 2_000_000;
    private static final Duration LONG = Duration.ofSeconds(100);

    final Random random;
    final SimulatedTime time = new SimulatedTime();
    final DvsParameters parameters = new DvsParameters("dvs", 1, 4, 9, 4, 10, 64, 1024, 0);
    final DcSettings settings;
    final int pairBytes;
    final SimulationLedger ledger = new SimulationLedger();
    final List<SimulationNode> nodes = new ArrayList<>();
    final SimulationVos vos;
    private final List<SimulationWire> wires = new ArrayList<>();
    private final boolean gentle;
    private final boolean moves;
    private Throwable failure;
    /** No new calls but those of {@link #serving}. */
    boolean quiet;
    boolean serving;
    int breaks;
    int carried;
    /** Steps of moves that a node would not do. */
    int refusedSteps;
    /** Calls begun inside ends of calls. */
    int depth;
    final Map<Operation, Map<String, Integer>> ends = new EnumMap<>(Operation.class);

    SimulationWorld(long seed) throws DvsException {
        random = new Random(seed);
        int size = 1 + random.nextInt(3);
        gentle = random.nextInt(3) == 0;
        moves = random.nextInt(3) > 0;
        pairBytes = 16 + random.nextInt(SimulationMemory.MAX_BYTES - 15);
        DcSettings plain = DcSettings.of(DC, "dc", parameters);
        DcSettings warning = random.nextInt(4) == 0 ? plain.warning(0, SimulationProgram.WARNING) : plain;
        settings = random.nextInt(4) == 0 ? warning.countingGenerations() : warning;
        vos = new SimulationVos(this);
        for (int id = 0; id < size; id++) {
            nodes.add(new SimulationNode(this, id));
        }
        for (SimulationNode a : nodes) {
            for (SimulationNode b : nodes) {
                if (a != b) {
                    a.attach(b.id);
                }
            }
            a.beginDc();
        }
        for (SimulationNode a : nodes) {
            for (SimulationNode b : nodes) {
                if (a != b) {
                    wires.add(new SimulationWire(this, a.pairs.get(b.id), b.pairs.get(a.id)));
                }
            }
        }
        wires.forEach(SimulationWire::open);
    }

    // ---- time

    long now() {
        return time.nanoTime();
    }

    /** Anything below a bound. */
    long below(long bound) {
        return random.nextInt((int) bound);
    }

    void at(long nanos, Runnable task) {
        time.after(nanos - now(), task);
    }

    void soon(Runnable task) {
        time.after(below(200_000), task);
    }

    /** What the kernels use as their deadlines. */
    Runnable after(long milliseconds, Runnable task) {
        return time.after(milliseconds * 1_000_000, task)::cancel;
    }

    /** For code whose exceptions the kernel would only log. */
    void watched(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException | Error e) {
            failure = e;
        }
    }

    /** Tells what happens, for whoever looks for a defect with {@code -Ddvs.trace=true} and one seed. */
    void trace(Object who, String what) {
        if (TRACE) {
            System.out.printf("%.3f %s: %s%n", now() % 3_600_000_000_000L / 1e6, who, what);
        }
    }

    void ended(Operation operation, int rcode) {
        String result = rcode >= 0 ? "OK" : ErrorCode.ofRcode(rcode).map(Enum::name).orElse("endpoint");
        ends.computeIfAbsent(operation, of -> new TreeMap<>()).merge(result, 1, Integer::sum);
    }

    private void step() throws DvsException {
        time.step();
        if (failure != null) {
            throw new AssertionError(failure.getMessage(), failure);
        }
        vos.sweep();
        for (SimulationNode node : nodes) {
            Container dc = node.dc();
            if (dc != null) {
                SimulationInvariants.check(dc);
            }
        }
    }

    private void run(long nanos) throws DvsException {
        boolean[] over = new boolean[1];
        time.after(nanos, () -> over[0] = true);
        while (!over[0]) {
            step();
        }
    }

    private void run(long nanos, boolean all) throws DvsException {
        for (long passed = 0; passed < nanos; passed += TICK) {
            vos.tend(all);
            vos.sweep();
            run(TICK);
        }
    }

    // ---- what happens

    void live(int millis) throws DvsException {
        run(4 * TICK, false);
        for (int i = 0; i < millis; i++) {
            run(TICK / 2, false);
            if (random.nextInt(gentle ? 6 : 3) == 0) {
                trouble();
            }
        }
    }

    private void trouble() throws DvsException {
        SimulationNode node = nodes.get(random.nextInt(nodes.size()));
        int dice = random.nextInt(100);
        if (dice < 30) {
            if (moves) {
                vos.move();
            }
        } else if (dice < 40) {
            onSome(program -> {
                if (program instanceof SimulationProgram) {
                    program.proc().dc.expire(program.proc(), program.proc().serial, ErrorCode.INTR.rcode());
                }
            });
        } else if (dice < 50) {
            outcome(() -> node.kernel.wakeup(DC, vos.some()), ErrorCode.PROCRUN, ErrorCode.PROCSTS, ErrorCode.RANGE,
                    ErrorCode.DSTDIED,
                    ErrorCode.RMTPROC, ErrorCode.MIGRATE, ErrorCode.DCNOTRUN, ErrorCode.ENDPOINT);
        } else if (dice < 58) {
            outcome(() -> node.kernel.hdwNotify(DC, vos.some()), ErrorCode.TRAPDENIED, ErrorCode.OVERRUN, ErrorCode.RANGE,
                    ErrorCode.DSTDIED,
                    ErrorCode.RMTPROC, ErrorCode.MIGRATE, ErrorCode.DCNOTRUN, ErrorCode.ENDPOINT);
        } else if (dice < 72) {
            onSome(program -> {
                if (!vos.isWarned(program.number())) {
                    SimulationVos.leave(program);
                }
            });
        } else if (dice < 80) {
            onSome(program -> {
                trace(node, "unbinds " + program);
                vos.forgets(node, program.number());
                outcome(() -> node.kernel.unbind(DC, program.number()), ErrorCode.AGAIN, ErrorCode.ONCOPY, ErrorCode.MIGRATE,
                        ErrorCode.DCNOTRUN, ErrorCode.NOTBIND, ErrorCode.ENDPOINT);
            });
        } else if (!gentle && !wires.isEmpty()) {
            violence(node, dice);
        }
    }

    private void violence(SimulationNode node, int dice) throws DvsException {
        if (dice < 94) {
            wires.get(random.nextInt(wires.size())).cut(below(20_000_000));
        } else if (dice < 97) {
            endDc(node);
        } else {
            SimulationNode other = nodes.get(random.nextInt(nodes.size()));
            if (other != node && node.knows(other.id)) {
                breaks++;
                trace(node, "drops " + other);
                vos.forget(node, other);
                node.kernel.nodeDown(other.id);
                at(now() + below(20_000_000), () -> watched(() -> nodeUp(node, other)));
            }
        }
    }

    private void endDc(SimulationNode node) throws DvsException {
        if (node.dc() != null) {
            breaks++;
            trace(node, "ends its DC");
            nodes.forEach(of -> vos.forget(node, of));
            node.kernel.dcEnd(DC);
            at(now() + below(20_000_000), () -> watched(() -> beginDc(node)));
        }
    }

    private static void beginDc(SimulationNode node) {
        try {
            node.beginDc();
        } catch (DvsException e) {
            throw new AssertionError(e);
        }
    }

    private static void nodeUp(SimulationNode node, SimulationNode other) {
        try {
            node.kernel.nodeUp("node" + other.id, other.id, other.id);
            if (node.dc() != null && !node.isMember(other.id)) {
                node.kernel.addNode(DC, other.id);
            }
        } catch (DvsException e) {
            throw new AssertionError(e);
        }
    }

    private interface OnProgram {
        void on(LoopEndpoint program) throws DvsException;
    }

    private void onSome(OnProgram action) throws DvsException {
        List<LoopEndpoint> programs = vos.programs();
        if (!programs.isEmpty()) {
            action.on(programs.get(random.nextInt(programs.size())));
        }
    }

    private interface Administration {
        void run() throws DvsException;
    }

    private static void outcome(Administration action, ErrorCode... expected) {
        try {
            action.run();
        } catch (DvsException e) {
            if (!List.of(expected).contains(e.code())) {
                throw new AssertionError(e);
            }
        }
    }

    // ---- the end

    /** Lets everything come to rest, and checks that whoever waits then has a reason. */
    void rest() throws DvsException {
        quiet = true;
        run(60 * TICK, true);
        while (vos.isMoving()) {
            run(TICK, true);
        }
        wires.forEach(SimulationWire::open);
        run(20 * TICK, true);
        checkRest();
    }

    private void checkRest() throws DvsException {
        int before;
        do {
            // Who waits for the longest of the kernel's own deadlines may end then, and others because of it.
            before = vos.programs().size();
            run(LONG.toNanos());
            run(20 * TICK, true);
        } while (vos.programs().size() < before);
        new SimulationReasons(this).check();
        ledger.check();
        ledger.checkNotifications(this);
    }

    /** Every server answers what it is asked. */
    void serve() throws DvsException {
        serving = true;
        for (LoopEndpoint program : vos.programs()) {
            if (program instanceof SimulationProgram simulated) {
                simulated.think();
            }
        }
        checkRest();
    }

    /** All programs end, one after another. */
    void end() throws DvsException {
        List<LoopEndpoint> programs = vos.programs();
        Collections.shuffle(programs, random);
        for (LoopEndpoint program : programs) {
            SimulationVos.leave(program);
            run(20 * TICK, true);
            checkRest();
        }
        for (SimulationNode node : nodes) {
            if (!node.dc().slots.all().isEmpty()) {
                throw new AssertionError("left on " + node + ": " + node.dc().slots.all());
            }
        }
        ledger.checkAllEnded();
    }
}
