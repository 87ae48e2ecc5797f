package org.dvs.apps.m3ftp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Names finish the sentence "what comes of a file …". */
@Timeout(60)
@Tag("R-PXY-14")
class PartTest {
    private static final long MIB = 1024 * 1024;

    private final DiskThread disk = new DiskThread();
    private final RoomTest.Figures own = new RoomTest.Figures(this, 0, 0);
    @TempDir
    private Path here;

    @AfterEach
    void end() {
        disk.close();
    }

    private static void fails(ErrorCode code, org.junit.jupiter.api.function.Executable call) {
        assertEquals(code, assertThrows(DvsException.class, call).code());
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

    /** Another file on a disk that the test says to be its own. */
    private Room other(long toCome) throws Exception {
        return Room.take(own, "other", toCome);
    }

    @Test
    void takesTheRoomThatItStillNeeds() throws Exception {
        own.usable = 3;
        try (Part part = Part.open(here.resolve("f"), 3, false, disk, own)) {
            RoomTest.refused(() -> other(1));
            part.write(2, ByteBuffer.wrap(new byte[1]));
            RoomTest.refused(() -> other(1));
            part.write(0, ByteBuffer.wrap(new byte[1]));
            other(1).close();
            part.truncate(0);
            RoomTest.refused(() -> other(1));
        }
        other(3).close();
    }

    @Test
    void isNotBegunWhereAnotherOneWasPromisedTheRoom() throws Exception {
        Path file = here.resolve("f");
        own.usable = 3;
        try (Room all = other(3)) {
            RoomTest.refused(() -> Part.open(file, 1, false, disk, own));
            assertFalse(Files.exists(Part.of(file)));
        }
        Part.open(file, 1, false, disk, own).close();
    }

    private static void writeUntilForced(Part part) throws Exception {
        ByteBuffer block = ByteBuffer.allocate((int) MIB);
        for (long at = 0; at < Part.FORCE_BYTES; at += MIB) {
            part.write(at, block);
        }
    }

    @Test
    void endsWhenOthersHaveFilledTheDiskMeanwhile() throws Exception {
        own.usable = 2 * Part.FORCE_BYTES;
        try (Part part = Part.open(here.resolve("f"), 2 * Part.FORCE_BYTES, false, disk, own)) {
            own.usable = Part.FORCE_BYTES - 1;
            RoomTest.refused(() -> writeUntilForced(part));
        }
    }

    private static DiskThread broken() {
        return new DiskThread(file -> {
            throw new IOException("Input/output error");
        });
    }

    @Test
    void isNotKeptWhenTheDiskRefusesItAndTheTransferBreaksBeforeThatIsHeard() throws Exception {
        Path file = here.resolve("f");
        try (DiskThread sick = broken()) {
            try (Part part = Part.open(file, 2 * Part.FORCE_BYTES, false, sick)) {
                writeUntilForced(part);
            }
            assertEquals(0, Files.size(Part.of(file)));
            try (Part part = Part.open(file, 1, false, sick)) {
                part.write(0, ByteBuffer.wrap(new byte[1]));
                assertEquals("Input/output error", assertThrows(IOException.class, part::complete).getMessage());
                assertEquals(0, part.there());
            }
        }
        assertFalse(Files.exists(file));
    }

    /** Interrupted, so that nobody waits for the disk where the file is closed. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void isHeardOfWhereItWasForcedWhenTheDiskIsSlow(boolean takes) throws Exception {
        Path file = here.resolve("f");
        CountDownLatch slow = new CountDownLatch(1);
        try (DiskThread slowly = new DiskThread(forced -> await(slow, takes))) {
            Part part = Part.open(file, 2 * Part.FORCE_BYTES, false, slowly);
            writeUntilForced(part);
            Thread.currentThread().interrupt();
            part.close();
            assertTrue(Thread.interrupted());
            fails(ErrorCode.BUSY, () -> Part.open(file, 2 * Part.FORCE_BYTES, true, disk));
            slow.countDown();
            // Behind all that was asked of the disk.
            slowly.behind(() -> null).get(30, TimeUnit.SECONDS);
        }
        try (Part rest = Part.open(file, 2 * Part.FORCE_BYTES, true, disk)) {
            assertEquals(takes ? Part.FORCE_BYTES : 0, rest.there());
        }
    }

    private static void await(CountDownLatch slow, boolean takes) throws IOException {
        try {
            if (!slow.await(30, TimeUnit.SECONDS) || !takes) {
                throw new IOException("Input/output error");
            }
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    @Test
    void isDeletedWhenTheDiskRefusesItAndAnInterruptionHasClosedIt() throws Exception {
        Path file = here.resolve("f");
        CountDownLatch slow = new CountDownLatch(1);
        try (DiskThread sick = new DiskThread(forced -> await(slow, false))) {
            Part part = Part.open(file, 2 * Part.FORCE_BYTES, false, sick);
            writeUntilForced(part);
            Thread.currentThread().interrupt();
            assertThrows(ClosedByInterruptException.class, () -> part.write(Part.FORCE_BYTES, ByteBuffer.allocate(1)));
            assertTrue(Thread.interrupted());
            slow.countDown();
            part.close();
        }
        assertFalse(Files.exists(Part.of(file)));
    }

    @Test
    void canBeBegunAfterAnAttemptThatWasInterruptedAtItsBeginning() throws Exception {
        Path file = here.resolve("f");
        Thread.currentThread().interrupt();
        IOException interrupted = assertThrows(IOException.class, () -> Part.open(file, 1, false, disk));
        assertTrue(Thread.interrupted());
        assertEquals(ClosedByInterruptException.class, interrupted.getClass());
        Part.open(file, 1, false, disk).close();
    }

    @Test
    void canBeGoneOnWithAlsoWhereItReplacesAFileThatIsOnlyRead() throws Exception {
        Path file = Files.writeString(here.resolve("f"), "old");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("r--r-----"));
        Part.open(file, 1, false, disk).close();
        assertEquals("rw-r-----", PosixFilePermissions.toString(Files.getPosixFilePermissions(Part.of(file))));
        try (Part part = Part.open(file, 1, true, disk)) {
            part.write(0, ByteBuffer.wrap(new byte[1]));
            part.complete();
        }
        assertEquals("r--r-----", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
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
