package org.dvs.agent.cgroup.internal;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.api.request.RequestHandler;
import org.dvs.helper.internal.HelperComponent;
import org.dvs.procfs.ControlGroups;
import org.dvs.procfs.ControlGroups.Hierarchy;
import org.dvs.procfs.ProcessTable;
import org.dvs.procfs.UserNames;
import org.dvs.testkit.Asked;
import org.dvs.testkit.RecordingKernel;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever this machine has, version 1, 2 or both. Names finish the sentence "this machine's control groups …". */
@Tag("R-CMD-15")
class ThisMachineTest {
    private static final Path ROOT = Path.of("/");
    private final String node = "cgtest" + ProcessHandle.current().pid();

    @TempDir
    private Path data;
    private List<RequestHandler> handlers;
    private Process process;
    private long start;

    @BeforeEach
    void node() throws Exception {
        assumeTrue("root".equals(System.getProperty("user.name")), "only root may make groups");
        handlers = CgroupComponent.handlers(ROOT, RecordingKernel::new, new HelperComponent(null, node, data), dcid -> { });
        process = new ProcessBuilder("/usr/bin/sleep", "300").start();
        start = new ProcessTable(ROOT, new UserNames(ROOT)).startTicks((int) process.pid());
    }

    @AfterEach
    void clean() throws Exception {
        if (process == null) {
            return;
        }
        process.destroyForcibly();
        assertTrue(process.waitFor(20, SECONDS));
        for (Hierarchy hierarchy : ControlGroups.read(ROOT).all()) {
            for (String path : List.of("/web", "/pid" + process.pid() + "-" + start, "/ended", "")) {
                Path group = hierarchy.folder().resolve("dvs.slice").resolve(node + path);
                // The kernel may still be at the end of a process that was in it.
                await().atMost(60, SECONDS).ignoreExceptions().until(() -> !Files.isDirectory(group)
                        || Files.deleteIfExists(group));
            }
        }
    }

    private Asked ask(String request, String... values) throws Exception {
        return Asked.of(handlers.stream().filter(each -> each.spec().name().equals("RQST_" + request)).findFirst()
                .orElseThrow(), values);
    }

    private ErrorCode refused(String request, String... values) {
        return assertThrows(DvsException.class, () -> ask(request, values), request + List.of(values)).code();
    }

    private static Hierarchy need(String... controllers) {
        ControlGroups groups = ControlGroups.read(ROOT);
        Hierarchy found = null;
        for (String controller : controllers) {
            found = found == null ? groups.of(controller).orElse(null) : found;
        }
        assumeTrue(found != null, "this machine has no controller " + controllers[0]);
        return found;
    }

    @Test
    void limitProcessorTimeAndForgetIt() throws Exception {
        Hierarchy cpu = need("cpu");
        ask("CGCPUSET", "path", "web", "quota_us", "20000", "period_us", "50000", "weight", "200");
        Map<String, Object> row = ask("CGCPU", "path", "web").row();
        assertEquals(List.of(20_000L, 50_000L, 200L), List.of(row.get("quota_us"), row.get("period_us"), row.get("weight")));
        String file = cpu.version() == 2 ? "cpu.max" : "cpu.cfs_quota_us";
        assertTrue(Files.readString(cpu.folder().resolve("dvs.slice").resolve(node).resolve("web").resolve(file))
                .startsWith("20000"));
        Path group = cpu.folder().resolve("dvs.slice").resolve(node).resolve("web");
        new ProcessBuilder("/bin/sh", "-c", "echo $1 > $2/cgroup.procs", "sh", Long.toString(process.pid()), group.toString()).start()
                .waitFor();
        ask("CGCPURESET", "path", "web");
        row = ask("CGCPU", "path", "web").row();
        assertEquals(List.of(-1L, 100_000L, 100L), List.of(row.get("quota_us"), row.get("period_us"), row.get("weight")));
        process.destroyForcibly().waitFor();
        // Not at once: the kernel may still be at its end.
        await().atMost(60, SECONDS).ignoreExceptions().until(() -> {
            ask("CGCPURESET", "path", "web");
            return !Files.exists(group);
        });
    }

