package org.dvs.security.internal.keys;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A folder of private files … */
class PrivateFilesTest {
    @TempDir
    Path temp;
    private PrivateFiles files;

    @BeforeEach
    void makeFolder() throws IOException {
        files = new PrivateFiles(temp.resolve("keys"));
        files.tighten();
    }

    @Test
    void isReadableByItsOwnerOnly() throws IOException {
        files.writeText("secret", "s3cret");

        assertEquals("rwx------", mode(files.folder()));
        assertEquals("rw-------", mode(files.path("secret")));
        assertEquals("s3cret", files.readText("secret"));
    }

    @Test
    void takesRightsAwayThatOthersHave() throws IOException {
        files.writeText("secret", "s3cret");
        Files.setPosixFilePermissions(files.path("secret"), PosixFilePermissions.fromString("rw-r--r--"));
        Files.setPosixFilePermissions(files.folder(), PosixFilePermissions.fromString("rwxr-xr-x"));

        assertEquals(List.of(files.folder(), files.path("secret")), files.tighten());
        assertEquals("rwx------", mode(files.folder()));
        assertEquals("rw-------", mode(files.path("secret")));
        assertEquals(List.of(), files.tighten());
    }

    @Test
    void replacesAFileWholeAndLeavesNothingBeside() throws IOException {
        files.write("key", new byte[] {1, 2, 3});
        files.write("key", new byte[] {4});

        assertArrayEquals(new byte[] {4}, files.read("key"));
        try (Stream<Path> all = Files.list(files.folder())) {
            assertEquals(List.of(files.path("key")), all.toList());
        }
    }

    @Test
    void doesNotReadWhatIsTooLargeToBeAKey() throws IOException {
        files.write("huge", new byte[(1 << 20) + 1]);

        IOException e = assertThrows(IOException.class, () -> files.read("huge"));
        assertTrue(e.getMessage().contains("huge is larger than"), e.getMessage());
    }

    private static String mode(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }
}
