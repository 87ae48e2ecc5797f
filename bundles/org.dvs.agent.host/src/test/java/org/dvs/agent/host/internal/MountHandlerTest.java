package org.dvs.agent.host.internal;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

import org.dvs.testkit.ProcSample;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Names finish the sentence "RQST_MOUNT …". */
@Tag("R-CMD-17")
class MountHandlerTest {
    @Test
    void listsEveryMountHiddenOnesToo(@TempDir Path folder) throws Exception {
        new ProcSample(folder).file("proc/self/mountinfo", """
                27 1 254:0 / / rw,relatime shared:1 - ext4 /dev/vda rw,errors=continue
                51 27 0:51 / /old ro,nosuid shared:2 master:3 - ext4 /dev/gone rw
                52 27 8:2 / /old rw unbindable - xfs /dev/new rw
                x 27 8:2 / /bad rw - xfs /dev/new rw
                """);
        RequestOf mount = new RequestOf(new MountHandler(folder));
        assertEquals(0, mount.ask(Map.of()));
        assertEquals(3, mount.rows().size());
        assertEquals(List.of(27, 1, "/dev/vda", "/", "ext4", "rw,relatime,errors=continue", "shared"), List.of(mount.rows()
                .get(0)));
        assertEquals(List.of(51, 27, "/dev/gone", "/old", "ext4", "ro,nosuid,rw", "shared,slave"), List.of(mount.rows().get(1)));
        assertEquals("unbindable", mount.value(2, "propagation"));
    }

    @Test
    void agreesWithFindmntOnThisMachine() throws Exception {
        // Until both lists are of one moment.
        await().atMost(20, SECONDS).untilAsserted(this::agreesWithFindmnt);
    }

    private void agreesWithFindmnt() throws Exception {
        RequestOf mount = new RequestOf(new MountHandler());
        mount.ask(Map.of());
        TreeSet<String> ours = new TreeSet<>();
        for (int row = 0; row < mount.rows().size(); row++) {
            ours.add(mount.value(row, "id") + " " + mount.value(row, "parent") + " " + mount.value(row, "fstype") + " "
                    + mount.value(row, "target").toString().replace(" ", "\\x20"));
        }
        List<String> theirs = Tool.lines("findmnt", "-rn", "-o", "ID,PARENT,FSTYPE,TARGET");
        assertTrue(theirs.size() > 2);
        for (String line : theirs) {
            assertTrue(ours.contains(String.join(" ", line.strip().split("\\s+"))), line + " is not among " + ours);
        }
    }
}
