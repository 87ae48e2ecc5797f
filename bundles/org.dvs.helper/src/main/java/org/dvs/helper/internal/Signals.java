package org.dvs.helper.internal;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.helper.api.HelperRequest.SendSignal;
import org.dvs.helper.program.CommandResult;
import org.dvs.helper.program.CommandRunner;
import org.dvs.procfs.ProcessTable;
import org.dvs.procfs.UserNames;

/** Sends signals; never to process 1, to this process or to another that carries the node. Any thread. */
final class Signals {
    private static final String KILL = "/usr/bin/kill";
    private static final long LIMIT_MS = 10_000;
    private static final int KEPT = 512;

    private final Path root;
    private final CommandRunner runner;
    private final Set<Long> untouchable;

    /** @param untouchable process ids that get no signal, besides 1 and this process */
    Signals(Path root, CommandRunner runner, Set<Long> untouchable) {
        this.root = root;
        this.runner = runner;
        this.untouchable = untouchable;
    }

    void check(int pid, long start) throws DvsException {
        if (pid == 1 || pid == ProcessHandle.current().pid() || untouchable.contains((long) pid)) {
            throw new DvsException(ErrorCode.PERM, "process " + pid + " is " + (pid == 1 ? "the machine's first"
                    : "part of this node"));
        }
        long now = new ProcessTable(root, new UserNames(root)).startTicks(pid);
        if (now < 0) {
            throw new DvsException(ErrorCode.SRCH, "process " + pid);
        }
        if (now != start) {
            throw new DvsException(ErrorCode.SRCH, "process " + pid + " ended; another has its id now");
        }
    }

    void send(SendSignal request) throws DvsException, InterruptedException {
        check(request.pid(), request.start());
        // The JDK can send two signals only. Ids are given out in order, so that none comes back in the moment until kill has
        // run.
        CommandResult result = runner.run(List.of(KILL, "-s", request.signal().name(), "--", Integer.toString(request.pid())),
                null,
                LIMIT_MS, KEPT);
        if (result.exitCode() != 0) {
            String why = result.err();
            ErrorCode code = why.contains("No such process") ? ErrorCode.SRCH : why.contains("not permitted") ? ErrorCode.PERM
                    : result.overdue() ? ErrorCode.TIMEDOUT : ErrorCode.IO;
            throw new DvsException(code, "signal " + request.signal() + " for process " + request.pid());
        }
    }
}
