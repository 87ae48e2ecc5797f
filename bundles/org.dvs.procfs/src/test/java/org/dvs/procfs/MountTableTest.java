package org.dvs.procfs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Names finish the sentence "the mount table …". */
@Tag("R-CMD-17")
class MountTableTest {
    private static final String RECORDED = """
            22 27 0:21 / /proc rw,relatime - proc proc rw
            27 1 254:0 / / rw,relatime shared:1 - ext4 /dev/vda rw
            25 24 0:23 / /dev/shm rw - tmpfs tmpfs rw,size=24682416k
            40 27 254:0 /var/lib/docker /srv/docker rw shared:1 master:3 - ext4 /dev/vda rw
            41 27 8:1 / /media/my\\040stick\\134x rw - vfat /dev/sdb1 rw
            50 27 0:50 / /home rw - nfs4 server:/home rw
            51 27 0:51 / /old rw - ext4 /dev/gone rw
            52 27 8:2 / /old rw - xfs /dev/new rw
            this is no mount
            60 27 8:3 /only/bind /long/target rw - xfs /dev/sdc rw
            61 27 8:3 /only/bind /short rw - xfs /dev/sdc rw
            """;
    private final MountTable table = MountTable.parse(RECORDED);

    @Test
    void unescapesBlanksAndBackslashes() {
        assertTrue(table.all().stream().anyMatch(mount -> mount.target().equals("/media/my stick\\x")));
    }

    @Test
    void leavesOutPseudoFileSystemsBindMountsAndWhatIsHiddenUnlessAsked() {
        assertEquals(List.of("/", "/dev/shm", "/media/my stick\\x", "/home", "/old", "/short"),
                table.real().stream().map(Mount::target).toList());
        assertEquals(9, table.all().size());
    }

    @Test
    void showsTheLaterOfTwoMountsOnOneTarget() {
        assertEquals("/dev/new", table.holding("/old/file").orElseThrow().source());
    }

    @Test
    void findsTheMountThatHoldsAPathByWholeNames() {
        assertEquals("/home", table.holding("/home/alice").orElseThrow().target());
        assertEquals("/home", table.holding("/home").orElseThrow().target());
        assertEquals("/", table.holding("/homeless").orElseThrow().target());
        assertEquals("/", table.holding("/").orElseThrow().target());
    }

    @Test
    void asksOnlyLocalFileSystemsWithoutADeadline() {
        assertTrue(table.holding("/").orElseThrow().local());
        assertFalse(table.holding("/home").orElseThrow().local());
        assertFalse(new Mount(1, 0, "0:9", "/", "/x", "fuse.sshfs", "host:", "rw", "private").local());
        assertFalse(new Mount(1, 0, "0:9", "/", "/x", "autofs", "systemd-1", "rw", "private").local());
        assertFalse(new Mount(1, 0, "0:9", "/", "/x", "a-type-of-next-year", "y", "rw", "private").local());
    }

    @Test
    void isEmptyForAnEmptyFile() {
        assertTrue(MountTable.parse("").all().isEmpty());
        assertTrue(MountTable.parse("").holding("/").isEmpty());
    }
}
