package org.dvs.security.internal.secrets;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The reader of secrets ... */
class SecretPlacesTest {
    @TempDir
    private Path base;
    private Path folder;
    private SecretPlaces secrets;

    @BeforeEach
    void places() throws IOException {
        folder = Files.createDirectories(base.resolve("keys/secrets"));
        secrets = new SecretPlaces(folder, base, Map.of("DB", "from the environment", "NOTHING", "")::get);
    }

    private void write(Path path, String text, String rights) throws IOException {
        Files.writeString(path, text);
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(rights));
    }

    private String read(String reference) throws DvsException {
        return new String(secrets.read(reference));
    }

    private String refused(ErrorCode code, String reference) {
        DvsException refused = assertThrows(DvsException.class, () -> secrets.read(reference));
        assertEquals(code, refused.code());
        assertFalse(refused.getMessage().contains("hunter2"), refused.getMessage());
        return refused.getMessage();
    }

    @Test
    void readsEachKindWithoutTheLineEnd() throws Exception {
        write(folder.resolve("db"), "hunter2 \u00e9\n", "rw-------");
        write(base.resolve("one.secret"), "hunter2\r\n", "r--r-----");
        assertEquals("hunter2 \u00e9", read("secret:db"));
        assertEquals("hunter2", read("file:one.secret"));
        assertEquals("hunter2", read("file:" + base.resolve("one.secret")));
        assertEquals("from the environment", read("env:DB"));
        write(folder.resolve("db"), "a\n\n", "r--------");
        assertEquals("a\n", read("secret:db"), "the newest content, and only one line end is taken away");
    }

    @Test
    void followsLinksOfOtherFilesButNotInTheNodesOwnFolder() throws Exception {
        write(base.resolve("real"), "hunter2\n", "rw-------");
        Files.createSymbolicLink(base.resolve("link"), base.resolve("real"));
        Files.createSymbolicLink(folder.resolve("link"), base.resolve("real"));
        assertEquals("hunter2", read("file:link"));
        assertEquals("secret:link: " + folder.resolve("link") + " is a link", refused(ErrorCode.NOSECRET, "secret:link"));
    }

    @Test
    void refusesWhatOthersMayRead() throws Exception {
        write(folder.resolve("db"), "hunter2\n", "rw-r-----");
        write(base.resolve("open"), "hunter2\n", "rw-r--r--");
        assertEquals("secret:db: " + folder.resolve("db")
                + " has the rights rw-r-----, which is more than rwx------: chmod 600 mends it",
                refused(ErrorCode.NOSECRET, "secret:db"));
        assertTrue(refused(ErrorCode.NOSECRET, "file:open").contains("rw-r--r--"));
    }

    @Test
    void saysWhatIsWrongWithAReference() throws Exception {
        assertEquals("secret:db: " + folder.resolve("db") + " is not there", refused(ErrorCode.NOSECRET, "secret:db"));
        assertEquals("env:NO: the environment of this node has no variable of this name", refused(ErrorCode.NOSECRET, "env:NO"));
        assertEquals("env:NOTHING: it is empty", refused(ErrorCode.NOSECRET, "env:NOTHING"));
        write(folder.resolve("empty"), "\n", "rw-------");
        assertEquals("secret:empty: it is empty", refused(ErrorCode.NOSECRET, "secret:empty"));
        assertTrue(refused(ErrorCode.NOSECRET, "file:keys").contains("is not a regular file"));
        write(folder.resolve("large"), "hunter2".repeat(SecretPlaces.MAX_BYTES), "rw-------");
        assertTrue(refused(ErrorCode.NOSECRET, "secret:large").contains("larger than 65536 bytes"));
        Files.write(folder.resolve("large"), new byte[] {'a', (byte) 0xff});
        assertTrue(refused(ErrorCode.NOSECRET, "secret:large").contains("not UTF-8"));
    }

    @Test
    @Timeout(20)
    void doesNotWaitForAPipe() throws Exception {
        assertEquals(0, new ProcessBuilder("mkfifo", "-m", "600", folder.resolve("pipe").toString()).start().waitFor());
        assertTrue(refused(ErrorCode.NOSECRET, "secret:pipe").contains("is not a regular file"));
    }

    @Test
    void doesNotRepeatATextThatIsNoReference() {
        assertEquals("this is not secret:NAME, file:PATH or env:NAME", refused(ErrorCode.CLEARSECRET, "hunter2"));
        assertEquals("this is not secret:NAME, file:PATH or env:NAME", refused(ErrorCode.CLEARSECRET, "secret:../hunter2"));
    }
}
