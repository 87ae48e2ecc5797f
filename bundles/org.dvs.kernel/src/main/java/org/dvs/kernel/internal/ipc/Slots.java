package org.dvs.kernel.internal.ipc;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.dvs.kernel.api.DcSettings;
import org.dvs.kernel.api.EndpointNumbers;
import org.dvs.kernel.api.ProcessFlags;

/**
 * Who is bound in a DC on this node: its slots, the generation of each, and who waits for one to be bound. Under the lock of the
 * DC.
 */
final class Slots {
    private final Container dc;
    private final DcSettings settings;
    private final EndpointNumbers numbers;
    private final Proc[] slots;
    private final int[] generations;
    private final BitSet systemSlots = new BitSet();
    private final Map<Integer, List<Proc>> bindWaiters = new HashMap<>();
    /** Of those that ended. */
    private IpcCounts ended;
    private int bound;

    Slots(Container dc) {
        this.dc = dc;
        settings = dc.settings;
        numbers = dc.numbers;
        slots = new Proc[settings.nrTasks() + settings.nrProcs()];
        generations = settings.generations() ? new int[slots.length] : null;
        systemSlots.set(0, settings.nrSysprocs());
        ended = new IpcCounts(settings.dcid(), 0, 0, 0, 0, 0);
    }

    boolean isSystem(int processNumber) {
        return processNumber < settings.firstUser();
    }

    /** Shared by all processes that may address everybody; not to be changed. */
    BitSet everySystem() {
        return systemSlots;
    }

    int index(int processNumber) {
        return processNumber + settings.nrTasks();
    }

    /** Whether an endpoint's process number is a slot of this DC. */
    boolean inRange(int endpoint) {
        return numbers.isSlot(numbers.processNumber(endpoint));
    }

    /** Whether a process can have the slot of this endpoint: that of the hardware, which only sends, is nobody's. */
    boolean canBeBound(int endpoint) {
        return inRange(endpoint) && numbers.processNumber(endpoint) != EndpointNumbers.HARDWARE;
    }

    /** @return who is bound at the slot of this endpoint, in whatever generation; null if nobody is, or there is no such slot */
    Proc of(int endpoint) {
        int index = numbers.processNumber(endpoint) + settings.nrTasks();
        return index < 0 || index >= slots.length ? null : slots[index];
    }

    Proc at(int processNumber) {
        return slots[index(processNumber)];
    }

    /** The endpoint that a bind of this slot gives. */
    int nextEndpoint(int processNumber) {
        return generations == null ? processNumber : numbers.endpoint(generations[index(processNumber)], processNumber);
    }

    void put(Proc proc) {
        slots[index(proc.nr)] = proc;
        bound++;
        List<Proc> waiters = bindWaiters.remove(proc.nr);
        if (waiters != null) {
            waiters.forEach(dc::again);
        }
    }

    void free(Proc proc) {
        int index = index(proc.nr);
        slots[index] = null;
        ended = ended.plus(proc);
        bound--;
        if (generations != null) {
            // Of a stub too: when this node gets the slot next, the process of the other one had this endpoint.
            generations[index] = (numbers.generation(proc.endpoint) + 1) % numbers.generations();
        }
    }

    /** Whether an endpoint is of a generation yet to come: of a free slot, or behind that of who is bound. They begin again at 0. */
    boolean isLater(int endpoint) {
        if (generations == null || !numbers.isEndpoint(endpoint)) {
            return false;
        }
        int next = generations[index(numbers.processNumber(endpoint))];
        return Math.floorMod(numbers.generation(endpoint) - next, numbers.generations()) < numbers.generations() / 2;
    }

    /** Takes over the generation that the other nodes have bound. */
    void generation(int processNumber, int generation) {
        if (generations != null) {
            generations[index(processNumber)] = generation;
        }
    }

    void awaitBind(Proc caller, int processNumber) {
        caller.rts |= ProcessFlags.WAITBIND;
        bindWaiters.computeIfAbsent(processNumber, number -> new ArrayList<>(2)).add(caller);
    }

    /** The caller does not wait any more for whom it named as its peer. */
    void withdraw(Proc caller) {
        List<Proc> waiters = bindWaiters.get(numbers.processNumber(caller.peer));
        if (waiters != null) {
            waiters.remove(caller);
        }
    }

    /** What stands for the process on another node of a replica or a backup that is bound here itself. */
    Proc shadow(Proc bound, int node) {
        if (bound.shadows == null) {
            bound.shadows = new HashMap<>();
        }
        Proc shadow = bound.shadows.computeIfAbsent(node, at -> {
            Proc made = new Proc(dc, bound.nr, bound.endpoint, bound.name, at);
            made.rts = ProcessFlags.REMOTE;
            return made;
        });
        shadow.privilegesOf(bound);
        return shadow;
    }

    /**
     * What stands for a process of another node: its stub, or what stands beside the stand-by process that is bound here; else
     * itself.
     */
    Proc remoteSide(Proc proc) {
        return proc.isRemote() && !proc.isStub() ? shadow(proc, proc.node) : proc;
    }

    /** Everybody bound, by process number. */
    List<Proc> all() {
        List<Proc> all = new ArrayList<>(bound);
        for (Proc proc : slots) {
            if (proc != null) {
                all.add(proc);
            }
        }
        return all;
    }

    IpcCounts counts() {
        IpcCounts counts = new IpcCounts(ended.dcid(), bound, ended.lclSent(), ended.rmtSent(), ended.lclCopy(), ended.rmtCopy());
        for (Proc proc : all()) {
            counts = counts.plus(proc);
        }
        return counts;
    }

    /** As {@link #all}, and what stands for the other copies of those that are bound here too. */
    List<Proc> allSides() {
        List<Proc> sides = all();
        for (Proc proc : all()) {
            if (proc.shadows != null) {
                sides.addAll(proc.shadows.values());
            }
        }
        return sides;
    }

    int bound() {
        return bound;
    }
}
