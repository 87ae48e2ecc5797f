package org.dvs.testkit;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * What is logged while something runs. In the build slf4j-simple writes into a file, so that what tests provoke does not stand
 * in the build's output; elsewhere it writes to the standard error, which is kept back meanwhile.
 */
public final class Logged {
    private static final String FILE = "org.slf4j.simpleLogger.logFile";

    private Logged() {
    }

    /** What a test does. */
    @FunctionalInterface
    public interface Task {
        void run() throws Exception;
    }

    /** @return what all threads have logged by the end of the task, with stack traces */
    public static String during(Task task) throws Exception {
        String file = System.getProperty(FILE);
        return file == null ? onStandardError(task) : in(Path.of(file), task);
    }

    private static String in(Path file, Task task) throws Exception {
        int before = bytes(file).length;
        task.run();
        byte[] all = bytes(file);
        return new String(Arrays.copyOfRange(all, before, all.length), StandardCharsets.UTF_8);
    }

    private static byte[] bytes(Path file) throws IOException {
        return Files.exists(file) ? Files.readAllBytes(file) : new byte[0];
    }

    private static String onStandardError(Task task) throws Exception {
        PrintStream before = System.err;
        ByteArrayOutputStream kept = new ByteArrayOutputStream();
        System.setErr(new PrintStream(kept, true, StandardCharsets.UTF_8));
        try {
            task.run();
        } finally {
            System.setErr(before);
        }
        return kept.toString(StandardCharsets.UTF_8);
    }
}
