package org.dvs.registry.internal;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;

/**
 * Runs scripts: directly, without a shell, with an environment that holds nothing but a path and what is given, standard input
 * closed, and an end at the deadline for all that it started. What a script leaves running in its process group when it ends is
 * ended too. Used by one thread.
 */
final class ScriptRunner {
    private static final Map<String, String> BASE = Map.of("PATH",
            "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "LANG",
            "C.UTF-8");
    private static final long GRACE_MS = 1_000;
    private static final long DRAIN_MS = 1_000;

    private final Path folder;
    private final int maxOutput;
    private final LongSupplier nanoTime;

    /**
     * @param folder    in which relative names are looked up, and the working directory
     * @param maxOutput bytes of output kept; the rest is read and dropped
     * @param nanoTime  monotonic clock
     */
    ScriptRunner(Path folder, int maxOutput, LongSupplier nanoTime) {
        this.folder = folder.toAbsolutePath().normalize();
        this.maxOutput = maxOutput;
        this.nanoTime = nanoTime;
    }

    /** @throws DvsException {@code BADSETTING} for a relative name that leaves the folder */
    Path resolve(String script) throws DvsException {
        Path path = Path.of(script);
        Path resolved = folder.resolve(path).normalize();
        if (!path.isAbsolute() && !resolved.startsWith(folder)) {
            throw new DvsException(ErrorCode.BADSETTING, "script '" + script + "' is not below " + folder);
        }
        return resolved;
    }

    ScriptResult run(Path script, Map<String, String> environment, Duration timeout) {
        if (!Files.exists(script)) {
            return ScriptResult.without(ScriptResult.End.MISSING);
        }
        long start = nanoTime.getAsLong();
        ProcessBuilder builder = new ProcessBuilder(new ArrayList<>(List.of(script.toString()))).redirectErrorStream(true)
                .redirectInput(Path.of("/dev/null").toFile());
        if (Files.isDirectory(folder)) {
            builder.directory(folder.toFile());
        }
        builder.environment().clear();
        builder.environment().putAll(new TreeMap<>(BASE));
        builder.environment().putAll(environment);
        if (!Files.isExecutable(script)) {
            return new ScriptResult(ScriptResult.End.FAILED, -1, "it is not executable", false, 0);
        }
        ProcessGroup group;
        try {
            group = ProcessGroup.start(builder);
        } catch (IOException e) {
            return new ScriptResult(ScriptResult.End.FAILED, -1, String.valueOf(e.getMessage()), false, elapsed(start));
        }
        Output output = new Output(group.leader().getInputStream(), maxOutput);
        output.start();
        ScriptResult.End end = await(group, timeout);
        output.finish();
        int exitCode = end == ScriptResult.End.OK || end == ScriptResult.End.FAILED ? group.leader().exitValue() : -1;
        return new ScriptResult(end, exitCode, output.text(), output.cut(), elapsed(start));
    }

    private static ScriptResult.End await(ProcessGroup group, Duration timeout) {
        try {
            if (group.leader().waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
                group.sweep();
                return group.leader().exitValue() == 0 ? ScriptResult.End.OK : ScriptResult.End.FAILED;
            }
            group.end(GRACE_MS);
            return ScriptResult.End.TIMED_OUT;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            group.end(GRACE_MS);
            return ScriptResult.End.STOPPED;
        }
    }

    private long elapsed(long start) {
        return TimeUnit.NANOSECONDS.toMillis(nanoTime.getAsLong() - start);
    }

    /** Reads all output, so that the script never waits for a reader, and keeps the beginning. */
    private static final class Output extends Thread {
        private final InputStream in;
        private final int max;
        private final ByteArrayOutputStream kept = new ByteArrayOutputStream();
        private boolean cut;

        Output(InputStream in, int max) {
            super("dvs-registry-output-1");
            setDaemon(true);
            this.in = in;
            this.max = max;
        }

        @Override
        public void run() {
            byte[] buffer = new byte[4096];
            try (in) {
                for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                    keep(buffer, n);
                }
            } catch (IOException e) {
                // The script's end closes the pipe; what came until then is what there is.
                keep(buffer, 0);
            }
        }

        private synchronized void keep(byte[] buffer, int length) {
            int room = Math.min(length, max - kept.size());
            kept.write(buffer, 0, room);
            cut |= room < length;
        }

        /** A program that left the group may hold the pipe open: its output is not waited for. */
        void finish() {
            try {
                join(DRAIN_MS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        synchronized String text() {
            return kept.toString(StandardCharsets.UTF_8);
        }

        synchronized boolean cut() {
            return cut;
        }
    }
}
