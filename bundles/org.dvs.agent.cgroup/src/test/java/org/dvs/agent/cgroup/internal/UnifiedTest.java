package org.dvs.agent.cgroup.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.api.request.RequestHandler;
import org.dvs.helper.api.GroupFile;
import org.dvs.helper.api.GroupPath;
import org.dvs.helper.api.HelperReply;
import org.dvs.helper.api.HelperRequest;
import org.dvs.helper.api.NetLimit;
import org.dvs.kernel.api.DcSettings;
import org.dvs.kernel.api.DvsParameters;
import org.dvs.kernel.api.EndpointNumbers;
import org.dvs.kernel.api.ProcessInfo;
import org.dvs.testkit.Asked;
import org.dvs.testkit.ProcSample;
import org.dvs.testkit.RecordingKernel;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** On a recorded machine of version 2. Names finish the sentence "control groups of version 2 …". */
@Tag("R-CMD-15")
class UnifiedTest {
    private static final String STAT = "S 1 1 1 0 -1 0 0 0 0 0 1 2 0 0 20 5 3 0 100 4096 1 0";

    @TempDir
    private Path root;
    private final RecordingKernel kernel = new RecordingKernel();
    private ProcSample sample;
    private final List<Integer> cleared = new ArrayList<>();
    private TreeHelper helper;
    private List<RequestHandler> handlers;

    @BeforeEach
    void machine() throws Exception {
        String web = "sys/fs/cgroup/dvs.slice/n0/web/";
        sample = new ProcSample(root);
        sample.file("proc/self/mountinfo", "30 20 0:26 / /sys/fs/cgroup rw,nosuid shared:4 - cgroup2 cgroup2 rw,nsdelegate\n")
                .file("sys/fs/cgroup/cgroup.controllers", "cpuset cpu io memory pids\n")
                .file("sys/fs/cgroup/cgroup.subtree_control", "cpu memory\n").file("sys/dev/block/8:0/size", "1\n")
                .file("proc/50/cgroup", "0::/user.slice/x\n").process(50, "one", STAT, 0, " 1", new byte[0])
                .file("proc/51/cgroup", "0::/dvs.slice/n0/web\n").process(51, "two", STAT, 0, " 1", new byte[0])
                .file("sys/fs/cgroup/user.slice/x/cpu.max", "max 100000\n").file("sys/fs/cgroup/user.slice/x/cpu.weight", "100\n")
                .file(web + "cpu.max", "50000 100000\n").file(web + "cpu.weight", "200\n").file(web + "cpuset.cpus", "0-1\n")
                .file(web + "cpu.stat",
                        "usage_usec 900\nuser_usec 600\nsystem_usec 300\nnr_periods 5\nnr_throttled 2\nthrottled_usec 70\n")
                .file(web + "cpu.pressure",
                        "some avg10=1.25 avg60=0.00 avg300=0.00 total=5\nfull avg10=0.00 avg60=0.00 avg300=0.00 total=0\n")
                .file(web + "memory.current", "4096\n").file(web + "memory.peak", "8192\n").file(web + "memory.max", "max\n")
                .file(web + "memory.high", "65536\n").file(web + "memory.low", "0\n").file(web + "memory.swap.current", "0\n")
                .file(web + "memory.swap.max", "max\n").file(web + "memory.events", "low 0\nhigh 1\nmax 2\noom 3\noom_kill 4\n")
                .file(web + "io.max", "8:0 rbps=max wbps=1048576 riops=max wiops=max\n")
                .file(web + "io.stat",
                        "8:0 rbytes=10 wbytes=20 rios=1 wios=2 dbytes=0 dios=0\n8:16 rbytes=5 wbytes=0 rios=1 wios=0\n");
        kernel.dvsInit(0, "node0", DvsParameters.DEFAULT);
        kernel.dcInit(DcSettings.of(0, "dc0", DvsParameters.DEFAULT));
        helper = new TreeHelper(root);
        handlers = CgroupComponent.handlers(root, () -> kernel, helper, cleared::add);
    }

