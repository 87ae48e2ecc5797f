package org.dvs.helper.internal;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.helper.api.GroupFile;
import org.dvs.helper.api.GroupPath;
import org.dvs.helper.api.HelperReply;
import org.dvs.helper.api.HelperRequest;
import org.dvs.helper.api.HelperRequest.GroupMake;
import org.dvs.helper.api.HelperRequest.GroupPlace;
import org.dvs.helper.api.HelperRequest.GroupRemove;
import org.dvs.helper.api.HelperRequest.GroupWrite;
import org.dvs.helper.api.HelperRequest.NamespaceMake;
import org.dvs.helper.api.HelperRequest.NamespaceRelease;
import org.dvs.helper.api.HelperRequest.NamespacesOf;
import org.dvs.helper.api.HelperRequest.RunBeside;
import org.dvs.helper.api.HelperRequest.RunInDc;
import org.dvs.helper.api.HelperRequest.SendSignal;
import org.dvs.helper.api.NetLink;
import org.dvs.helper.api.Signal;
import org.dvs.procfs.ControlGroups;
import org.dvs.procfs.NamespaceKind;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** On this very machine. Names finish the sentence "the helper's work …". */
@Tag("R-CMD-15")
@Tag("R-CMD-16")
@Tag("R-CMD-17")
class WorkTest {
    private static final Path ROOT = Path.of("/");
    private static final int OUTPUT = 64 * 1024;
    private static final int LIMIT_MS = 20_000;

    @TempDir
    private Path state;
    private final String subtree = "work" + ProcessHandle.current().pid();
    private Work work;

    private Work work() {
        if (work == null) {
            work = new Work(ROOT, List.of("dvs-test.slice", subtree), state, NodeUser.SAME, Set.of());
        }
        return work;
    }

    @AfterEach
    void clean() throws Exception {
        work().close();
        for (String path : List.of("dc0/ep5", "dc0/run", "dc0", "a/b", "a", "pid1", "dcx/dc9", "dcx")) {
            try {
                work().work(new GroupRemove(GroupPath.of(path)));
            } catch (DvsException e) {
                // Most tests make none of them.
                continue;
            }
        }
        for (ControlGroups.Hierarchy hierarchy : ControlGroups.read(ROOT).all()) {
            Path own = hierarchy.folder().resolve("dvs-test.slice").resolve(subtree);
            // The kernel may still be at the end of a process that was in it.
            await().atMost(60, SECONDS).ignoreExceptions().until(() -> {
                delete(own);
                return !Files.exists(own);
            });
        }
    }

    private static void delete(Path group) throws java.io.IOException {
        if (Files.isDirectory(group)) {
            try (var below = Files.list(group)) {
                for (Path each : below.filter(Files::isDirectory).toList()) {
                    delete(each);
                }
            }
            Files.delete(group);
        }
    }

    private static void needRoot() {
        assumeTrue("root".equals(System.getProperty("user.name")), "only root may do this");
    }

    private ErrorCode refused(HelperRequest request) {
        return assertThrows(DvsException.class, () -> work().work(request), request.toString()).code();
    }

    @Test
    void endsAProcessByItsIdAndStart() throws Exception {
        try (Sleeper sleeper = new Sleeper()) {
            work().work(new SendSignal(sleeper.pid(), sleeper.start(), Signal.TERM));
            assertTrue(sleeper.process().waitFor(20, SECONDS));
            assertEquals(128 + Signal.TERM.number(), sleeper.process().exitValue());
        }
    }

    @Test
    void touchesNeitherTheMachinesFirstProcessNorItselfNorOneThatGotTheIdOfAnother() throws Exception {
        assertEquals(ErrorCode.PERM, refused(new SendSignal(1, Sleeper.startOf(1), Signal.TERM)));
        int self = (int) ProcessHandle.current().pid();
        assertEquals(ErrorCode.PERM, refused(new SendSignal(self, Sleeper.startOf(self), Signal.TERM)));
        assertEquals(ErrorCode.SRCH, refused(new SendSignal(4_194_304, 1, Signal.TERM)));
        try (Sleeper sleeper = new Sleeper(); Work guarded = new Work(ROOT, List.of("x"), state, NodeUser.SAME,
                Set.of((long) sleeper.pid()))) {
            assertEquals(ErrorCode.SRCH, refused(new SendSignal(sleeper.pid(), sleeper.start() + 1, Signal.KILL)));
            assertEquals(ErrorCode.PERM, assertThrows(DvsException.class,
                    () -> guarded.work(new SendSignal(sleeper.pid(), sleeper.start(), Signal.KILL))).code());
            assertTrue(sleeper.process().isAlive());
        }
    }

