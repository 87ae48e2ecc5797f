package org.dvs.kernel.internal.ipc;

import java.util.ArrayDeque;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

import org.dvs.kernel.api.WaitingProgram;

/**
 * Programs outside the container that wait to be bound, by process id; of one process the first that came is bound first.
 * Thread-safe.
 */
final class Attachments {
    /** Named in an error. */
    private static final int SHOWN = 8;

    private final SortedMap<Integer, ArrayDeque<OutsideProgram>> waiting = new TreeMap<>();

    synchronized void add(OutsideProgram program) {
        waiting.computeIfAbsent(program.pid(), pid -> new ArrayDeque<>(1)).add(program);
    }

    synchronized void remove(OutsideProgram program) {
        ArrayDeque<OutsideProgram> ofProcess = waiting.get(program.pid());
        if (ofProcess != null && ofProcess.remove(program) && ofProcess.isEmpty()) {
            waiting.remove(program.pid());
        }
    }

    /** @return null if no program of that process waits; else it waits no more */
    synchronized OutsideProgram take(int pid) {
        ArrayDeque<OutsideProgram> ofProcess = waiting.get(pid);
        OutsideProgram first = ofProcess == null ? null : ofProcess.peek();
        if (first != null) {
            remove(first);
        }
        return first;
    }

    /** By process id, of one process in the order in which they are bound. */
    synchronized List<WaitingProgram> all() {
        return waiting.values().stream().flatMap(ArrayDeque::stream)
                .map(program -> new WaitingProgram(program.pid(), program.givenName())).toList();
    }

    /** {@code those that wait: name of process 12, ...}. */
    @Override
    public String toString() {
        List<WaitingProgram> all = all();
        return all.isEmpty() ? "none does" : "those that wait: " + all.stream().limit(SHOWN)
                .map(each -> each.name() + " of process " + each.pid()).collect(Collectors.joining(", "))
                + (all.size() > SHOWN ? " and " + (all.size() - SHOWN) + " more" : "");
    }
}
