package org.dvs.security.internal.keys;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
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

    /** Root's, in the folder of a node that another user may have taken over. */
    @Test
    void ofAnotherUserLeadsRootNowhereElse() throws Exception {
        assumeTrue("root".equals(System.getProperty("user.name")), "only root writes into folders of others");
        var lookup = temp.getFileSystem().getUserPrincipalLookupService();
        Path precious = Files.writeString(temp.resolve("precious"), "precious");
        Files.setPosixFilePermissions(precious, PosixFilePermissions.fromString("rw-r--r--"));
        files.writeText("own", "own");
        Files.setOwner(files.path("own"), lookup.lookupPrincipalByName("nobody"));
        Files.writeString(files.path("foreign"), "of a third user");
        Files.setOwner(files.path("foreign"), lookup.lookupPrincipalByName("daemon"));
        Files.createSymbolicLink(files.path("tokens"), precious);
        Files.createSymbolicLink(files.path("users"), temp.resolve("not-there"));
        Files.setOwner(files.folder(), lookup.lookupPrincipalByName("nobody"));
        new ProcessBuilder("/usr/bin/mkfifo", files.path("pipe").toString()).start().waitFor();

        assertThrows(IOException.class, () -> files.read("tokens"));
        assertThrows(IOException.class, () -> files.read("foreign"));
        assertThrows(IOException.class, () -> files.read("pipe"), "and does not wait for a writer");
        assertEquals("own", files.readText("own"));
        assertEquals(List.of(false, true), List.of(files.has("tokens"), files.has("own")));
        files.tighten();
        assertEquals("rw-r--r--", mode(precious));
        files.writeText("tokens", "new");
        files.writeText("users", "new");
        assertEquals("precious", Files.readString(precious));
        assertEquals("new", files.readText("tokens"));
        assertTrue(Files.isRegularFile(files.path("tokens"), LinkOption.NOFOLLOW_LINKS));
        assertTrue(Files.notExists(temp.resolve("not-there")));

        Path link = Files.createSymbolicLink(temp.resolve("link"), temp);
        new ProcessBuilder("/usr/bin/chown", "-h", "nobody", link.toString()).start().waitFor();
        assertThrows(IOException.class, () -> new PrivateFiles(link).writeText("x", "y"));
    }

    private static String mode(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }
}
