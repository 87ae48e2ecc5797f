package org.dvs.helper.internal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.procfs.ProcessTable;
import org.dvs.procfs.UserNames;

/**
 * Which programs run for requests now, one file for each, named by its process id and holding the tick of its start: if this process is
 * killed, nobody keeps their deadlines any more, and the next one ends them. Thread-safe.
 */
final class Running {
    private static final int ROUNDS = 50;
    private static final long PAUSE_NANOS = 1_000_000;

    private final Path root;
    private final Path folder;

    /** @param folder where the files are; nobody but this process's user may write there */
    Running(Path root, Path folder) {
        this.root = root;
        this.folder = folder;
    }

    private ProcessTable processes() {
        return new ProcessTable(root, new UserNames(root));
    }

    void began(long pid) throws DvsException {
        try {
            Files.createDirectories(folder);
            Files.writeString(folder.resolve(Long.toString(pid)), Long.toString(processes().startTicks((int) pid)));
        } catch (IOException e) {
            throw new DvsException(ErrorCode.BADFILE, folder.toString(), e);
        }
    }

    void ended(long pid) {
        try {
            Files.deleteIfExists(folder.resolve(Long.toString(pid)));
        } catch (IOException e) {
            // Whoever has that id later began at another tick.
            return;
        }
    }

    /** Ends what a killed predecessor left running, with all of its session. */
    void endLeft() {
        String[] names = folder.toFile().list();
        for (String name : names == null ? new String[0] : names) {
            if (name.matches("\\d{1,9}")) {
                int pid = Integer.parseInt(name);
                if (Long.toString(processes().startTicks(pid)).equals(start(name))) {
                    kill(pid);
                }
                ended(pid);
            }
        }
    }

    private String start(String name) {
        try {
            return Files.readString(folder.resolve(name));
        } catch (IOException e) {
            return "";
        }
    }

    /** Until nothing of the session is left: a program may fork while the table is read. */
    private void kill(int session) {
        AtomicInteger left = new AtomicInteger(1);
        for (int round = 0; round < ROUNDS && left.get() > 0; round++) {
            left.set(0);
            processes().eachOfSession(session, pid -> ProcessHandle.of(pid).ifPresent(handle -> {
                left.incrementAndGet();
                handle.destroyForcibly();
            }));
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }
}
