package org.dvs.monitor.internal.log;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32;

/**
 * What one version of the bundle leaves to the next, in the bundle's own folder: the lines of its ring. Numbers are big-endian,
 * texts as {@link DataOutputStream#writeUTF} has them.
 * <pre>
 *   long magic and version | long checksum (CRC-32 of what follows) | int lines
 *   | lines: long number, long time, text level, text logger, text thread, text message, text trace
 * </pre>
 * Used by one thread.
 */
final class KeptLines {
    /** {@code DVSLOGR1}. */
    private static final long MAGIC = 0x4456534c4f475231L;

    private final Path file;

    KeptLines(Path file) {
        this.file = file;
    }

    void write(List<LogLine> lines) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream body = new DataOutputStream(bytes);
        body.writeInt(lines.size());
        for (LogLine line : lines) {
            body.writeLong(line.number());
            body.writeLong(line.time());
            for (String text : List.of(line.level(), line.logger(), line.thread(), line.message(), line.trace())) {
                body.writeUTF(text);
            }
        }
        byte[] content = bytes.toByteArray();
        Path made = file.resolveSibling(file.getFileName() + ".tmp");
        try (DataOutputStream out = new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(made)))) {
            out.writeLong(MAGIC);
            out.writeLong(checksum(content));
            out.write(content);
        }
        Files.move(made, file, StandardCopyOption.REPLACE_EXISTING);
    }

    /**
     * The file stays until the next {@link #write}, unless it is bad: SCR may make a component that it then drops without a word, as
     * one that was asked for just before it was stopped, and what that one had read would be lost.
     *
     * @return nothing if there is none
     * @throws IOException if it is not as it was written; then it is removed
     */
    List<LogLine> read() throws IOException {
        try (DataInputStream in = new DataInputStream(new BufferedInputStream(Files.newInputStream(file)))) {
            if (in.readLong() != MAGIC) {
                throw new IOException(file + " is no file of lines");
            }
            long checksum = in.readLong();
            byte[] body = in.readAllBytes();
            if (checksum(body) != checksum) {
                throw new IOException(file + " is not as it was written");
            }
            return lines(new DataInputStream(new ByteArrayInputStream(body)));
        } catch (NoSuchFileException e) {
            return List.of();
        } catch (IOException e) {
            Files.deleteIfExists(file);
            throw e;
        }
    }

    private static List<LogLine> lines(DataInputStream body) throws IOException {
        int count = body.readInt();
        List<LogLine> lines = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            lines.add(new LogLine(body.readLong(), body.readLong(), body.readUTF(), body.readUTF(), body.readUTF(),
                    body.readUTF(), body.readUTF()));
        }
        return lines;
    }

    private static long checksum(byte[] bytes) {
        CRC32 sum = new CRC32();
        sum.update(bytes);
        return sum.getValue();
    }
}
