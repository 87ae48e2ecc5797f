package org.dvs.benchmark;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The script {@code dvs} with a cluster of its own. */
final class Script {
    private static final long DEADLINE_S = 400;

    private final Path program;
    private final Map<String, String> environment = new HashMap<>();

    Script(Path program, Path home) {
        this.program = program;
        int base = 16_000 + (int) (ProcessHandle.current().pid() % 100) * 60;
        environment.put("DVS_HOME", home.toAbsolutePath().toString());
        environment.put("DVS_PORT_CLUSTER", Integer.toString(base));
        environment.put("DVS_PORT_HTTPS", Integer.toString(base + 20));
        environment.put("DVS_PORT_SSH", Integer.toString(base + 40));
    }

    /** @return what it printed, also if it failed on a node */
    String text(String... words) throws IOException, InterruptedException {
        File out = File.createTempFile("dvs", ".out");
        try {
            Process process = builder(words).redirectOutput(out).start();
            if (!process.waitFor(DEADLINE_S, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
            return Files.readString(out.toPath());
        } finally {
            Files.deleteIfExists(out.toPath());
        }
    }

    private ProcessBuilder builder(String... words) {
        List<String> command = new ArrayList<>(List.of(program.toString()));
        command.addAll(List.of(words));
        ProcessBuilder builder = new ProcessBuilder(command).redirectInput(new File("/dev/null"))
                .redirectOutput(ProcessBuilder.Redirect.DISCARD).redirectError(ProcessBuilder.Redirect.DISCARD);
        builder.environment().putAll(environment);
        return builder;
    }

    /** @return nanoseconds it took */
    long run(String... words) throws IOException, InterruptedException {
        ProcessBuilder builder = builder(words);
        long start = System.nanoTime();
        Process process = builder.start();
        if (!process.waitFor(DEADLINE_S, TimeUnit.SECONDS)) {
            process.destroyForcibly();
        }
        long elapsed = System.nanoTime() - start;
        if (process.waitFor() != 0) {
            throw new IOException("dvs " + String.join(" ", words) + " ended with " + process.exitValue());
        }
        return elapsed;
    }
}