    @Test
    void makesLimitsAndRemovesAGroupAndPutsAProcessIntoIt() throws Exception {
        needRoot();
        ControlGroups.Hierarchy memory = ControlGroups.read(ROOT).of("memory").orElse(null);
        assumeTrue(memory != null, "this machine has no memory controller");
        GroupPath path = GroupPath.of("a/b");
        GroupFile file = memory.version() == 1 ? GroupFile.V1_MEMORY_LIMIT : GroupFile.MEMORY_MAX;
        Path folder = memory.folder().resolve("dvs-test.slice").resolve(subtree).resolve("a/b");
        assertEquals(ErrorCode.NOENT, refused(new GroupWrite(file, path, "67108864")));

        work().work(new GroupMake("memory", path));
        Files.setPosixFilePermissions(folder, java.nio.file.attribute.PosixFilePermissions.fromString("rwx------"));
        work().work(new GroupMake("memory", path));
        work().work(new GroupWrite(file, path, "67108864"));

        assertEquals("rwxr-xr-x", java.nio.file.attribute.PosixFilePermissions.toString(Files.getPosixFilePermissions(folder)));
        assertEquals("67108864", Files.readString(folder.resolve(file.file())).trim());
        try (Sleeper sleeper = new Sleeper()) {
            work().work(new GroupPlace("memory", path, sleeper.pid(), sleeper.start()));
            assertEquals("dvs-test.slice/" + subtree + "/a/b", ControlGroups.read(ROOT).pathOf(sleeper.pid(), memory)
                    .orElseThrow());
            assertEquals(ErrorCode.BUSY, refused(new GroupRemove(path)));
            assertEquals(ErrorCode.BUSY, refused(new GroupRemove(GroupPath.of("a"))));
        }
        await().atMost(20, SECONDS).until(() -> Files.readString(folder.resolve("cgroup.procs")).isEmpty());
        // The kernel may still be at the end of a process that it shows no more.
        await().atMost(60, SECONDS).until(() -> removed(path));
        assertFalse(Files.exists(folder));
        assertEquals(ErrorCode.NOENT, refused(new GroupRemove(path)));
        assertEquals(ErrorCode.NOENT, refused(new GroupWrite(file, path, "67108864")));
        assertEquals(ErrorCode.NOSYS, refused(new GroupMake("nosuch", path)));
    }

    private boolean removed(GroupPath path) throws Exception {
        try {
            work().work(new GroupRemove(path));
            return true;
        } catch (DvsException e) {
            assertEquals(ErrorCode.BUSY, e.code());
            return false;
        }
    }

    @Test
    void givesANewGroupOfProcessorsThoseOfTheGroupAbove() throws Exception {
        needRoot();
        ControlGroups.Hierarchy cpuset = ControlGroups.read(ROOT).of("cpuset").orElse(null);
        assumeTrue(cpuset != null, "this machine has no cpuset controller");
        work().work(new GroupMake("cpuset", GroupPath.of("a")));
        try (Sleeper sleeper = new Sleeper()) {
            work().work(new GroupPlace("cpuset", GroupPath.of("a"), sleeper.pid(), sleeper.start()));
            assertTrue(ControlGroups.read(ROOT).pathOf(sleeper.pid(), cpuset).orElseThrow().endsWith("/a"));
        }
        Path procs = cpuset.folder().resolve("dvs-test.slice").resolve(subtree).resolve("a/cgroup.procs");
        await().atMost(20, SECONDS).until(() -> Files.readString(procs).isEmpty());
    }

