package org.dvs.benchmark;

import java.io.BufferedReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** One process of a measurement. A server prints {@code ready} and where it is; a client prints what its {@link Meter} does. */
final class PeerProcess implements AutoCloseable {
    /** Of a process that is nobody's but the benchmark's. */
    static final List<String> PLAIN = List.of("-Xmx128m", "-XX:+UseSerialGC");

    private static final long END_S = 10;

    private final String role;
    private final Process process;

    private PeerProcess(String role, Process process) {
        this.role = role;
        this.process = process;
    }

    /** @param flags of its JVM */
    static PeerProcess start(Class<?> main, List<String> flags, String role, Object... arguments) throws IOException {
        return start(List.of(), main, flags, role, arguments);
    }

    /** @param within words that run what follows them somewhere, such as in a network namespace */
    static PeerProcess start(List<String> within, Class<?> main, List<String> flags, String role, Object... arguments)
            throws IOException {
        List<String> words = new ArrayList<>(within);
        words.add(ProcessHandle.current().info().command().orElseThrow());
        words.addAll(flags);
        words.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
        return program(words, role, arguments);
    }

    /** @param words that start it */
    static PeerProcess program(List<String> words, String role, Object... arguments) throws IOException {
        List<String> command = new ArrayList<>(words);
        command.add(role);
        for (Object argument : arguments) {
            command.add(argument.toString());
        }
        return new PeerProcess(role, new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start());
    }

    /** Waits until it is. @return what it says where it is */
    String ready() throws IOException {
        String line = process.inputReader().readLine();
        if (line == null || !line.startsWith("ready ")) {
            close();
            throw new IOException(role + " said " + line);
        }
        return line.substring("ready ".length());
    }

    /** Waits for its end. @param column of the numbers in its lines that counts, divided by the unit */
    void rounds(Figures figures, int column, double unit) throws IOException, InterruptedException {
        rounds(figures, figures, column, unit);
    }

    /** The same; its first round, while its JVM still compiles, apart. */
    void rounds(Figures first, Figures later, int column, double unit) throws IOException, InterruptedException {
        BufferedReader lines = process.inputReader();
        Figures figures = first;
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            figures.add(Long.parseLong(line.split(" ")[column]) / unit);
            figures = later;
        }
        if (process.waitFor() != 0) {
            throw new IOException(role + " ended with " + process.exitValue());
        }
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(END_S, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
