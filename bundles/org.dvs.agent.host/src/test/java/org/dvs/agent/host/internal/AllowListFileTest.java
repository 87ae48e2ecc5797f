package org.dvs.agent.host.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Names finish the sentence "the allow-list's file …". */
@Tag("R-CMD-17")
class AllowListFileTest {
    @TempDir
    Path folder;
    private Path path;
    private int uid;

    @BeforeEach
    void list() throws IOException {
        path = folder.resolve("list");
        write("/usr/bin/uptime\n");
        uid = (Integer) Files.getAttribute(path, "unix:uid");
    }

    private void write(String text) throws IOException {
        Files.writeString(path, text);
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-r-----"));
    }

    private AllowListFile file() {
        return new AllowListFile(path, uid, System::currentTimeMillis);
    }

    private static String refusal(AllowListFile file) {
        DvsException refused = assertThrows(DvsException.class, file::current);
        assertEquals(ErrorCode.CALLDENIED, refused.code());
        return refused.getMessage();
    }

    @Test
    void isReadAgainWhenItChanged() throws Exception {
        AllowListFile file = file();
        assertEquals(List.of("uptime"), file.current().names());

        write("/usr/bin/uname\n");
        assertEquals(List.of("uname"), file.current().names());

        // Same length and, perhaps, the same moment.
        write("/usr/bin/xname\n");
        assertEquals(List.of("xname"), file.current().names());
    }

    @Test
    void isNotReadAgainWhenItDidNotChange() throws Exception {
        Files.setLastModifiedTime(path, FileTime.fromMillis(System.currentTimeMillis() - 60_000));
        AllowListFile file = file();

        AllowList first = file.current();

        assertTrue(first == file.current(), "the same object");
    }

    @Test
    void permitsNothingWhileItIsMissing() throws Exception {
        AllowListFile file = file();
        file.current();

        Files.delete(path);
        assertEquals("nothing may run here: the allow-list " + path + " is not usable: it is missing", refusal(file));

        write("/usr/bin/uptime\n");
        assertEquals(List.of("uptime"), file.current().names());
    }

    @Test
    void permitsNothingAnyMoreOnceItHasAnError() throws Exception {
        AllowListFile file = file();
        file.current();

        write("/usr/bin/uptime\nuname\n");

        assertTrue(refusal(file).endsWith("line 2: 'uname' is not the absolute path of a program"));
        assertTrue(refusal(file).endsWith("line 2: 'uname' is not the absolute path of a program"), "again");
    }

    @Test
    void permitsNothingIfOthersMayWriteIt() throws Exception {
        for (String mode : List.of("rw-rw----", "rw-r---w-", "rwxrwxrwx")) {
            Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(mode));
            assertTrue(refusal(file()).endsWith("its group or others may write it; chmod go-w it"), mode);
        }
    }

    @Test
    void permitsNothingIfItBelongsToSomebodyElse() throws Exception {
        int owner = uid == 0 ? 12_345 : 0;
        if (uid == 0) {
            Files.setAttribute(path, "unix:uid", owner);
            assertTrue(refusal(file()).endsWith("it belongs to user 12345, not to root or to the node's own user"));
        } else {
            AllowListFile ofAnother = new AllowListFile(path, uid + 1, System::currentTimeMillis);
            assertTrue(refusal(ofAnother).contains("it belongs to user " + uid));
        }
    }

    @Test
    void permitsNothingIfItsFolderIsEverybodys() throws Exception {
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwxrwx"));

        assertTrue(refusal(file()).endsWith("its folder is writable by everybody"));
    }

    @Test
    void permitsNothingIfItIsAFolderOrTooLarge() throws Exception {
        assertTrue(refusal(new AllowListFile(folder, uid, System::currentTimeMillis)).endsWith("it is not a file"));
        write("#".repeat(2 << 20));
        assertTrue(refusal(file()).endsWith("it is larger than 1048576 bytes"));
    }
}
