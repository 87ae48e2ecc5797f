package org.dvs.kernel.internal.ipc;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;

/**
 * Programs outside the container that wait to be bound, by process id; of one process the first that came is bound first.
 * Thread-safe.
 */
final class Attachments {
    private final Map<Integer, ArrayDeque<OutsideProgram>> waiting = new HashMap<>();

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
}
