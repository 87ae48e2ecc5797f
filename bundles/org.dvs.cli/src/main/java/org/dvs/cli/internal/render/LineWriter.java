package org.dvs.cli.internal.render;

import java.io.Writer;
import java.util.function.Consumer;

/** Cuts a stream of characters into lines. Holds one line at a time. */
final class LineWriter extends Writer {
    private final Consumer<String> lines;
    private final StringBuilder line = new StringBuilder();

    LineWriter(Consumer<String> lines) {
        this.lines = lines;
    }

    @Override
    public void write(char[] chars, int offset, int length) {
        int start = offset;
        for (int i = offset; i < offset + length; i++) {
            if (chars[i] == '\n') {
                line.append(chars, start, i - start);
                end();
                start = i + 1;
            }
        }
        line.append(chars, start, offset + length - start);
    }

    private void end() {
        lines.accept(line.toString());
        line.setLength(0);
    }

    /** Lines leave when they end. */
    @Override
    public void flush() {
    }

    @Override
    public void close() {
        if (!line.isEmpty()) {
            end();
        }
    }
}