    private Asked ask(String request, String... values) throws Exception {
        return Asked.of(handler(request), values);
    }

    private RequestHandler handler(String request) {
        return handlers.stream().filter(each -> each.spec().name().equals("RQST_" + request)).findFirst().orElseThrow();
    }

    private ErrorCode refused(String request, String... values) {
        return assertThrows(DvsException.class, () -> ask(request, values), request + List.of(values)).code();
    }

    @Test
    void showEveryColumn() throws Exception {
        assertEquals(List.of("dvs.slice/n0/web", 50_000L, 100_000L, 200L, "0-1", 900L, 600L, 300L, 5L, 2L, 70L, 1.25),
                ask("CGCPU", "path", "web").values());
        assertEquals(List.of("dvs.slice/n0/web", 4_096L, 8_192L, -1L, 65_536L, 0L, 0L, -1L, 0L, 1L, 2L, 3L, 4L),
                ask("CGMEM", "pid", "51").values());
        assertEquals(List.of(List.of("dvs.slice/n0/web", "8:0", -1L, 1_048_576L, -1L, -1L, 10L, 20L, 1L, 2L),
                List.of("dvs.slice/n0/web", "8:16", -1L, -1L, -1L, -1L, 5L, 0L, 1L, 0L)), ask("CGIO", "path", "web").table());
        Map<String, Object> outside = ask("CGCPU", "pid", "50").row();
        assertEquals("user.slice/x", outside.get("path"));
        assertEquals(-1L, outside.get("quota_us"));
        assertNull(outside.get("usage_usec"));
    }

    @Test
    void areChangedWhereNamedAndStayAsTheyAreElse() throws Exception {
        ask("CGCPUSET", "path", "web", "quota_us", "20000");
        assertEquals("20000 100000", Files.readString(root.resolve("sys/fs/cgroup/dvs.slice/n0/web/cpu.max")));
        ask("CGCPUSET", "path", "web", "period_us", "50000", "weight", "300", "cpuset", "1");
        ask("CGMEMSET", "path", "web", "max", "64MiB", "high", "max", "low", "0");
        ask("CGIOSET", "path", "web", "device", "8:0", "rbps", "4096", "wbps", "max");
        assertEquals(List.of(20_000L, 50_000L, 300L, "1"), ask("CGCPU", "path", "web").values().subList(1, 5));
        assertEquals(List.of(67_108_864L, -1L, 0L), ask("CGMEM", "path", "web").values().subList(3, 6));
        assertTrue(helper.asked().contains(new HelperRequest.GroupWrite(GroupFile.IO_MAX, GroupPath.of("web"),
                "8:0 rbps=4096 wbps=max")));

        ask("CGCPURESET", "path", "web");
        ask("CGMEMRESET", "path", "web");
        assertEquals(List.of(-1L, 100_000L, 100L, ""), ask("CGCPU", "path", "web").values().subList(1, 5));
        assertEquals(List.of(-1L, -1L, 0L), ask("CGMEM", "path", "web").values().subList(3, 6));
    }

    @Test
    void takeProcessesOfADcIntoLeaves() throws Exception {
        put(5, 50);
        put(6, (int) ProcessHandle.current().pid());
        ask("CGMEMSET", "dcid", "0", "max", "1MiB");
        List<HelperRequest> asked = helper.asked();
        assertTrue(asked.contains(new HelperRequest.GroupPlace("memory", GroupPath.of("dc0/ep5"), 50, 100)), asked.toString());
        assertEquals(1, asked.stream().filter(each -> each instanceof HelperRequest.GroupPlace).count(), asked.toString());
        assertTrue(asked.contains(new HelperRequest.GroupWrite(GroupFile.MEMORY_MAX, GroupPath.of("dc0"), "1048576")));
        assertEquals(1_048_576L, ask("CGMEM", "dcid", "0").row().get("max"));

        ask("CGCPUSET", "dcid", "0", "endpoint", "5", "weight", "50");
        assertTrue(helper.asked().contains(new HelperRequest.GroupPlace("cpu", GroupPath.of("dc0/ep5"), 50, 100)));
        ask("CGCPUSET", "pid", "51", "weight", "60");
        assertTrue(helper.asked().contains(new HelperRequest.GroupPlace("cpu", GroupPath.of("web"), 51, 100)));
        ask("CGCPUSET", "pid", "50", "weight", "60");
        assertTrue(helper.asked().contains(new HelperRequest.GroupPlace("cpu", GroupPath.of("pid50-100"), 50, 100)));
    }

