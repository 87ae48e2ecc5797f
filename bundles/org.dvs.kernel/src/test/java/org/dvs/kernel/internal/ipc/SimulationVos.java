package org.dvs.kernel.internal.ipc;

import static org.dvs.kernel.internal.ipc.SimulationNode.DC;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import org.dvs.api.DvsException;
import org.dvs.kernel.api.BindKind;
import org.dvs.kernel.api.EndpointNumbers;

/**
 * Who is bound where, and who tells the kernels so: binds programs, stubs and backups, forgets those of a program that has ended,
 * moves programs from node to node. Does it late and in any order, as a network of administrators would.
 */
final class SimulationVos {
    private static final long LATE = 3_000_000;
    private static final int HANDLER = 3;
    private static final int[] NUMBERS = {-3, -2, 0, 1, 2, HANDLER, 5, 6, 7};
    private static final int[] NOBODYS = {4, 8, 200, -1, EndpointNumbers.ANY, EndpointNumbers.NONE};

    /** A process number and who has it. */
    private static final class Place {
        final int number;
        int endpoint;
        /** Null while nobody is bound. */
        SimulationNode home;
        /** Programs, of which all but the one at home stand by. */
        final Map<Integer, LoopEndpoint> programs = new TreeMap<>();
        int moves;
        boolean moving;

        Place(int number) {
            this.number = number;
            this.endpoint = number;
        }
    }

    private final SimulationWorld world;
    private final List<Place> places = new ArrayList<>();

    SimulationVos(SimulationWorld world) {
        this.world = world;
        for (int number : NUMBERS) {
            places.add(new Place(number));
        }
    }

    // ---- what others want to know

    private Place place(int endpoint) {
        int number = world.settings.numbers().processNumber(endpoint);
        return places.stream().filter(at -> at.number == number).findFirst().orElse(null);
    }

    /** An endpoint, most often one in use. */
    int some() {
        if (world.random.nextInt(60) == 0) {
            return NOBODYS[world.random.nextInt(NOBODYS.length)];
        }
        return places.get(world.random.nextInt(places.size())).endpoint;
    }

    int moves(int endpoint) {
        Place place = place(endpoint);
        return place == null ? 0 : place.moves;
    }

    /** The process at its home, or null. */
    Proc home(int endpoint) {
        Place place = place(endpoint);
        LoopEndpoint program = place == null || place.home == null ? null : place.programs.get(place.home.id);
        return program == null || program.number() != endpoint ? null : program.proc();
    }

    LoopEndpoint program(int endpoint) {
        Place place = place(endpoint);
        return place == null || place.home == null ? null : place.programs.get(place.home.id);
    }

    /** As a node knows it: while a move that it could not follow is taken back, that may still be who was at home before. */
    LoopEndpoint program(int endpoint, SimulationNode as) {
        Place place = place(endpoint);
        if (place == null || place.home == null) {
            return null;
        }
        Proc bound = as.at(place.number);
        return place.programs.get(bound != null && !bound.isRemote() ? as.id : place.home.id);
    }

    /** Whoever has the slot of the endpoint that is warned, in whatever generation. */
    boolean isWarned(int endpoint) {
        EndpointNumbers numbers = world.settings.numbers();
        int warned = world.settings.warn2proc();
        return warned != EndpointNumbers.NONE && numbers.processNumber(endpoint) == numbers.processNumber(warned);
    }

    boolean isMoving() {
        return places.stream().anyMatch(place -> place.moving);
    }

    String describe(int endpoint) {
        Place place = place(endpoint);
        return place == null ? "nobody" : place.number + " at " + place.home + " with programs on " + place.programs.keySet();
    }

    List<LoopEndpoint> programs() {
        List<LoopEndpoint> all = new ArrayList<>();
        places.forEach(place -> all.addAll(place.programs.values()));
        return all;
    }

    // ---- what happens by itself