    @Test
    void limitTheMemoryOfAProcessUpAndDownAndGiveATypedErrorWhenTheGroupIsGone() throws Exception {
        Hierarchy memory = need("memory");
        String pid = Long.toString(process.pid());
        ask("CGMEMSET", "pid", pid, "max", "64MiB");
        assertEquals("dvs.slice/" + node + "/pid" + pid + "-" + start, ask("CGMEM", "pid", pid).row().get("path"));
        assertEquals(67_108_864L, ask("CGMEM", "pid", pid).row().get("max"));
        ask("CGMEMSET", "pid", pid, "max", "128MiB");
        ask("CGMEMSET", "pid", pid, "max", "32MiB");
        assertEquals(33_554_432L, ask("CGMEM", "pid", pid).row().get("max"));
        if (memory.version() == 1) {
            assertEquals(ErrorCode.NOSYS, refused("CGMEMSET", "pid", pid, "high", "1MiB"));
        }
        ask("CGMEMRESET", "pid", pid);
        assertEquals(-1L, ask("CGMEM", "pid", pid).row().get("max"));
        assertFalse(Files.exists(memory.folder().resolve("dvs.slice").resolve(node).resolve("pid" + pid + "-" + start)));
        assertTrue(process.isAlive());
        assertEquals(ErrorCode.PERM, refused("CGMEMSET", "pid", "1", "max", "64MiB"));
        assertEquals(ErrorCode.PERM, refused("CGMEMSET", "pid", Long.toString(ProcessHandle.current().pid()), "max", "64MiB"));

        ask("CGMEMSET", "path", "web", "max", "64MiB");
        Files.delete(memory.folder().resolve("dvs.slice").resolve(node).resolve("web"));
        assertEquals(ErrorCode.NOENT, refused("CGMEM", "path", "web"));
    }

    @Test
    void limitADiskAndForgetIt() throws Exception {
        need("io", "blkio");
        String device = disk();
        ask("CGIOSET", "path", "web", "device", device, "wbps", "1048576", "riops", "500");
        List<Object> row = ask("CGIO", "path", "web").table().stream().filter(each -> each.get(1).equals(device)).findFirst()
                .orElseThrow();
        assertEquals(List.of(-1L, 1_048_576L, 500L, -1L), row.subList(2, 6));
        ask("CGIOSET", "path", "web", "device", device, "riops", "max");
        ask("CGMEMSET", "path", "web", "max", "64MiB");
        ask("CGIORESET", "path", "web", "device", device);
        assertTrue(ask("CGIO", "path", "web").table().stream().filter(each -> each.get(1).equals(device))
                .allMatch(each -> each.subList(2, 6).equals(List.of(-1L, -1L, -1L, -1L))));
        assertEquals(ErrorCode.NOENT, refused("CGIOSET", "path", "web", "device", "999:999", "wbps", "1"));
    }

    /** A whole disk. */
    private static String disk() throws Exception {
        try (var disks = Files.list(Path.of("/sys/block"))) {
            for (Path disk : disks.toList()) {
                if (Files.exists(disk.resolve("dev")) && !Files.readString(disk.resolve("size")).trim().equals("0")) {
                    return Files.readString(disk.resolve("dev")).trim();
                }
            }
        }
        assumeTrue(false, "this machine has no disk");
        return null;
    }

    @Test
    void chooseProcessors() throws Exception {
        need("cpuset");
        need("cpu");
        ask("CGCPUSET", "path", "web", "cpuset", "0", "weight", "100");
        assertEquals("0", ask("CGCPU", "path", "web").row().get("cpuset"));
        ask("CGCPURESET", "path", "web");
        assertEquals(ErrorCode.NOENT, refused("CGCPU", "path", "web"), "an empty group without limits is gone");
    }

    @Test
    void areListedWhereTheMountTableHasThem() throws Exception {
        Map<String, Object> row = ask("CONTROLLER").row();
        List<?> old = (List<?>) row.get("v1_mounts");
        for (String line : Files.readAllLines(Path.of("/proc/self/mountinfo"))) {
            String[] fields = line.split(" ");
            if (line.contains(" - cgroup ") && fields[4].startsWith("/sys/fs/cgroup/") && !line.contains("name=")) {
                assertTrue(old.stream().anyMatch(each -> each.toString().endsWith(" " + fields[4])), fields[4] + " in " + old);
            }
        }
        List<?> unsupported = (List<?>) row.get("unsupported");
        assertTrue(unsupported.stream().allMatch(each -> each.toString()
                .matches("cg (cpu|mem|io|net)[^:]*: not supported here, because .*")),
                unsupported.toString());
    }
}
