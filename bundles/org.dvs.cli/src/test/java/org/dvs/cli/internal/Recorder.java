package org.dvs.cli.internal;

import java.util.ArrayList;
import java.util.List;

import org.dvs.cli.api.Output;

/** An output that keeps what it gets, and goes away after so many calls of {@link #closed()} if told to. */
public final class Recorder implements Output {
    public final List<String> out = new ArrayList<>();
    public final List<String> err = new ArrayList<>();
    public final List<String> asked = new ArrayList<>();
    private final int openCalls;
    private int calls;

    public Recorder() {
        this(Integer.MAX_VALUE);
    }

    public Recorder(int openCalls) {
        this.openCalls = openCalls;
    }

    @Override
    public void out(String line) {
        check(line);
        out.add(line);
    }

    @Override
    public void err(String line) {
        check(line);
        err.add(line);
    }

    private static void check(String line) {
        if (line.indexOf('\n') >= 0) {
            throw new AssertionError("a line with a line end: " + line);
        }
    }

    @Override
    public void ask(String question) {
        asked.add(question);
    }

    @Override
    public void flush() {
    }

    @Override
    public boolean closed() {
        return ++calls > openCalls;
    }

    public String text() {
        return String.join("\n", out);
    }

    public String errors() {
        return String.join("\n", err);
    }
}