    /** Takes note of programs that have ended. */
    void sweep() {
        for (Place place : places) {
            if (place.home != null && place.programs.get(place.home.id).proc().dead) {
                world.ledger.died(place.endpoint);
                place.home = null;
                place.moves++;
            }
            place.programs.entrySet().removeIf(program -> {
                Proc proc = program.getValue().proc();
                if (proc.dead) {
                    // Perhaps while its place is at home elsewhere already.
                    forgets(world.nodes.get(program.getKey()), place.endpoint);
                    if (place.home != null && !proc.isBackup()) {
                        // It was to follow that move, with what waited for it here.
                        world.ledger.leftBehind(place.endpoint);
                    }
                }
                return proc.dead;
            });
        }
    }

    /** Binds and forgets what is due. @param all or only some of it */
    void tend(boolean all) throws DvsException {
        for (Place place : places) {
            for (SimulationNode node : world.nodes) {
                if (!place.moving && node.dc() != null && (all || world.random.nextInt(3) == 0)) {
                    tend(place, node);
                }
            }
            if (place.home == null && !place.moving && !world.quiet) {
                begin(place);
            }
        }
    }

    private void tend(Place place, SimulationNode node) throws DvsException {
        Proc proc = node.at(place.number);
        boolean stub = proc != null && proc.isStub();
        boolean elsewhere = proc != null && proc.isRemote();
        boolean stale = place.home == null || elsewhere && (proc.isMigrating() || proc.node != place.home.id
                || proc.endpoint != place.endpoint);
        if (stale) {
            if (stub) {
                forget(place, node);
            } else if (elsewhere) {
                leave(place.programs.get(node.id));
            }
        } else if (proc == null && node != place.home && node.isMember(place.home.id)) {
            boolean standsBy = place.programs.size() == 1 && world.random.nextInt(3) > 0 && place.number != HANDLER
                    && !world.quiet;
            if (standsBy) {
                program(place, node, BindKind.BACKUP, place.home.id);
            } else {
                node.kernel.rmtbind(DC, place.endpoint, "p" + place.number, place.home.id);
            }
        }
    }

    /** A node forgets what it may have bound at a process number, without being asked to from here. */
    void forgets(SimulationNode node, int endpoint) {
        Place place = place(endpoint);
        if (place != null) {
            world.ledger.erased(place.endpoint, destination -> home(destination) == null || home(destination).dc == node.dc());
        }
    }

    /** A node forgets everybody who lives on another one. */
    void forget(SimulationNode node, SimulationNode of) {
        for (Place place : places) {
            if (place.home == of) {
                forgets(node, place.endpoint);
            }
        }
    }

    private void forget(Place place, SimulationNode node) throws DvsException {
        forgets(node, place.endpoint);
        world.trace(node, "forgets " + place.number);
        node.kernel.unbind(DC, node.at(place.number).endpoint);
    }

    private void begin(Place place) throws DvsException {
        List<SimulationNode> running = world.nodes.stream().filter(node -> node.dc() != null).toList();
        boolean used = running.stream().anyMatch(node -> node.at(place.number) != null);
        if (used || running.isEmpty() || world.random.nextInt(3) > 0) {
            return;
        }
        SimulationNode node = running.get(world.random.nextInt(running.size()));
        place.home = node;
        if (place.number == HANDLER) {
            SimulationServer server = new SimulationServer(world);
            LoopEndpoint loop = (LoopEndpoint) node.kernel.bindHandler(DC, place.number, "p" + place.number, server);
            place.programs.put(node.id, loop);
        } else {
            program(place, node, BindKind.SELF, EndpointNumbers.LOCALNODE);
        }
        place.endpoint = place.programs.get(node.id).number();
    }

    private void program(Place place, SimulationNode node, BindKind kind, int at) throws DvsException {
        boolean outside = place.number == 2 || place.number == 5 || place.number == -3;
        SimulationProgram program = new SimulationProgram(world, node, outside,
                outside && place.number > 0 ? 77 : 100 + place.number);
        int endpoint = kind == BindKind.SELF ? place.number : place.endpoint;
        node.kernel.bindProgram(DC, endpoint, "p" + place.number, kind, at, program);
        place.programs.put(node.id, program);
        program.think();
    }

    static void leave(LoopEndpoint program) {
        if (program instanceof SimulationProgram simulated) {
            simulated.leave();
        } else if (program != null) {
            program.close();
        }
    }

