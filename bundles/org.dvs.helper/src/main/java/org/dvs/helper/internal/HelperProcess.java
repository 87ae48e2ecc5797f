package org.dvs.helper.internal;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

import org.dvs.procfs.ProcessTable;
import org.dvs.procfs.UserNames;

/** The process around {@link Work}: serves until its node has ended, then ends what it kept for DCs. */
public final class HelperProcess {
    private static final Path ROOT = Path.of("/");
    private static final long LOOK_MS = 250;

    private HelperProcess() {
    }

    /**
     * @param given options as {@link org.dvs.helper.tool.Main} takes them
     * @throws IllegalArgumentException for an option that is missing or not a number
     * @throws IOException              if the socket cannot be made
     */
    public static void run(Map<String, String> given) throws IOException {
        long nodePid = number(given, "--pid");
        NodeUser user = new NodeUser(number(given, "--uid"), number(given, "--gid"));
        ProcessTable processes = new ProcessTable(ROOT, new UserNames(ROOT));
        long began = processes.startTicks((int) nodePid);
        Set<Long> untouchable = new HashSet<>(List.of(nodePid, ProcessHandle.current().parent().map(ProcessHandle::pid)
                .orElse(1L)));
        Path socket = Path.of(text(given, "--socket"));
        try (Work work = new Work(ROOT, HelperComponent.subtree(text(given, "--node")), Path.of(text(given, "--state")), user,
                untouchable); Server server = new Server(socket, Set.of(text(given, "--user")), work::work)) {
            Thread watch = new Thread(() -> {
                awaitEnd(processes, (int) nodePid, began);
                server.close();
            }, "dvs-helper-node-1");
            watch.setDaemon(true);
            watch.start();
            server.run();
        }
    }

    /** The JDK tells of the end of a process that is not its child after up to five seconds. */
    private static void awaitEnd(ProcessTable processes, int pid, long began) {
        Semaphore never = new Semaphore(0);
        try {
            while (began >= 0 && processes.startTicks(pid) == began) {
                never.tryAcquire(LOOK_MS, TimeUnit.MILLISECONDS);
            }
        } catch (InterruptedException e) {
            // Nobody does; if somebody did, it would be to end this process.
            return;
        }
    }

    private static String text(Map<String, String> given, String option) {
        String value = given.get(option);
        if (value == null || value.isEmpty()) {
            throw new IllegalArgumentException(option + " is missing");
        }
        return value;
    }

    private static long number(Map<String, String> given, String option) {
        try {
            return Long.parseLong(text(given, option));
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(option + " takes a number", e);
        }
    }
}
