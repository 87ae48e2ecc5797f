package org.dvs.helper.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.helper.api.GroupFile;
import org.dvs.helper.api.GroupPath;
import org.dvs.procfs.ControlGroups;
import org.dvs.testkit.ProcSample;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** On a recorded machine of version 2. Names finish the sentence "groups …". */
@Tag("R-CMD-15")
class GroupsTest {
    @TempDir
    private Path root;
    private Path own;
    private Groups groups;

    @BeforeEach
    void machine() throws Exception {
        ProcSample sample = new ProcSample(root);
        sample.file("proc/self/mountinfo", "30 20 0:26 / /sys/fs/cgroup rw,nosuid shared:4 - cgroup2 cgroup2 rw,nsdelegate\n")
                .file("sys/fs/cgroup/cgroup.controllers", "cpuset cpu io memory pids\n")
                .file("sys/fs/cgroup/cgroup.subtree_control", "cpu\n")
                .file("sys/fs/cgroup/dvs.slice/cgroup.subtree_control", "\n")
                .file("sys/fs/cgroup/dvs.slice/n0/cgroup.subtree_control", "\n")
                .file("sys/fs/cgroup/dvs.slice/n0/web/memory.max", "max\n")
                .file("sys/fs/cgroup/other/memory.max", "max\n");
        own = root.resolve("sys/fs/cgroup/dvs.slice/n0");
        groups = new Groups(ControlGroups.read(root), List.of("dvs.slice", "n0"));
    }

    private static ErrorCode code(org.junit.jupiter.api.function.Executable call) {
        return assertThrows(DvsException.class, call).code();
    }

    @Test
    void switchTheControllerOnInEveryGroupAbove() throws Exception {
        groups.make("memory", GroupPath.of("dc1"));
        assertEquals("+memory", Files.readString(own.getParent().getParent().resolve("cgroup.subtree_control")).substring(0, 7));
        assertEquals("+memory", Files.readString(own.resolve("cgroup.subtree_control")).substring(0, 7));
    }

    @Test
    void areNeverWrittenOverALinkThatLeadsOutOfTheSubtree() throws Exception {
        Files.createSymbolicLink(own.resolve("out"), root.resolve("sys/fs/cgroup/other"));
        assertEquals(ErrorCode.PERM, code(() -> groups.write(GroupFile.MEMORY_MAX, GroupPath.of("out"), "4096")));
        assertEquals(ErrorCode.PERM, code(() -> groups.make("cpu", GroupPath.of("out/below"))));
        assertEquals(ErrorCode.PERM, code(() -> groups.place("cpu", GroupPath.of("out"), 5)));
        assertEquals("max\n", Files.readString(root.resolve("sys/fs/cgroup/other/memory.max")));
        assertFalse(Files.exists(root.resolve("sys/fs/cgroup/other/below")));

        Files.delete(own.resolve("web/memory.max"));
        Files.createSymbolicLink(own.resolve("web/memory.max"), root.resolve("sys/fs/cgroup/other/memory.max"));
        assertThrows(DvsException.class, () -> groups.write(GroupFile.MEMORY_MAX, GroupPath.of("web"), "4096"));
        assertEquals("max\n", Files.readString(root.resolve("sys/fs/cgroup/other/memory.max")));
    }

    @Test
    void giveTypedErrorsWhereTheGroupOrTheFileIsNotThere() throws Exception {
        groups.write(GroupFile.MEMORY_MAX, GroupPath.of("web"), "4096");
        assertEquals("4096", Files.readString(own.resolve("web/memory.max")));
        assertEquals(ErrorCode.NOENT, code(() -> groups.write(GroupFile.MEMORY_MAX, GroupPath.of("gone"), "4096")));
        assertEquals(ErrorCode.NOSYS, code(() -> groups.write(GroupFile.MEMORY_SWAP_MAX, GroupPath.of("web"), "4096")));
        assertEquals(ErrorCode.NOSYS, code(() -> groups.write(GroupFile.V1_MEMORY_LIMIT, GroupPath.of("web"), "4096")));
        assertEquals(ErrorCode.NOENT, code(() -> groups.enable("cpu", GroupPath.of("gone"), true)));
        assertEquals(ErrorCode.NOSYS, code(() -> groups.enable("hugetlb", GroupPath.of("web"), true)));
    }

    @Test
    void areApartForNodesOfOneNameInSeveralClusters() throws Exception {
        String one = HelperComponent.groups("node0", Path.of("/a/.dvs/node0"));
        assertEquals(List.of("dvs.slice", one), HelperComponent.subtree(one));
        assertTrue(one.matches("node0-\\d{1,10}"), one);
        assertEquals(one, HelperComponent.groups("node0", Path.of("/a/.dvs/../.dvs/node0")));
        assertNotEquals(one, HelperComponent.groups("node0", Path.of("/b/.dvs/node0")));
    }

    @Test
    void sayWhatTheKernelRefuses() throws Exception {
        Files.writeString(own.resolve("web/cgroup.controllers"), "cpu memory\n");
        DvsException lacking = assertThrows(DvsException.class, () -> groups.enable("io", GroupPath.of("web"), true));
        assertEquals(ErrorCode.NODEV, lacking.code());
        assertTrue(lacking.getMessage().contains("'web' has no controller io to hand on"), lacking.getMessage());
        DvsException odd = Groups.failed(new java.io.IOException("Unknown error 524"), "x");
        assertEquals(ErrorCode.BUSY, odd.code());
        assertEquals("x was refused by the kernel: Unknown error 524", odd.getMessage());
        assertEquals(ErrorCode.NOENT, Groups.failed(new java.io.IOException("No such file or directory"), "x").code());
        assertEquals(ErrorCode.IO, Groups.failed(new java.io.IOException("Input/output error"), "x").code());
    }
}