    // ---- moving

    /** Begins to move somebody, if anybody can be. */
    void move() {
        List<Place> movable = places.stream().filter(place -> place.home != null && !place.moving
                && place.programs.size() > 1).toList();
        if (!movable.isEmpty()) {
            Place place = movable.get(world.random.nextInt(movable.size()));
            SimulationNode target = world.nodes.stream().filter(node -> node != place.home && place.programs.containsKey(node.id))
                    .findFirst().orElseThrow();
            place.moving = true;
            place.moves++;
            world.trace(place.home, "to move " + place.endpoint + " to " + target);
            Move move = new Move(place, place.home, target);
            boolean soon = world.random.nextBoolean();
            move.each(() -> move.awaitStill(world.random.nextInt(20)), node -> {
                if (soon) {
                    node.kernel.migrateSoon(DC, place.endpoint);
                } else {
                    node.kernel.migrateStart(DC, place.endpoint);
                }
            });
        }
    }

    private interface Step {
        void on(SimulationNode node) throws DvsException;
    }

    /** One move of one endpoint. */
    private final class Move {
        private final Place place;
        private final SimulationNode from;
        private final SimulationNode to;

        Move(Place place, SimulationNode from, SimulationNode to) {
            this.place = place;
            this.from = from;
            this.to = to;
        }

        /** Does a step on every node, in any order, then goes on. */
        void each(Runnable next, Step step) {
            List<SimulationNode> order = new ArrayList<>(world.nodes);
            Collections.shuffle(order, world.random);
            each(order, next, step);
        }

        private void each(List<SimulationNode> order, Runnable next, Step step) {
            world.at(world.now() + world.below(LATE), () -> {
                attempt(order.remove(0), step);
                if (order.isEmpty()) {
                    next.run();
                } else {
                    each(order, next, step);
                }
            });
        }

        private boolean attempt(SimulationNode node, Step step) {
            try {
                step.on(node);
                world.trace(node, "step of the move of " + place.endpoint);
                return true;
            } catch (DvsException e) {
                world.refusedSteps++;
                world.trace(node, "refuses a step of the move of " + place.endpoint + ": " + e.getMessage());
                return false;
            }
        }

        /** Waits until the program is between two calls, or gives up. */
        void awaitStill(int patience) {
            Proc proc = from.at(place.number);
            if (place.home != from || patience == 0 || proc == null) {
                rollback();
            } else if (proc.isMigrating()) {
                commit();
            } else {
                world.at(world.now() + 1_000_000, () -> awaitStill(patience - 1));
            }
        }

        private void commit() {
            int pid = place.programs.containsKey(to.id) ? place.programs.get(to.id).proc().host.pid() : EndpointNumbers.NO_PID;
            // Before: calls that waited for this may end while the commit still runs.
            place.home = to;
            if (!attempt(to, node -> node.kernel.migrateCommit(pid, DC, place.endpoint, to.id))) {
                place.home = from;
                rollback();
                return;
            }
            place.moves++;
            List<SimulationNode> others = new ArrayList<>(world.nodes);
            others.remove(to);
            Collections.shuffle(others, world.random);
            each(others, this::end, node -> {
                place.moves++;
                node.kernel.migrateCommit(EndpointNumbers.NO_PID, DC, place.endpoint, to.id);
            });
        }

        private void rollback() {
            each(this::end, node -> node.kernel.migrateRollback(DC, place.endpoint));
        }

        private void end() {
            place.moves++;
            for (SimulationNode node : world.nodes) {
                Proc proc = node.at(place.number);
                if (proc != null && proc.isMigrating()) {
                    // Could not follow, so it knows nothing of the new node.
                    attempt(node, at -> at.kernel.migrateRollback(DC, place.endpoint));
                    forgets(node, place.endpoint);
                    if (!proc.isStub()) {
                        // What waited for the program there did not go with it.
                        world.ledger.leftBehind(place.endpoint);
                    }
                    leave(proc.isStub() ? null : place.programs.get(node.id));
                }
            }
            place.moving = false;
        }
    }
}
