package org.dvs.apps.m3ftp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.TimeUnit;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.apps.AdvisedException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Names finish the sentence "what comes of a file …". */
@Timeout(60)
@Tag("R-PXY-14")
class PartTest {
    private static final long MIB = 1024 * 1024;

    private final DiskThread disk = new DiskThread();
    @TempDir
    private Path here;

    @AfterEach
    void end() {
        disk.close();
    }

    private static void fails(ErrorCode code, org.junit.jupiter.api.function.Executable call) {
        assertEquals(code, assertThrows(DvsException.class, call).code());
    }

    @ParameterizedTest
    @CsvSource({"1000, 100, 70, true", "1000, 100, 71, false", "1000, 29, 1, false", "1000, 0, 0, true",
            "1000000000000, 300000000, 31564544, true", "1000000000000, 300000000, 31564545, false"})
    void isNotBegunWhereTheDiskWouldBeFull(long total, long usable, long bytes, boolean room) throws Exception {
        if (room) {
            Room.check(total, usable, bytes, "f");
        } else {
            AdvisedException refused = assertThrows(AdvisedException.class, () -> Room.check(total, usable, bytes, "f"));
            assertEquals(ErrorCode.NOSPC, refused.code());
            assertTrue(refused.getMessage().startsWith("'f': " + bytes + " bytes are to come, and " + usable + " are free"),
                    refused.getMessage());
        }
    }

    @Test
    void isRefusedBeforeTheFirstByteWhereNoDiskHasRoom() throws Exception {
        Path file = here.resolve("f");
        fails(ErrorCode.NOSPC, () -> Part.open(file, Long.MAX_VALUE, false, disk));
        assertFalse(Files.exists(Part.of(file)), "nothing is left of what has not begun");
        try (Part part = Part.open(file, 1, false, disk)) {
            assertEquals(0, part.there());
        }
    }

    @Test
    void isNobodyElsesUntilItIsClosed() throws Exception {
        Path file = here.resolve("f");
        try (Part part = Part.open(file, 1, false, disk)) {
            fails(ErrorCode.BUSY, () -> Part.open(file, 1, false, disk));
            // The lock against other processes is still there after the one that was refused has gone.
            assertTrue(isLocked(Part.of(file)));
            part.write(0, ByteBuffer.wrap(new byte[1]));
            part.complete();
        }
        assertEquals(1, Files.size(file));
        try (Part again = Part.open(file, 1, true, disk)) {
            assertEquals(0, again.there());
        }
    }

    private static boolean isLocked(Path file) throws IOException {
        String inode = ":" + Files.getAttribute(file, "unix:ino") + " ";
        return Files.readAllLines(Path.of("/proc/locks")).stream()
                .anyMatch(line -> line.contains(inode) && line.contains(" " + ProcessHandle.current().pid() + " "));
    }

    @Test
    void isKeptUpToTheSizeThatTheFileHasNow() throws Exception {
        Path file = here.resolve("f");
        Files.write(Part.of(file), new byte[10]);
        try (Part part = Part.open(file, 4, true, disk)) {
            assertEquals(4, part.there());
        }
        try (Part part = Part.open(file, 4, false, disk)) {
            assertEquals(0, part.there());
        }
    }

    /** A small disk of its own that is full in the middle: what has come stays, and is gone on with when there is room again. */
    @Test
    void staysWhenTheDiskIsFullInTheMiddle() throws Exception {
        assumeTrue(run("mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", here.toString()), "no right to mount a disk of its own");
        try {
            Path file = here.resolve("f");
            fails(ErrorCode.NOSPC, () -> Part.open(file, 9 * MIB, false, disk));
            ByteBuffer block = ByteBuffer.allocate((int) MIB);
            Path other = here.resolve("other");
            try (Part part = Part.open(file, 6 * MIB, false, disk)) {
                part.write(0, block);
                fill(other);
                IOException full = assertThrows(IOException.class, () -> {
                    for (int i = 1; i < 6; i++) {
                        part.write(i * MIB, block);
                    }
                });
                fails(ErrorCode.NOSPC, () -> {
                    throw PlainFile.failure(full, "f");
                });
            }
            assertFalse(Files.exists(file));
            Files.delete(other);
            try (Part part = Part.open(file, 6 * MIB, true, disk)) {
                assertTrue(part.there() >= MIB, part.there() + " bytes are left");
                for (long at = part.there() / MIB; at < 6; at++) {
                    part.write(at * MIB, block);
                }
                part.complete();
            }
            assertEquals(6 * MIB, Files.size(file));
        } finally {
            assertTrue(run("umount", here.toString()));
        }
    }

    private static void fill(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            assertThrows(IOException.class, () -> {
                for (;;) {
                    channel.write(ByteBuffer.allocate(64 * 1024));
                }
            });
        }
    }

    private static boolean run(String... command) throws Exception {
        try {
            Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
            return process.waitFor(20, TimeUnit.SECONDS) && process.exitValue() == 0;
        } catch (IOException e) {
            return false;
        }
    }
}
