package org.dvs.agent.namespace.internal;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.api.Role;
import org.dvs.api.request.RequestHandler;
import org.dvs.helper.api.ProgramPermit;
import org.dvs.helper.internal.HelperComponent;
import org.dvs.kernel.api.DcSettings;
import org.dvs.kernel.api.DvsParameters;
import org.dvs.procfs.NamespaceKind;
import org.dvs.testkit.Asked;
import org.dvs.testkit.RecordingKernel;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** On this very machine. Names finish the sentence "the requests of namespaces …". */
@Tag("R-CMD-16")
class NamespaceRequestsTest {
    private static final Path ROOT = Path.of("/");
    private static final long SELF = ProcessHandle.current().pid();

    @TempDir
    private Path data;
    private final RecordingKernel kernel = new RecordingKernel();
    private final List<Integer> cleared = new ArrayList<>();
    private HelperComponent helper;
    private List<RequestHandler> handlers;
    private final List<Long> started = new ArrayList<>();

    @BeforeEach
    void node() throws Exception {
        helper = new HelperComponent(null, "ns-test", data);
        kernel.dvsInit(0, "node0", DvsParameters.DEFAULT);
        kernel.dcInit(DcSettings.of(0, "dc0", DvsParameters.DEFAULT));
        handlers = NamespaceComponent.handlers(ROOT, () -> kernel, helper, argv -> {
            if (!argv.get(0).startsWith("/usr/bin/")) {
                throw new DvsException(ErrorCode.CALLDENIED, argv.get(0));
            }
            boolean limited = argv.get(0).equals("/usr/bin/seq");
            return limited ? new ProgramPermit.Permitted(argv, 60_000, 500) : ProgramPermit.Permitted.unlimited(argv);
        }, cleared::add);
    }