    @Test
    void startsAProgramInANewNamespaceOfEveryKind() throws Exception {
        needRoot();
        for (NamespaceKind kind : NamespaceKind.values()) {
            HelperReply made = work().work(new NamespaceMake(kind, -1, "", false, NetLink.NONE, List.of("/usr/bin/sleep",
                    "300")));
            int pid = (int) made.number(0);
            try {
                assertNotEquals(kind.inode(ROOT, (int) ProcessHandle.current().pid()), made.number(2), kind.toString());
                await().atMost(20, SECONDS).until(() -> Files.readString(Path.of("/proc/" + pid + "/cmdline"))
                        .startsWith("/usr/bin/sleep"));
                assertEquals(made.number(2), kind.inode(ROOT, pid), kind.toString());
                assertEquals(made.number(1), Sleeper.startOf(pid));
            } finally {
                ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
            }
        }
    }

    @Test
    void runsAProgramInTheNamespaceOfAProcessAndRefusesThatOfADeadOne() throws Exception {
        needRoot();
        HelperReply made = work().work(new NamespaceMake(NamespaceKind.UTS, -1, "box-1", false, NetLink.NONE,
                List.of("/usr/bin/sleep",
                "300")));
        int pid = (int) made.number(0);
        RunBeside hostname = new RunBeside(NamespaceKind.UTS, pid, made.number(1), List.of("/usr/bin/hostname"), LIMIT_MS,
                OUTPUT);
        try {
            assertEquals("box-1\n", work().work(hostname).ran().out());
        } finally {
            ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
        }
        await().atMost(20, SECONDS).until(() -> Sleeper.startOf(pid) < 0);
        assertEquals(ErrorCode.SRCH, refused(hostname));
        assertNotEquals("box-1", Files.readString(Path.of("/proc/sys/kernel/hostname")).trim());
    }

    @Test
    void takesArgumentsAsTheyAreWithoutAShell() throws Exception {
        needRoot();
        List<String> argv = List.of("/usr/bin/printf", "%s|", "a b", "$(id)", "`id`", "; id", "x\ny", "-n", "", "\"'", "*");
        String out = work().work(new RunInDc(9, argv, "", LIMIT_MS, OUTPUT)).ran().out();
        assertEquals("a b|$(id)|`id`|; id|x\ny|-n||\"'|*|", out);
    }

    @Test
    void runsProgramsOfADcInItsNamespacesAndLimitsUntilTheyAreReleased() throws Exception {
        needRoot();
        HelperReply uts = work().work(new NamespaceMake(NamespaceKind.UTS, 0, "dc-zero", false, NetLink.NONE, List.of()));
        HelperReply net = work().work(new NamespaceMake(NamespaceKind.NET, 0, "", false, NetLink.NONE, List.of()));
        assertEquals(ErrorCode.BUSY, refused(new NamespaceMake(NamespaceKind.NET, 0, "", false, NetLink.NONE, List.of())));
        assertEquals(ErrorCode.INVAL, refused(new NamespaceMake(NamespaceKind.USER, 0, "", false, NetLink.NONE, List.of())));
        String memory = ControlGroups.read(ROOT).of("memory").isPresent() ? "memory" : null;
        if (memory != null) {
            work().work(new GroupMake(memory, GroupPath.ofDc(0)));
        }

        assertEquals("dc-zero\n", run("/usr/bin/hostname"));
        assertEquals("net:[" + net.number(2) + "]\n", run("/usr/bin/readlink", "/proc/self/ns/net"));
        if (memory != null) {
            assertTrue(run("/usr/bin/cat", "/proc/self/cgroup").contains("/dvs-test.slice/" + subtree + "/dc0"));
        }
        try (Work restarted = new Work(ROOT, List.of("dvs-test.slice", subtree), state, NodeUser.SAME, Set.of())) {
            assertEquals(work().work(new NamespacesOf(0)), restarted.work(new NamespacesOf(0)));
            assertEquals(6, restarted.work(new NamespacesOf(0)).numbers().size());
        }
        // The restarted one was closed: it took what it found along.
        await().atMost(20, SECONDS).until(() -> Sleeper.startOf((int) uts.number(0)) < 0);
        assertEquals(0, work().work(new NamespaceRelease(0)).number(0));
        assertNotEquals("dc-zero\n", run("/usr/bin/hostname"));
    }

