package org.dvs.helper.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.helper.api.HelperRequest.MountChange;
import org.dvs.helper.program.CommandRunner;
import org.dvs.procfs.MountTable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With a table of its own. Names finish the sentence "the helper mounts …". */
@Tag("R-CMD-17")
class MountsTest {
    private static final int LIMIT_MS = 60_000;

    @TempDir
    private Path root;
    private Mounts mounts;
    private Path target;

    @BeforeEach
    void table() throws Exception {
        assumeTrue("root".equals(System.getProperty("user.name")), "only root mounts");
        target = Files.createDirectory(root.resolve("a b")).toRealPath();
        Files.createDirectories(root.resolve("etc"));
        Path other = Files.createDirectory(root.resolve("other"));
        Files.writeString(root.resolve("etc/fstab"), "# " + other + " none tmpfs noauto,x-dvs 0 0\n"
                + "tmpfs " + target.toString().replace(" ", "\\040") + " tmpfs noauto,size=1m,x-dvs 0 0\n"
                + "tmpfs " + other + " tmpfs noauto,x-dvss 0 0\n"
                + "nosuch " + root.resolve("gone") + " tmpfs noauto,x-dvs 0 0\n");
        mounts = new Mounts(Path.of("/"), root.resolve("etc/fstab"), new CommandRunner("/usr/bin/setsid", Path.of("/"), 2_000));
    }

    private void change(Path where, boolean mount, boolean lazy) throws Exception {
        mounts.change(new MountChange(where.toString(), mount, lazy, false, LIMIT_MS));
    }

    private ErrorCode refused(Path where, boolean mount) {
        return assertThrows(DvsException.class, () -> change(where, mount, false), where.toString()).code();
    }

    private boolean mounted() {
        return MountTable.read(Path.of("/")).all().stream().anyMatch(each -> each.target().equals(target.toString()));
    }

    @Test
    void whatRootsTableMarksForItAndUnmountsIt() throws Exception {
        change(target, true, false);
        try {
            assertTrue(mounted());
            assertEquals(ErrorCode.BUSY, refused(target, true));
        } finally {
            change(target, false, true);
        }
        assertTrue(!mounted());
        assertEquals(ErrorCode.NOENT, refused(target, false));
        assertEquals(ErrorCode.NOENT, refused(root.resolve("gone"), true));
    }

    @Test
    void nothingElse() throws Exception {
        for (String other : List.of("/", "/proc", root + "/other", target + "/", target + "/../other", "/a;id", "/$(id)",
                target + "\n", "/#")) {
            for (boolean mount : new boolean[] {true, false}) {
                assertEquals(ErrorCode.CALLDENIED, assertThrows(DvsException.class,
                        () -> mounts.change(new MountChange(other, mount, false, false, LIMIT_MS)), other).code());
            }
        }
        Files.setPosixFilePermissions(root.resolve("etc/fstab"), PosixFilePermissions.fromString("rw-rw-rw-"));
        assertEquals(ErrorCode.CALLDENIED, refused(target, true));
        Files.move(root.resolve("etc/fstab"), root.resolve("etc/real"));
        assertEquals(ErrorCode.CALLDENIED, refused(target, true));
        Files.createSymbolicLink(root.resolve("etc/fstab"), root.resolve("etc/real"));
        assertEquals(ErrorCode.CALLDENIED, refused(target, true));
    }
}
