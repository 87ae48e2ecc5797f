package org.dvs.helper.internal;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;

import org.dvs.api.DvsException;
import org.dvs.helper.internal.PodmanFiles.State;
import org.dvs.helper.program.CommandResult;
import org.dvs.procfs.ProcessTable;
import org.dvs.procfs.UserNames;

/**
 * What Podman said, for as long as it would say the same: it has no server, and its program takes longer than all else of a
 * request. That holds while its files are as they were before it was asked and each process that it named is still that one.
 * Thread-safe.
 */
final class PodmanAnswers {
    /** A change in the same tick of the clock as the one before does not show. */
    private static final long SETTLED_MS = 1_000;
    private static final int MOST = 8;
    /** Of a line that tells of a container. */
    private static final int PROCESS = 4;

    /** Runs the program. */
    @FunctionalInterface
    interface Question {
        CommandResult ask() throws DvsException, InterruptedException;
    }

    /** @param starts tick of the start of each process that was named */
    private record Kept(String stamp, CommandResult answer, Map<Integer, Long> starts) {
    }

    private final Path root;
    private final LongSupplier clock;
    private final PodmanFiles files;
    private final Map<List<String>, Kept> kept = new LinkedHashMap<>(MOST, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<List<String>, Kept> eldest) {
            return size() > MOST;
        }
    };

    /**
     * @param root  the machine's root folder, {@code /} except in tests
     * @param clock milliseconds, as files have them
     */
    PodmanAnswers(Path root, LongSupplier clock) {
        this.root = root;
        this.clock = clock;
        this.files = new PodmanFiles(root);
    }

    /** @param words what it is asked, which only reads */
    CommandResult to(List<String> words, Question question) throws DvsException, InterruptedException {
        Optional<State> before;
        Kept known;
        long asked = clock.getAsLong();
        synchronized (kept) {
            before = files.state();
            known = kept.get(words);
        }
        if (before.isPresent() && known != null && known.stamp().equals(before.get().stamp()) && known.starts().equals(starts(
                known.starts().keySet()))) {
            return known.answer();
        }
        CommandResult answer = question.ask();
        boolean settled = before.isPresent() && asked - before.get().changed() > SETTLED_MS;
        if (settled && answer.exitCode() == 0 && !answer.outTruncated()) {
            Map<Integer, Long> starts = starts(processes(answer.out()));
            if (!starts.containsValue(-1L)) {
                synchronized (kept) {
                    kept.put(words, new Kept(before.get().stamp(), answer, starts));
                }
            }
        }
        return answer;
    }

    private static List<Integer> processes(String lines) {
        return lines.lines().map(line -> line.split("\t", -1)).filter(fields -> fields.length > PROCESS)
                .map(fields -> fields[PROCESS]).filter(pid -> pid.matches("[1-9]\\d{0,8}")).map(Integer::valueOf).toList();
    }

    private Map<Integer, Long> starts(Iterable<Integer> pids) {
        ProcessTable processes = new ProcessTable(root, new UserNames(root));
        Map<Integer, Long> starts = new HashMap<>();
        pids.forEach(pid -> starts.put(pid, processes.startTicks(pid)));
        return starts;
    }
}