    @Test
    void areMadeForADcOnlyAfterWhatAnotherOneWithItsIdLeftIsGone() throws Exception {
        put(5, 50);
        ask("CGMEMSET", "path", "web", "max", "1MiB");
        ask("CGMEMSET", "pid", "50", "max", "1MiB");
        assertEquals(List.of(), cleared);
        ask("CGMEMSET", "dcid", "0", "max", "1MiB");
        ask("CGCPUSET", "dcid", "0", "endpoint", "5", "weight", "50");
        ask("CGMEMSET", "path", "dc7/x", "max", "1MiB");
        assertEquals(List.of(0, 0, 7), cleared);
        assertEquals(ErrorCode.DCNOTRUN, refused("CGMEMSET", "dcid", "1", "max", "1MiB"));
        ask("CGMEM", "dcid", "0");
        ask("CGMEMRESET", "dcid", "0");
        assertEquals(List.of(0, 0, 7), cleared);
    }

    @Test
    void areOfOneProcessAndGoWithItsLastLimit() throws Exception {
        String stranger = "sys/fs/cgroup/dvs.slice/n0/pid50-99/";
        sample.file(stranger + "memory.max", "4096\n");
        ask("CGCPUSET", "pid", "50", "weight", "60");
        assertTrue(helper.asked().contains(new HelperRequest.GroupPlace("cpu", GroupPath.of("pid50-100"), 50, 100)));
        assertEquals("4096\n", Files.readString(root.resolve(stranger + "memory.max")), "of the process that had the id before");

        sample.file("proc/50/cgroup", "0::/dvs.slice/n0/pid50-100\n");
        ask("CGMEMSET", "pid", "50", "max", "1MiB");
        ask("CGMEMRESET", "pid", "50");
        assertFalse(helper.asked().contains(new HelperRequest.GroupForget(GroupPath.of("pid50-100"))), "a weight is left");
        ask("CGCPURESET", "pid", "50");
        assertTrue(helper.asked().contains(new HelperRequest.GroupForget(GroupPath.of("pid50-100"))));

        sample.file("proc/50/cgroup", "0::/dvs.slice/n0/ended\n");
        ask("CGCPUSET", "pid", "50", "weight", "60");
        assertTrue(helper.asked().contains(new HelperRequest.GroupMake("cpu", GroupPath.of("pid50-100"))));
    }

    @Test
    void ofAPathGoWithTheirLastLimit() throws Exception {
        ask("CGMEMSET", "path", "a/b", "max", "1MiB", "high", "1MiB");
        ask("CGCPUSET", "path", "a/b", "quota_us", "20000");
        ask("CGCPURESET", "path", "a/b");
        assertFalse(helper.asked().contains(new HelperRequest.GroupRemove(GroupPath.of("a/b"))));
        helper.shows(HelperReply.of(List.of(8_000L, 0L, 0L, 3L, 7L, 100L, 2L, 1L), List.of("eth0")));
        ask("CGMEMRESET", "path", "a/b");
        assertFalse(helper.asked().contains(new HelperRequest.GroupRemove(GroupPath.of("a/b"))), "traffic is limited");
        helper.shows(HelperReply.DONE);
        ask("CGMEMRESET", "path", "a/b");
        assertTrue(helper.asked().contains(new HelperRequest.GroupRemove(GroupPath.of("a/b"))));
        ask("CGMEMSET", "dcid", "0", "max", "1MiB");
        helper.asked();
        ask("CGMEMRESET", "dcid", "0");
        assertTrue(helper.asked().stream().noneMatch(each -> each instanceof HelperRequest.GroupRemove
                || each instanceof HelperRequest.GroupForget), "a DC's goes with the DC");
    }

