package org.dvs.helper.program;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.procfs.ProcessTable;
import org.dvs.procfs.UserNames;

/**
 * Runs one program at a time on the caller's thread: no shell, a fixed environment, a session of its own.
 *
 * <p>Both pipes are read by the thread that waits for the end: it wakes when the program ends and every few milliseconds
 * before, so a command costs no thread of ours and notices an interrupt at once. What the program leaves running behind
 * itself keeps running without its output.
 *
 * <p>Source: conventions 12, host commands; dvsd reference 9, COMMAND.
 */
public final class CommandRunner {
    private static final Map<String, String> ENVIRONMENT =
            Map.of("PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "LANG", "C.UTF-8", "HOME", "/");
    private static final long SHORTEST_WAIT_MS = 1;
    private static final long LONGEST_WAIT_MS = 32;
    private static final long MS = 1_000_000;
    /** How the JDK tells that a signal ended a process: this plus its number. A shell does likewise. */
    private static final int SIGNALLED = 128;
    private static final int LAST_SIGNAL = 64;
    private static final int KILL_ROUNDS = 50;

    /** What is done with a process that has started and still waits for its input. */
    @FunctionalInterface
    public interface Started {
        void process(long pid) throws DvsException, InterruptedException;
    }

    private final String setsid;
    private final Path root;
    private final long killDelayMs;

    /** @param root where {@code proc} is found */
    public CommandRunner(String setsid, Path root, long killDelayMs) {
        this.setsid = setsid;
        this.root = root;
        this.killDelayMs = killDelayMs;
    }

    /**
     * @param command   absolute path of a program, then its arguments
     * @param stdin     null for none
     * @param timeoutMs after it the program is asked to end, and a little later forced to
     * @param maxOutput bytes kept of each stream
     * @throws DvsException         {@code NOENT}, {@code ACCES}, {@code TOOBIG} or {@code IO} if it cannot be started
     * @throws InterruptedException after the program has been ended
     */
    public CommandResult run(List<String> command, String stdin, long timeoutMs, int maxOutput) throws DvsException,
            InterruptedException {
        return run(command, stdin, timeoutMs, maxOutput, pid -> { });
    }

    /** As the other, and tells of the process before it is fed: who reads its first line waits until then. */
    public CommandResult run(List<String> command, String stdin, long timeoutMs, int maxOutput, Started started)
            throws DvsException, InterruptedException {
        long start = System.nanoTime();
        Process process = start(command, stdin);
        byte[] chunk = new byte[8 * 1024];
        OutputBuffer out = new OutputBuffer(maxOutput, chunk);
        OutputBuffer err = new OutputBuffer(maxOutput, chunk);
        boolean overdue = false;
        try {
            started.process(process.pid());
            feed(process, stdin);
            if (!await(process, out, err, start + timeoutMs * MS)) {
                overdue = true;
                end(process, out, err);
            }
            out.drain(process.getInputStream());
            err.drain(process.getErrorStream());
        } catch (IOException e) {
            throw new DvsException(ErrorCode.IO, "reading the output of " + command.get(0) + " failed: " + e.getClass()
                    .getSimpleName(), e);
        } catch (InterruptedException | DvsException e) {
            endNow(process);
            throw e;
        } finally {
            close(process);
        }
        int status = process.isAlive() ? SIGNALLED + 9 : process.exitValue();
        int signal = status > SIGNALLED && status <= SIGNALLED + LAST_SIGNAL ? status - SIGNALLED : 0;
        String outText = out.text();
        String errText = err.text();
        return new CommandResult(signal > 0 ? -1 : status, signal, (System.nanoTime() - start) / MS, outText, errText,
                out.truncated(), err.truncated(), overdue);
    }

    private Process start(List<String> command, String stdin) throws DvsException {
        List<String> words = new ArrayList<>();
        words.add(setsid);
        words.addAll(command);
        ProcessBuilder builder = new ProcessBuilder(words).directory(new File("/"));
        builder.environment().clear();
        builder.environment().putAll(ENVIRONMENT);
        if (stdin == null) {
            builder.redirectInput(Redirect.from(new File("/dev/null")));
        }
        try {
            return builder.start();
        } catch (IOException e) {
            String text = String.valueOf(e.getMessage());
            ErrorCode code = text.contains("error=7,") ? ErrorCode.TOOBIG : text.contains("error=2,") ? ErrorCode.NOENT
                    : text.contains("error=13,") ? ErrorCode.ACCES : text.contains("error=11,") ? ErrorCode.AGAIN : ErrorCode.IO;
            throw new DvsException(code, setsid + " with " + command.get(0) + " cannot be started", e);
        }
    }

    /** At most {@link org.dvs.api.request.Parameter#MAX_TEXT} characters: less than a pipe holds, so this does not wait. */
    private static void feed(Process process, String stdin) {
        if (stdin != null) {
            try (OutputStream in = process.getOutputStream()) {
                in.write(stdin.getBytes(StandardCharsets.UTF_8));
            } catch (IOException e) {
                // The program did not want all of it; that is its right.
                return;
            }
        }
    }

    /** @return false if the program still runs at the deadline */
    private static boolean await(Process process, OutputBuffer out, OutputBuffer err, long deadline)
            throws IOException, InterruptedException {
        long wait = SHORTEST_WAIT_MS;
        while (true) {
            long left = deadline - System.nanoTime();
            if (process.waitFor(Math.min(wait * MS, Math.max(0, left)), TimeUnit.NANOSECONDS)) {
                return true;
            }
            boolean any = out.drain(process.getInputStream()) | err.drain(process.getErrorStream());
            if (left <= 0) {
                return false;
            }
            wait = any ? SHORTEST_WAIT_MS : Math.min(wait * 2, LONGEST_WAIT_MS);
        }
    }

    /** TERM for the whole session, and KILL a little later. */
    private void end(Process process, OutputBuffer out, OutputBuffer err) throws IOException, InterruptedException {
        signal(process, false);
        await(process, out, err, System.nanoTime() + killDelayMs * MS);
        kill(process);
    }

    /** As {@link #end}, where nobody waits for output; an interrupt that has come does not keep it from its work. */
    private void endNow(Process process) {
        signal(process, false);
        try {
            process.waitFor(killDelayMs, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            // Asked twice: no more patience with the program. The caller is told of the first interrupt anyway.
            Thread.interrupted();
        }
        kill(process);
        Thread.interrupted();
    }

    /** Until nothing of the session is left: a program may fork while the table is read. */
    private void kill(Process process) {
        for (int round = 0; round < KILL_ROUNDS && signal(process, true) > 0; round++) {
            try {
                process.waitFor(SHORTEST_WAIT_MS, TimeUnit.MILLISECONDS);
            } catch (InterruptedException e) {
                Thread.interrupted();
            }
        }
    }

    /** @return how many processes were there to be signalled */
    private int signal(Process process, boolean force) {
        int[] count = {0};
        // The program itself first: until setsid has run, it is in our session still.
        if (process.isAlive()) {
            count[0]++;
            end(process.toHandle(), force);
        }
        ProcessTable table = new ProcessTable(root, new UserNames(root));
        table.eachOfSession((int) process.pid(), pid -> {
            if (pid != process.pid()) {
                ProcessHandle.of(pid).ifPresent(handle -> {
                    count[0]++;
                    end(handle, force);
                });
            }
        });
        return count[0];
    }

    private static void end(ProcessHandle handle, boolean force) {
        if (force) {
            handle.destroyForcibly();
        } else {
            handle.destroy();
        }
    }

    private static void close(Process process) {
        for (AutoCloseable stream : List.of(process.getInputStream(), process.getErrorStream(), process.getOutputStream())) {
            try {
                stream.close();
            } catch (Exception e) {
                // Nothing is left to be lost.
                continue;
            }
        }
    }
}
