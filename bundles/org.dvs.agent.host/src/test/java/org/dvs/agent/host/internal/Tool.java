package org.dvs.agent.host.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import org.junit.jupiter.api.Assumptions;

/** The system's own tools, to hold rows against. */
final class Tool {
    private Tool() {
    }

    /** What a tool of this machine prints; the test is skipped where it is not installed. */
    static List<String> lines(String... command) throws IOException, InterruptedException {
        boolean there = Stream.of("/usr/bin", "/usr/sbin", "/bin", "/sbin").anyMatch(folder -> Files.isExecutable(Path.of(folder,
                command[0])));
        Assumptions.assumeTrue(there, command[0] + " is not installed here");
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertTrue(process.waitFor(30, TimeUnit.SECONDS));
        assertEquals(0, process.exitValue(), text);
        return text.lines().toList();
    }
}