    @Test
    void areTakenBackWhenTheLimitIsRefused() throws Exception {
        helper.refuses(ErrorCode.BUSY);
        assertEquals(ErrorCode.BUSY, refused("CGMEMSET", "path", "new", "max", "1MiB"));
        assertTrue(helper.asked().contains(new HelperRequest.GroupRemove(GroupPath.of("new"))));
        assertEquals(ErrorCode.BUSY, refused("CGCPUSET", "path", "web", "weight", "300"));
        assertEquals(ErrorCode.INVAL, refused("CGMEMSET", "path", "new"));
        assertTrue(helper.asked().stream().noneMatch(each -> each instanceof HelperRequest.GroupRemove), "web has limits");
    }

    @Test
    void leaveProcessesWhereTheyAreWhenTheLimitIsRefused() throws Exception {
        put(5, 50);
        helper.refuses(ErrorCode.NOENT);
        assertEquals(ErrorCode.NOENT, refused("CGNETSET", "pid", "50", "interface", "nosuch9", "egress_bps", "1000000"));
        assertEquals(ErrorCode.NOENT, refused("CGMEMSET", "dcid", "0", "endpoint", "5", "max", "1MiB"));
        assertEquals(ErrorCode.NOENT, refused("CGMEMSET", "dcid", "0", "max", "1MiB"));
        List<HelperRequest> asked = helper.asked();
        assertTrue(asked.stream().noneMatch(each -> each instanceof HelperRequest.GroupPlace), asked.toString());
        assertTrue(asked.containsAll(List.of(new HelperRequest.GroupForget(GroupPath.of("pid50-100")),
                new HelperRequest.GroupForget(GroupPath.of("dc0/ep5")))), asked.toString());
    }

    @Test
    void areMeantByWhatIsShownToo() throws Exception {
        assertEquals(ask("CGMEM", "path", "web").values(), ask("CGMEM", "path", "dvs.slice/n0/web").values());
        ask("CGMEMSET", "path", "dvs.slice/n0/web", "max", "64MiB");
        assertEquals(67_108_864L, ask("CGMEM", "path", "web").row().get("max"));
        assertFalse(Files.exists(root.resolve("sys/fs/cgroup/dvs.slice/n0/dvs.slice")));
        for (String bad : List.of("dvs.slice", "dvs.slice/n1/web", "dvs.slice/n0", "dvs.slice/n0/../n1")) {
            assertEquals(ErrorCode.BADVALUE, refused("CGMEMSET", "path", bad, "max", "64MiB"), bad);
        }
    }

    @Test
    void forProcessesWhoseLimitsAreGoneTakeNone() throws Exception {
        sample.file("sys/fs/cgroup/dvs.slice/n0/ended/memory.max", "4096\n");
        for (String path : List.of("ended", "ended/x", "dvs.slice/n0/ended")) {
            assertEquals(ErrorCode.BADVALUE, refused("CGMEMSET", "path", path, "max", "64MiB"), path);
            assertEquals(ErrorCode.BADVALUE, refused("CGNETSET", "path", path, "interface", "eth0", "egress_bps", "9000"), path);
            assertEquals(ErrorCode.BADVALUE, refused("CONTROLLERSET", "path", path, "enable", "cpu"), path);
        }
        assertEquals(List.of(), helper.asked());
        ask("CGMEMRESET", "path", "ended");
        assertEquals("max", Files.readString(root.resolve("sys/fs/cgroup/dvs.slice/n0/ended/memory.max")));
    }