    @Test
    void endsProgramsThatAKilledOneLeft() throws Exception {
        Path notes = state.resolve("running");
        HelperRequest.RunInDc run = new HelperRequest.RunInDc(3, List.of("/bin/sh", "-c", "sleep 300 & wait"), "", 250_000, 100);
        var ran = java.util.concurrent.CompletableFuture.supplyAsync(() -> {
            try {
                return work().work(run).ran();
            } catch (DvsException | InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        int pid = await().atMost(60, SECONDS).until(() -> {
            String[] names = notes.toFile().list();
            return names == null || names.length == 0 || Files.size(notes.resolve(names[0])) == 0 ? 0 : Integer.parseInt(names[0]);
        }, found -> found > 0);
        Path children = Path.of("/proc/" + pid + "/task/" + pid + "/children");
        int child = Integer.parseInt(await().atMost(60, SECONDS).until(() -> Files.readString(children).trim(),
                text -> text.matches("\\d+")));
        try (Sleeper stranger = new Sleeper(); Work next = new Work(ROOT, List.of("x"), state, NodeUser.SAME, Set.of())) {
            assertEquals(9, ran.get(60, SECONDS).signal());
            assertEquals(0, notes.toFile().list().length);
            await().atMost(60, SECONDS).until(() -> Sleeper.startOf(child) < 0);
            Files.writeString(notes.resolve(Integer.toString(stranger.pid())), Long.toString(stranger.start() + 1));
            try (Work third = new Work(ROOT, List.of("x"), state, NodeUser.SAME, Set.of())) {
                assertTrue(stranger.process().isAlive(), "it got the id of one that ended");
                assertEquals(0, notes.toFile().list().length);
            }
        }
    }

    @Test
    void takesFromADcThatEndedWhatItHadAndLetsItsProcessesGoOn() throws Exception {
        needRoot();
        ControlGroups controllers = ControlGroups.read(ROOT);
        assumeTrue(!controllers.all().isEmpty(), "this machine has no control groups");
        List<String> names = controllers.all().stream().map(each -> each.version() == 2 ? ControlGroups.UNIFIED
                : each.controllers().get(0)).toList();
        HelperReply uts = work().work(new NamespaceMake(NamespaceKind.UTS, 5, "", false, NetLink.NONE, List.of()));
        try (Sleeper sleeper = new Sleeper()) {
            for (String name : names) {
                work().work(new GroupMake(name, GroupPath.ofEndpoint(0, 5)));
                work().work(new GroupPlace(name, GroupPath.ofEndpoint(0, 5), sleeper.pid(), sleeper.start()));
            }
            work().work(new GroupMake(names.get(0), GroupPath.of("dcx/dc9")));
            assertEquals(List.of(0L, 5L), work().work(new HelperRequest.DcsKept()).numbers());

            work().work(new HelperRequest.DcForget(0));
            work().work(new HelperRequest.DcForget(5));
            work().work(new HelperRequest.DcForget(6));

            assertEquals(List.of(), work().work(new HelperRequest.DcsKept()).numbers());
            assertTrue(sleeper.process().isAlive());
            for (ControlGroups.Hierarchy hierarchy : controllers.all()) {
                String now = controllers.pathOf(sleeper.pid(), hierarchy).orElseThrow();
                assertEquals("dvs-test.slice/" + subtree + (hierarchy.version() == 2 ? "/ended" : ""), now);
                assertFalse(Files.exists(hierarchy.folder().resolve("dvs-test.slice").resolve(subtree).resolve("dc0")));
            }
        }
        await().atMost(60, SECONDS).until(() -> Sleeper.startOf((int) uts.number(0)) < 0);
    }

    @Test
    void tellsWhichNamespaceLiesInWhich() throws Exception {
        needRoot();
        HelperReply made = work().work(new NamespaceMake(NamespaceKind.PID, -1, "", false, NetLink.NONE, List.of("/usr/bin/sleep",
                "300")));
        try {
            // lsns lists nothing where a process ends just when it reads of it.
            List<Long> numbers = await().atMost(60, SECONDS).until(() -> work().work(new HelperRequest.NamespaceParents(
                    NamespaceKind.PID)).numbers(), found -> found.contains(made.number(2)));
            int index = numbers.indexOf(made.number(2));
            assertTrue(index >= 0 && index % 2 == 0, numbers.toString());
            assertEquals(NamespaceKind.PID.inode(ROOT, (int) ProcessHandle.current().pid()), numbers.get(index + 1));
        } finally {
            ProcessHandle.of(made.number(0)).ifPresent(ProcessHandle::destroyForcibly);
        }
    }

    @Test
    void givesANetworkAnInterfaceAndRefusesOneThatIsInUse() throws Exception {
        needRoot();
        assumeTrue(Files.isExecutable(Path.of("/usr/sbin/ip")), "there is no program ip");
        NetTools tools = new NetTools(ROOT, new org.dvs.helper.program.CommandRunner("/usr/bin/setsid", ROOT, 2_000), List.of());
        String out = "dvso" + ProcessHandle.current().pid() % 1_000_000;
        NetLink pair = new NetLink("in0", out, "198.18.78.2/30", "198.18.78.1/30");
        try {
            HelperReply made = work().work(new NamespaceMake(NamespaceKind.NET, 0, "", false, pair, List.of()));
            assertTrue(run("/usr/sbin/ip", "-o", "address").contains("198.18.78.2/30"));
            assertTrue(tools.run(null, "ip", "-o", "address", "show", "dev", out).contains("198.18.78.1/30"));
            // It has an address: whoever reaches the machine over it would do so no longer.
            assertEquals(ErrorCode.BUSY, refused(new NamespaceMake(NamespaceKind.NET, 1, "", false, new NetLink(out, "", "", ""),
                    List.of())));
            assertEquals(List.of(), work().work(new NamespacesOf(1)).numbers());
            tools.run(null, "ip", "address", "flush", "dev", out);
            work().work(new NamespaceMake(NamespaceKind.NET, 1, "", false, new NetLink(out, "", "198.18.78.1/30", ""),
                    List.of()));
            assertEquals(ErrorCode.NOENT, assertThrows(DvsException.class, () -> tools.run(null, "ip", "link", "show", "dev",
                    out)).code());
            assertTrue(work().work(new RunInDc(1, List.of("/usr/sbin/ip", "-o", "address"), "", LIMIT_MS, OUTPUT)).ran().out()
                    .contains("198.18.78.1/30"));
            assertEquals(ErrorCode.NOENT, refused(new NamespaceMake(NamespaceKind.NET, 2, "", false,
                    new NetLink("nosuch0", "", "", ""), List.of())));
            assertTrue(made.number(0) > 0);
        } finally {
            work().work(new NamespaceRelease(0));
            work().work(new NamespaceRelease(1));
        }
        await().atMost(60, SECONDS).until(() -> !Files.exists(Path.of("/sys/class/net", out)));
    }

    @Test
    void feedsAProgramOfADc() throws Exception {
        needRoot();
        assertEquals("a\nb \u00e9", work().work(new RunInDc(0, List.of("/usr/bin/cat"), "a\nb \u00e9", LIMIT_MS, OUTPUT)).ran()
                .out());
    }

    private String run(String... argv) throws Exception {
        return work().work(new RunInDc(0, List.of(argv), "", LIMIT_MS, OUTPUT)).ran().out();
    }

    @Test
    void takesEveryRightAwayFromProgramsOfTheNodesUser() throws Exception {
        needRoot();
        try (Work dropping = new Work(ROOT, List.of("dvs-test.slice", subtree), state, new NodeUser(65_534, 65_534), Set.of())) {
            String status = dropping.work(new RunInDc(9, List.of("/usr/bin/cat", "/proc/self/status"), "", LIMIT_MS, OUTPUT))
                    .ran()
                    .out();
            assertTrue(status.contains("Uid:\t65534\t65534\t65534\t65534\n"), status);
            assertTrue(status.contains("CapEff:\t0000000000000000\n") && status.contains("CapBnd:\t0000000000000000\n"), status);
            assertTrue(status.contains("NoNewPrivs:\t1\n"), status);
            HelperReply made = dropping.work(new NamespaceMake(NamespaceKind.USER, -1, "", false, NetLink.NONE,
                    List.of("/usr/bin/sleep",
                    "300")));
            try {
                String inside = dropping.work(new RunBeside(NamespaceKind.USER, (int) made.number(0), made.number(1),
                        List.of("/usr/bin/cat", "/proc/self/status"), LIMIT_MS, OUTPUT)).ran().out();
                assertTrue(inside.contains("Uid:\t0\t0\t0\t0\n") && inside.contains("NoNewPrivs:\t1\n"), inside);
            } finally {
                ProcessHandle.of(made.number(0)).ifPresent(ProcessHandle::destroyForcibly);
            }
            try (Sleeper foreign = new Sleeper()) {
                assertEquals(ErrorCode.PERM, assertThrows(DvsException.class, () ->
                        dropping.work(new RunBeside(NamespaceKind.USER,
                        foreign.pid(), foreign.start(), List.of("/usr/bin/id"), LIMIT_MS, OUTPUT))).code());
            }
        }
    }

    @Test
    void runsNothingThatAMountNamespaceHoldsWithRightsOfItsOwn() throws Exception {
        needRoot();
        Path ran = state.resolve("ran");
        Path theirs = Files.writeString(state.resolve("theirs"), "#!/bin/sh\nid -u >" + ran + "\nid -u\n");
        Files.setPosixFilePermissions(theirs, java.nio.file.attribute.PosixFilePermissions.fromString("rwxr-xr-x"));
        String setpriv = "/usr/bin/setpriv";
        try (Work dropping = new Work(ROOT, List.of("dvs-test.slice", subtree), state, new NodeUser(65_534, 65_534), Set.of());
                Sleeper box = new Sleeper("/usr/bin/unshare", "--mount", "--propagation", "private", "--", "/bin/sh", "-c",
                        "mount --bind \"$1\" \"$2\" && exec sleep 300", "sh", theirs.toString(), setpriv)) {
            awaitSleep(box);
            HelperReply dc = dropping.work(new NamespaceMake(NamespaceKind.MNT, 4, "", false, NetLink.NONE, List.of()));
            // Until then it is root, who alone can mount anything in there, that runs what becomes the holder.
            awaitWord((int) dc.number(0), "/usr/bin/sleep");
            Process mount = new ProcessBuilder("/usr/bin/nsenter", "--target", dc.number(0) + "", "--mount", "--",
                    "/usr/bin/mount", "--bind", theirs.toString(), setpriv).start();
            assertEquals(0, mount.waitFor());
            List<String> look = List.of("/usr/bin/cat", "/proc/self/status");
            for (boolean ofDc : new boolean[] {false, true}) {
                String status = dropping.work(inside(box, ofDc, look)).ran().out();
                assertTrue(status.contains("Uid:\t65534\t65534\t65534\t65534\n"), status);
                assertTrue(status.contains("Gid:\t65534\t65534\t65534\t65534\n"), status);
                assertTrue(status.matches("(?s).*\nGroups:\\s*\n.*"), status);
                for (String set : List.of("CapInh", "CapPrm", "CapEff", "CapAmb")) {
                    assertTrue(status.contains(set + ":\t0000000000000000\n"), status);
                }
                assertTrue(status.contains("NoNewPrivs:\t1\n"), status);
                HelperReply their = dropping.work(inside(box, ofDc, List.of(setpriv)));
                assertEquals("65534\n", their.ran().out(), () -> "it is theirs in there: " + their);
                assertEquals(127, dropping.work(inside(box, ofDc, List.of("/no/such/program"))).ran().exitCode());
            }
            assertFalse(Files.exists(ran), "it was run as root");
            dropping.work(new NamespaceRelease(4));
        }
    }

    private static HelperRequest inside(Sleeper box, boolean ofDc, List<String> argv) {
        return ofDc ? new RunInDc(4, argv, "", LIMIT_MS, OUTPUT)
                : new RunBeside(NamespaceKind.MNT, box.pid(), box.start(), argv, LIMIT_MS, OUTPUT);
    }

    private static void awaitSleep(Sleeper box) {
        awaitWord(box.pid(), "sleep");
    }

    private static void awaitWord(int pid, String program) {
        Path words = Path.of("/proc/" + pid + "/cmdline");
        await().atMost(20, SECONDS).until(() -> Files.readString(words).startsWith(program + "\0"));
    }

    @Test
    void entersNoFilesThatAnotherUserNamespaceChooses() throws Exception {
        needRoot();
        try (Sleeper box = new Sleeper("/usr/bin/unshare", "--user", "--map-root-user", "--mount", "--", "sleep", "300")) {
            awaitSleep(box);
            assertEquals(ErrorCode.PERM, refused(new RunBeside(NamespaceKind.MNT, box.pid(), box.start(),
                    List.of("/usr/bin/id"), LIMIT_MS, OUTPUT)));
        }
    }

    /** As a service of the machine has it that runs as the node's user and among users of its own. */
    @Test
    void entersNoUserNamespaceWhoseRootIsAnotherThanTheNodesUser() throws Exception {
        needRoot();
        for (List<String> maps : List.of(List.of("0 0 1\n65534 65534 1\n", "0 65534 1\n"),
                List.of("0 65534 1\n", "0 0 1\n65534 65534 1\n"), List.of("", ""))) {
            try (Sleeper box = new Sleeper("/usr/bin/setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups",
                    "/usr/bin/unshare", "--user", "--", "sleep", "300");
                    Work dropping = new Work(ROOT, List.of("x"), state, new NodeUser(65_534, 65_534), Set.of())) {
                awaitSleep(box);
                if (!maps.get(0).isEmpty()) {
                    Files.writeString(Path.of("/proc/" + box.pid() + "/uid_map"), maps.get(0));
                    Files.writeString(Path.of("/proc/" + box.pid() + "/gid_map"), maps.get(1));
                }
                DvsException no = assertThrows(DvsException.class, () -> dropping.work(new RunBeside(NamespaceKind.USER,
                        box.pid(), box.start(), List.of("/usr/bin/id"), LIMIT_MS, OUTPUT)));
                assertEquals(ErrorCode.PERM, no.code(), no.getMessage());
                assertEquals("the user namespace of process " + box.pid() + " is not of the node's user", no.getMessage());
            }
        }
    }

    @Test
    void tellsAProcessThatMayNotBeLookedAtFromOneOfAnotherUserNamespaceAndFromOneThatEnded() throws Exception {
        Path machine = state.resolve("machine");
        String stat = Files.readString(Path.of("/proc/self/stat"));
        for (String pid : List.of("self", Long.toString(ProcessHandle.current().pid()), "77", "78")) {
            Files.createDirectories(machine.resolve("proc").resolve(pid).resolve("ns"));
            Files.writeString(machine.resolve("proc").resolve(pid).resolve("stat"), stat);
        }
        Files.createSymbolicLink(machine.resolve("proc/" + ProcessHandle.current().pid() + "/ns/user"), Path.of("user:[1]"));
        Files.createSymbolicLink(machine.resolve("proc/78/ns/user"), Path.of("user:[2]"));
        Files.createSymbolicLink(machine.resolve("proc/self/ns/user"), Path.of("user:[1]"));
        long start = new org.dvs.procfs.ProcessTable(machine, new org.dvs.procfs.UserNames(machine)).startTicks(77);
        try (Work there = new Work(machine, List.of("x"), state, NodeUser.SAME, Set.of())) {
            for (String told : List.of("77 PERM may not be looked at", "78 PERM see", "79 SRCH process 79")) {
                String[] words = told.split(" ", 3);
                int pid = Integer.parseInt(words[0]);
                DvsException no = assertThrows(DvsException.class, () -> there.work(new RunBeside(NamespaceKind.MNT, pid, start,
                        List.of("/usr/bin/id"), LIMIT_MS, OUTPUT)));
                assertEquals(words[1], no.code().name());
                assertTrue(no.getMessage().contains(words[2]), no.getMessage());
            }
        }
    }
}