    @AfterEach
    void end() {
        helper.stop();
        started.forEach(pid -> ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly));
    }

    private RequestHandler handler(String request) {
        return handlers.stream().filter(each -> each.spec().name().equals("RQST_" + request)).findFirst().orElseThrow();
    }

    private Asked ask(String request, String... values) throws Exception {
        return Asked.of(handler(request), values);
    }

    private ErrorCode refused(String request, String... values) {
        return assertThrows(DvsException.class, () -> ask(request, values), request + List.of(values)).code();
    }

    /** A program's words as {@code argv} takes them, which on a command line come one by one. */
    private Asked run(String request, Map<String, Object> values, String... argv) throws Exception {
        RequestHandler handler = handler(request);
        Map<String, Object> given = new java.util.HashMap<>(values);
        given.put("argv", List.of(argv));
        List<Map<String, Object>> rows = new ArrayList<>();
        var caller = new org.dvs.api.Caller("test", java.util.Set.of(Role.OPERATOR), "internal", "local");
        int rcode = handler.handle(new org.dvs.api.request.Request(handler.spec(), handler.spec().complete(given), caller, "t-1",
                System::nanoTime, System.nanoTime() + 30_000_000_000L), row -> {
                    Map<String, Object> named = new java.util.LinkedHashMap<>();
                    for (int i = 0; i < row.length; i++) {
                        named.put(handler.spec().columns().get(i).name(), row[i]);
                    }
                    rows.add(named);
                });
        return new Asked(rcode, rows);
    }

    private long unshare(NamespaceKind kind, Map<String, Object> values) throws Exception {
        long pid = (Long) run(ListHandler.requestName(kind).substring(5) + "UNSHARE", values, "/usr/bin/sleep", "300").row()
                .get("pid");
        started.add(pid);
        return pid;
    }

    private static void needRoot() {
        assumeTrue("root".equals(System.getProperty("user.name")), "only root may do this");
    }

    @Test
    void areFiveForEachOfSevenKindsUnderTheNamesOfTheSeed() {
        assertEquals(36, handlers.size());
        for (String name : List.of("NSCGROUP", "NSIPC", "NSNET", "NSNS", "NSPID", "NSUSER", "NSUTS")) {
            assertEquals(Role.VIEWER, handler(name).spec().role());
            assertEquals(Role.VIEWER, handler(name + "SHOW").spec().role());
            assertEquals(Role.VIEWER, handler(name + "SAME").spec().role());
            assertEquals(Role.OPERATOR, handler(name + "UNSHARE").spec().role());
            assertEquals(Role.OPERATOR, handler(name + "ENTER").spec().role());
        }
        assertEquals(List.of("ns", "mnt", "list"), handler("NSNS").spec().command());
    }

    /** Inode and lowest process id exactly; processes come and go between the two looks: their number within a tenth and ten. */
    @Test
    void listWhatLsnsListsAndCountAsItDoes() throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/lsns")), "lsns is not installed here");
        for (NamespaceKind kind : NamespaceKind.values()) {
            await().atMost(60, SECONDS).untilAsserted(() -> {
                Map<String, Long> theirs = lsns(kind);
                Map<String, Long> ours = new TreeMap<>();
                ask(ListHandler.requestName(kind).substring(5)).rows()
                        .forEach(row -> ours.put(row.get("inode") + " " + row.get("lead_pid"), (Long) row.get("nr_procs")));
                assertEquals(theirs.keySet(), ours.keySet());
                ours.forEach((key, count) -> assertEquals(theirs.get(key), count, 10 + theirs.get(key) / 10.0, key));
            });
        }
    }

    /** Without namespaces that hold no process. */
    private static Map<String, Long> lsns(NamespaceKind kind) throws Exception {
        Process lsns = new ProcessBuilder("/usr/bin/lsns", "-n", "-r", "-t", kind.file(), "-o", "NS,NPROCS,PID").start();
        String text = new String(lsns.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertTrue(lsns.waitFor(30, SECONDS));
        Map<String, Long> found = new TreeMap<>();
        text.lines().map(line -> line.trim().split("\\s+")).filter(fields -> !fields[1].equals("0"))
                .forEach(fields -> found.put(fields[0] + " " + fields[2], Long.valueOf(fields[1])));
        return found;
    }

    @Test
    void showTheNamespaceOfAProcessAndCompareTwo() throws Exception {
        needRoot();
        long pid = unshare(NamespaceKind.UTS, Map.of("hostname", "box-1"));
        Map<String, Object> row = ask("NSUTSSHOW", "pid", Long.toString(pid)).row();
        assertEquals(List.of("uts", 1L, pid, -1L), List.of(row.get("type"), row.get("nr_procs"), row.get("lead_pid"),
                row.get("dcid")));
        assertEquals(false, ask("NSUTSSAME", "pid", Long.toString(pid), "other", Long.toString(SELF)).row().get("same"));
        assertEquals(true, ask("NSNETSAME", "pid", Long.toString(pid), "other", Long.toString(SELF)).row().get("same"));
        assertEquals("box-1\n", run("NSUTSENTER", Map.of("pid", pid), "/usr/bin/hostname").row().get("stdout"));
    }

    @Test
    void showTheNamespaceAboveAndGiveANetworkItsLink() throws Exception {
        needRoot();
        long pid = unshare(NamespaceKind.PID, Map.of());
        // lsns lists nothing where a process ends just when it reads of it.
        await().atMost(60, SECONDS).untilAsserted(() -> assertEquals(NamespaceKind.PID.inode(ROOT, (int) SELF),
                ask("NSPIDSHOW", "pid", Long.toString(pid)).row().get("parent_inode")));
        assertEquals(0L, ask("NSNETSHOW", "pid", Long.toString(pid)).row().get("parent_inode"));

        assumeTrue(Files.isExecutable(Path.of("/usr/sbin/ip")), "there is no program ip");
        String out = "dvsn" + SELF % 1_000_000;
        unshare(NamespaceKind.NET, Map.of("veth", "in0", "peer", out, "address", "198.18.79.2/30"));
        assertTrue(Files.exists(Path.of("/sys/class/net", out)));
        for (Map<String, Object> bad : List.<Map<String, Object>>of(Map.of("interface", "lo", "veth", "a", "peer", "b"),
                Map.of("veth", "a"), Map.of("peer", "a"), Map.of("address", "198.18.79.2/30"),
                Map.of("interface", "a", "peer_address", "198.18.79.2/30"))) {
            assertEquals(ErrorCode.INVAL, assertThrows(DvsException.class, () -> run("NSNETUNSHARE", bad, "/usr/bin/sleep",
                    "300"),
                    bad.toString()).code());
        }
        assertEquals(ErrorCode.BADVALUE, refused("NSNETUNSHARE", "dcid", "0", "interface", "-x"));
        assertEquals(ErrorCode.BADVALUE, refused("NSNETUNSHARE", "dcid", "0", "veth", "a", "peer", "b", "address", "$(id)"));
    }

    @Test
    void refuseADeadProcessABadTargetAndAProgramThatIsNotAllowed() throws Exception {
        assertEquals(ErrorCode.SRCH, refused("NSNETSHOW", "pid", "4194304"));
        assertEquals(ErrorCode.SRCH, refused("NSNETSAME", "pid", Long.toString(SELF), "other", "4194304"));
        assertEquals(ErrorCode.INVAL, refused("NSNETSHOW"));
        assertEquals(ErrorCode.INVAL, refused("NSNETSHOW", "pid", "5", "dcid", "0"));
        assertEquals(ErrorCode.NOENT, refused("NSNETSHOW", "dcid", "0"));
        assertEquals(ErrorCode.DCNOTRUN, refused("NSNETSHOW", "dcid", "1"));
        assertEquals(ErrorCode.NOTBIND, refused("NSNETSHOW", "dcid", "0", "endpoint", "5"));
        assertEquals(ErrorCode.BADVALUE, refused("NSUTSUNSHARE", "dcid", "0", "hostname", "a;b"));
        assertEquals(ErrorCode.INVAL, refused("NSUTSUNSHARE"));
        assertEquals(ErrorCode.SRCH, assertThrows(DvsException.class, () -> run("NSNETENTER", Map.of("pid", 4_194_304L),
                "/usr/bin/id")).code());
        assertEquals(ErrorCode.INVAL, assertThrows(DvsException.class, () -> run("NSNETENTER", Map.of(), "/usr/bin/id")).code());
        for (String bad : List.of("/bin/sh", "; id", "$(id)", "-n", "sh\n")) {
            assertEquals(ErrorCode.CALLDENIED, assertThrows(DvsException.class, () -> run("NSNETUNSHARE", Map.of(), bad))
                    .code(), bad);
            assertEquals(ErrorCode.CALLDENIED, assertThrows(DvsException.class,
                    () -> run("NSNETENTER", Map.of("pid", SELF), bad)).code(), bad);
        }
    }

    @Test
    void giveADcNamespacesInWhichItsProgramsRunUntilTheyAreReleased() throws Exception {
        needRoot();
        long holder = (Long) ask("NSUTSUNSHARE", "dcid", "0", "hostname", "dc-zero").row().get("pid");
        ask("NSNETUNSHARE", "dcid", "0");
        assertEquals(ErrorCode.BUSY, refused("NSNETUNSHARE", "dcid", "0"));
        assertEquals(List.of(0, 0, 0), cleared, "what another DC with this id left goes first");
        assertEquals(0L, ask("NSUTSSHOW", "dcid", "0").row().get("dcid"));
        cleared.clear();
        assertEquals("dc-zero\n", run("NSNETENTER", Map.of("dcid", 0L), "/usr/bin/hostname").row().get("stdout"));
        Object inside = run("NSUTSENTER", Map.of("dcid", 0L), "/usr/bin/readlink", "/proc/self/ns/net").row().get("stdout");
        assertEquals(List.of(0, 0), cleared, "before each program that runs in it, too");
        assertNotEquals("net:[" + NamespaceKind.NET.inode(ROOT, (int) SELF) + "]\n", inside);
        assertEquals(ErrorCode.NOENT,
                assertThrows(DvsException.class, () -> run("NSIPCENTER", Map.of("dcid", 0L), "/usr/bin/hostname")).code());

        assertEquals(2L, ask("NSRELEASE", "dcid", "0").row().get("released"));
        await().atMost(20, SECONDS).until(() -> ProcessHandle.of(holder).isEmpty());
        assertEquals(ErrorCode.NOENT, refused("NSUTSSHOW", "dcid", "0"));
    }

    @Test
    void endAProgramAtItsDeadlineAndCutWhatItWritesAtTheLimitOfItsLine() throws Exception {
        needRoot();
        DvsException late = assertThrows(DvsException.class,
                () -> run("NSUTSENTER", Map.of("pid", SELF, "deadline", 200L), "/usr/bin/sleep", "60.25"));
        assertEquals(ErrorCode.TIMEDOUT, late.code());
        assertFalse(ProcessHandle.allProcesses().anyMatch(each -> each.info().commandLine().orElse("").contains("sleep 60.25")));
        assertEquals(ErrorCode.CALLDENIED,
                assertThrows(DvsException.class, () -> run("NSUTSUNSHARE", Map.of(), "/usr/bin/seq", "5")).code());
        Map<String, Object> cut = run("NSUTSENTER", Map.of("pid", SELF, "max_output", 1_000L), "/usr/bin/seq", "100000").row();
        assertEquals(500, cut.get("stdout").toString().length());
        assertEquals(true, cut.get("stdout_truncated"));
    }
}