    @Test
    void ofProcessesThatHaveEndedGo() throws Exception {
        String top = "sys/fs/cgroup/dvs.slice/n0/";
        for (String name : List.of("pid50-100", "pid50-99", "pid77-5", "pidgeon", "pid1-2-3", "dc0")) {
            sample.file(top + name + "/memory.max", "4096\n");
        }
        new EndedProcesses(root, helper).look();
        assertEquals(List.of(new HelperRequest.GroupRemove(GroupPath.of("pid50-99")),
                new HelperRequest.GroupRemove(GroupPath.of("pid77-5"))), helper.asked());
    }

    private void put(int number, int pid) {
        kernel.put(new ProcessInfo(0, number, number, "p" + number, 0, 0, pid, -1, 0, EndpointNumbers.NONE, EndpointNumbers.NONE,
                EndpointNumbers.NONE, EndpointNumbers.NONE, EndpointNumbers.NONE, 0, 0, 0, 0));
    }

    @Test
    void refuseWhatIsNoTargetOrNoValue() {
        assertEquals(ErrorCode.INVAL, refused("CGCPU"));
        assertEquals(ErrorCode.INVAL, refused("CGCPU", "path", "web", "pid", "5"));
        assertEquals(ErrorCode.INVAL, refused("CGCPU", "endpoint", "5"));
        assertEquals(ErrorCode.INVAL, refused("CGCPUSET", "path", "web"));
        assertEquals(ErrorCode.INVAL, refused("CGIOSET", "path", "web", "rbps", "1"));
        assertEquals(ErrorCode.INVAL, refused("CGIOSET", "path", "web", "device", "8:0"));
        assertEquals(ErrorCode.NOENT, refused("CGIOSET", "path", "web", "device", "9:9", "rbps", "1"));
        for (String bad : List.of("../x", "/etc", "a/../b", "a b", "$(id)", "a;b", "a\nb", "-x", ".x", "x".repeat(65),
                "\u00e9")) {
            assertEquals(ErrorCode.BADVALUE, refused("CGMEM", "path", bad), bad);
            assertEquals(ErrorCode.BADVALUE, refused("CGMEMSET", "path", bad, "max", "1MiB"), bad);
            assertEquals(ErrorCode.BADVALUE, refused("CONTROLLERSET", "path", bad, "enable", "cpu"), bad);
        }
        for (String bad : List.of("5", "64 MiB", "-1", "1PiB", "max;id", "99999999TiB")) {
            DvsException e = assertThrows(DvsException.class, () -> ask("CGMEMSET", "path", "web", "max", bad), bad);
            assertTrue(e.code() == ErrorCode.BADVALUE || e.code() == ErrorCode.BADRANGE, bad + " " + e);
        }
        assertEquals(ErrorCode.BADRANGE, refused("CGCPUSET", "path", "web", "weight", "10001"));
        assertEquals(ErrorCode.BADRANGE, refused("CGCPUSET", "path", "web", "period_us", "999"));
        assertEquals(ErrorCode.BADVALUE, refused("CGCPUSET", "path", "web", "quota_us", "0"));
    }

    @Test
    void giveTypedErrorsWhereSomethingIsMissing() throws Exception {
        assertEquals(ErrorCode.NOENT, refused("CGCPU", "path", "gone"));
        assertEquals(ErrorCode.NOENT, refused("CGMEM", "dcid", "0"));
        assertEquals(ErrorCode.DCNOTRUN, refused("CGMEM", "dcid", "1"));
        assertEquals(ErrorCode.NOTBIND, refused("CGMEM", "dcid", "0", "endpoint", "77"));
        assertEquals(ErrorCode.SRCH, refused("CGMEM", "pid", "99"));
        for (String request : List.of("CGCPURESET", "CGMEMRESET", "CGIORESET")) {
            assertEquals(ErrorCode.NOENT, refused(request, "path", "gone"));
        }
        assertEquals(ErrorCode.SRCH, refused("CGMEMSET", "pid", "99", "max", "1MiB"));
        assertEquals(ErrorCode.NOENT, refused("CGNET", "path", "gone"));
        assertEquals(ErrorCode.NOENT, refused("CGNETRESET", "path", "gone"));
    }

