package org.dvs.rest.internal;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;

import org.dvs.cli.api.Output;

/**
 * Lines of a command on their way to the script {@code dvs}. The first character of each says what it is:
 *
 * <pre>
 * o text     a line for standard output        f          what came so far may be shown
 * e text     a line for standard error         ? question  confirmation is needed
 * h          nothing; sent while the command is silent, because only writing shows that the client has gone
 * x code     the last line: the exit code
 * </pre>
 *
 * One thread runs the command and writes to the {@link Output} side, another {@link #pump}s to the client. In between is a
 * bounded queue: a client that reads slowly slows the command down.
 */
final class FrameStream implements Output {
    private static final int QUEUE = 512;
    private static final long LOOK_UP_MS = 200;

    private final long heartbeatMs;
    private final BlockingQueue<String> frames = new ArrayBlockingQueue<>(QUEUE);
    private volatile boolean closed;

    /** @param heartbeatMs silence after which a heart-beat is sent */
    FrameStream(long heartbeatMs) {
        this.heartbeatMs = heartbeatMs;
    }

    @Override
    public void out(String line) {
        put('o', line);
    }

    @Override
    public void err(String line) {
        put('e', line);
    }

    @Override
    public void ask(String question) {
        put('?', question);
    }

    @Override
    public void flush() {
        put("f");
    }

    @Override
    public boolean closed() {
        return closed;
    }

    /** Ends the stream. */
    void exit(int code) {
        put("x" + code);
    }

    /** A line's end inside would forge a frame; each part becomes a line of its own. */
    private void put(char kind, String text) {
        if (text.indexOf('\n') < 0 && text.indexOf('\r') < 0) {
            put(kind + text);
        } else {
            text.lines().forEach(line -> put(kind + line));
        }
    }

    private void put(String frame) {
        boolean interrupted = false;
        try {
            while (!closed) {
                try {
                    if (frames.offer(frame, LOOK_UP_MS, TimeUnit.MILLISECONDS)) {
                        return;
                    }
                } catch (InterruptedException e) {
                    // The command has to hear of it, but its last words still count.
                    interrupted = true;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /**
     * Writes frames until the last one.
     *
     * @throws IOException          when the client has gone; the stream is {@link #closed} then
     * @throws InterruptedException when the server stops; likewise
     */
    void pump(OutputStream client) throws IOException, InterruptedException {
        try {
            while (true) {
                String frame = frames.poll(heartbeatMs, TimeUnit.MILLISECONDS);
                client.write(((frame == null ? "h" : frame) + '\n').getBytes(StandardCharsets.UTF_8));
                boolean last = frame != null && frame.startsWith("x");
                if (frame == null || last || frame.equals("f") && frames.isEmpty()) {
                    client.flush();
                }
                if (last) {
                    return;
                }
            }
        } finally {
            closed = true;
        }
    }
}
