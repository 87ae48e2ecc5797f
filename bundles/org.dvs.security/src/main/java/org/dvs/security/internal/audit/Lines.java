package org.dvs.security.internal.audit;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** Reads a file of the audit line by line, as bytes. Not thread-safe. */
final class Lines implements Closeable {
    private final InputStream in;
    private final ByteArrayOutputStream buffer = new ByteArrayOutputStream(1024);
    private long number;
    private boolean whole;

    Lines(Path file) throws IOException {
        in = new BufferedInputStream(Files.newInputStream(file), 1 << 16);
    }

    /** @return the next line without its end, cut if it is longer than a line may be; null at the end of the file */
    byte[] next() throws IOException {
        buffer.reset();
        int read = in.read();
        if (read < 0) {
            return null;
        }
        number++;
        whole = false;
        while (read >= 0) {
            if (read == '\n') {
                whole = true;
                break;
            }
            if (buffer.size() <= Line.MAX_BYTES) {
                buffer.write(read);
            }
            read = in.read();
        }
        return buffer.toByteArray();
    }

    /** Of the line last read, from 1. */
    long number() {
        return number;
    }

    /** @return false if the line last read has no end: it is the last one, and torn or being written */
    boolean whole() {
        return whole;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