    @Test
    void limitTrafficWhereNamedAndSayWhyWhereTheyCannot() throws Exception {
        assertEquals(List.of(), ask("CGNET", "path", "web").table());
        assertEquals(List.of(), ask("CGNET", "pid", "50").table());
        assertEquals(List.of(), helper.asked().stream().filter(each -> !each.toString().contains("web")).toList());
        helper.shows(HelperReply.of(List.of(8_000L, 0L, 0L, 3L, 7L, 100L, 2L, 1L), List.of("eth0")));
        assertEquals(List.of("dvs.slice/n0/web", "eth0", 8_000L, -1L, 0L, 3L, 7L, 100L, 2L, 1L), ask("CGNET", "path", "web")
                .values());
        helper.asked();
        ask("CGNETSET", "path", "web", "interface", "eth0", "ingress_bps", "9000");
        ask("CGNETSET", "pid", "50", "interface", "eth1", "egress_bps", "1000000", "burst", "64KiB", "priority", "1", "mark",
                "5");
        ask("CGNETRESET", "path", "web", "interface", "eth0");
        ask("CGNETRESET", "path", "web");
        assertEquals(List.of(new HelperRequest.NetSet(GroupPath.of("web"), "eth0", new NetLimit(8_000, 9_000, 0, 3, 7)),
                new HelperRequest.NetSet(GroupPath.of("pid50-100"), "eth1", new NetLimit(1_000_000, 0, 65_536, 1, 5)),
                new HelperRequest.GroupPlace("unified", GroupPath.of("pid50-100"), 50, 100),
                new HelperRequest.NetClear(GroupPath.of("web"), "eth0"), new HelperRequest.NetClear(GroupPath.of("web"), "")),
                helper.asked().stream().filter(each -> !(each instanceof HelperRequest.GroupMake)
                        && !(each instanceof HelperRequest.NetShow)).toList());

        assertEquals(ErrorCode.INVAL, refused("CGNETSET", "path", "web", "interface", "eth0"));
        assertEquals(ErrorCode.BADRANGE, refused("CGNETSET", "path", "web", "interface", "eth0", "egress_bps", "999"));
        assertEquals(ErrorCode.INVAL, refused("CGNETSET", "path", "web", "interface", "eth0", "egress_bps", "0", "priority",
                "1"));
        for (String bad : List.of("-x", "a b", "../eth0", "eth0;id", "$(id)", "x".repeat(16), "eth0\nx")) {
            assertEquals(ErrorCode.BADVALUE, refused("CGNETSET", "path", "web", "interface", bad, "egress_bps", "1000"), bad);
        }
        helper.lacks("there is no program nft (package nftables)");
        handlers = CgroupComponent.handlers(root, () -> kernel, helper, cleared::add);
        for (String request : List.of("CGNET", "CGNETRESET")) {
            assertEquals(ErrorCode.NOSYS, refused(request, "path", "web"));
        }
        assertEquals(ErrorCode.NOSYS, refused("CGNETSET", "path", "web", "interface", "eth0", "egress_bps", "1000"));
        assertEquals(List.of("cg net: not supported here, because control groups have no controller of networks, and there is no"
                + " program nft (package nftables)"), ask("CONTROLLER").row().get("unsupported"));
    }

    @Test
    void areListedWithWhatIsSwitchedOn() throws Exception {
        Map<String, Object> row = ask("CONTROLLER").row();
        assertEquals(List.of("cpuset", "cpu", "io", "memory", "pids"), row.get("available"));
        assertEquals(List.of("cpu", "memory"), row.get("enabled"));
        assertEquals(List.of(), row.get("v1_mounts"));
        assertEquals(List.of(), row.get("unsupported"));
        ask("CONTROLLERSET", "path", "web", "enable", "cpu", "disable", "memory");
        assertEquals(List.of(new HelperRequest.GroupEnable("cpu", GroupPath.of("web"), true),
                new HelperRequest.GroupEnable("memory", GroupPath.of("web"), false)), helper.asked());
    }
}
