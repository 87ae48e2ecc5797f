package org.dvs.cli.internal.shell;

import java.io.PrintStream;
import java.util.Optional;

import org.dvs.cli.api.Output;

/** Lines to the streams of a shell command. A remote shell sends a packet for each write, so lines go in bundles. */
final class ShellOutput implements Output {
    private static final int BUNDLE = 8 * 1024;

    private final PrintStream out;
    private final PrintStream err;
    private final PrintStream errorsEnd;
    private final PrintStream console;
    private final StringBuilder waiting = new StringBuilder();
    private String question;

    /**
     * @param out       of the running command
     * @param err       of the running command; the same as {@code out} where both reach the same place
     * @param errorsEnd where {@code err} leads to in the end, to be flushed
     * @param console   of the session, which knows first when the client goes; null if it has none
     */
    ShellOutput(PrintStream out, PrintStream err, PrintStream errorsEnd, PrintStream console) {
        this.out = out;
        this.err = err;
        this.errorsEnd = errorsEnd;
        this.console = console;
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
        err.print(line + '\n');
        err.flush();
        errorsEnd.flush();
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
        return out.checkError() || console != null && console.checkError();
    }
}
