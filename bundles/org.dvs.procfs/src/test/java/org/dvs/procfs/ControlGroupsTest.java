package org.dvs.procfs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

import org.dvs.procfs.ControlGroups.Hierarchy;
import org.dvs.testkit.ProcSample;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Names finish the sentence "controllers …". */
@Tag("R-CMD-15")
class ControlGroupsTest {
    @TempDir
    private Path root;

    private ControlGroups recorded(String mounts, String controllers) throws Exception {
        ProcSample sample = new ProcSample(root).file("proc/self/mountinfo", mounts);
        if (controllers != null) {
            sample.file("sys/fs/cgroup/unified/cgroup.controllers", controllers);
        }
        return ControlGroups.read(root);
    }

    @Test
    void areFoundEachByItselfOnAHybridMachine() throws Exception {
        ControlGroups groups = recorded("25 20 0:22 / /sys/fs/cgroup rw - tmpfs tmpfs rw\n"
                + "26 25 0:23 / /sys/fs/cgroup/cpu,cpuacct rw,nosuid,nodev,noexec,relatime shared:5 - cgroup cgroup rw,cpu,cpuacct\n"
                + "27 25 0:24 / /sys/fs/cgroup/systemd rw - cgroup cgroup rw,xattr,name=systemd\n"
                + "28 25 0:25 /box /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory\n"
                + "29 25 0:26 / /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw,nsdelegate\n", "io pids\n");
        assertEquals(List.of("cpu", "cpuacct"), groups.of("cpu").orElseThrow().controllers());
        assertEquals(1, groups.of("memory").orElseThrow().version());
        assertEquals(2, groups.of("io").orElseThrow().version());
        assertEquals(root.resolve("sys/fs/cgroup/unified"), groups.unified().orElseThrow().folder());
        assertEquals(Optional.empty(), groups.of("blkio"));
        assertEquals(Optional.empty(), groups.of("xattr"));

        new ProcSample(root).file("proc/7/cgroup", "9:memory:/box/a/b\n3:cpu,cpuacct:/\n1:name=systemd:/x\n0::/user.slice\n")
                .file("proc/8/cgroup", "9:memory:/other\n0::/../../out\n");
        Hierarchy memory = groups.of("memory").orElseThrow();
        assertEquals(Optional.of("a/b"), groups.pathOf(7, memory));
        assertEquals(Optional.of(""), groups.pathOf(7, groups.of("cpu").orElseThrow()));
        assertEquals(Optional.of("user.slice"), groups.pathOf(7, groups.unified().orElseThrow()));
        assertEquals(Optional.empty(), groups.pathOf(8, memory));
        assertEquals(Optional.empty(), groups.pathOf(8, groups.unified().orElseThrow()));
        assertEquals(Optional.empty(), groups.pathOf(9, memory));
    }

    @Test
    void areNoneWhereNothingIsMountedOrTheTreeOfVersion2HasNone() throws Exception {
        assertEquals(List.of(), recorded("", null).all());
        ControlGroups bare = recorded("29 25 0:26 / /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw\n", "\n");
        assertTrue(bare.unified().isPresent());
        assertEquals(List.of(), bare.unified().orElseThrow().controllers());
    }
}
