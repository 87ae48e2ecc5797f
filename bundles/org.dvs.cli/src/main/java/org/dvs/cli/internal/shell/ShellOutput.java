package org.dvs.cli.internal.shell;

import java.io.PrintStream;
import java.util.Optional;

import org.dvs.cli.api.Output;

/** Lines to the streams of a shell command. A remote shell sends a packet for each write, so lines go in bundles. */
final class ShellOutput implements Output {
    private static final int BUNDLE = 8 * 1024;

    private final PrintStream out;
    private final PrintStream err;
    private final StringBuilder waiting = new StringBuilder();
    private String question;

    ShellOutput(PrintStream out, PrintStream err) {
        this.out = out;
        this.err = err;
    }

    @Override
    public void out(String line) {
        waiting.append(line).append('\n');
        if (waiting.length() >= BUNDLE) {
            send();
        }
    }

    @Override
    public void err(String line) {
        flush();
        err.println(line);
        err.flush();
    }

    @Override
    public void ask(String text) {
        question = text;
    }

    /** What was asked, if anything. */
    Optional<String> question() {
        return Optional.ofNullable(question);
    }

    @Override
    public void flush() {
        send();
        out.flush();
    }

    private void send() {
        if (!waiting.isEmpty()) {
            out.print(waiting);
            waiting.setLength(0);
        }
    }

    @Override
    public boolean closed() {
        return out.checkError();
    }
}
