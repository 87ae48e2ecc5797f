package org.dvs.agent.host.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.api.Role;
import org.dvs.helper.api.ContainerEngine;
import org.dvs.helper.api.ContainerEngine.Verb;
import org.dvs.helper.api.HelperReply;
import org.dvs.helper.api.HelperRequest;
import org.dvs.helper.api.HelperRequest.ContainerCall;
import org.dvs.helper.program.CommandResult;
import org.dvs.kernel.api.DcSettings;
import org.dvs.kernel.api.DvsParameters;
import org.dvs.testkit.Asked;
import org.dvs.testkit.ProcSample;
import org.dvs.testkit.RecordingKernel;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Engines are played by what they printed. Names finish the sentence "RQST_CONTAINER …". */
@Tag("R-CMD-17")
class ContainerHandlersTest {
    private static final String ID = "4f66ad9a0b2e7c0b1f0f4b8d5f5c1e5a5b2f1d3c4e5f60718293a4b5c6d7e8f9";

    /** Answers each verb with what the engine printed, or refuses. */
    private static final class Engine extends SeparateHelper {
        private final Map<Verb, String> prints = new HashMap<>();
        private final List<ContainerCall> calls = new ArrayList<>();
        private ErrorCode refusal;

        @Override
        public HelperReply ask(HelperRequest request) throws DvsException {
            ContainerCall call = (ContainerCall) request;
            calls.add(call);
            if (refusal != null) {
                throw new DvsException(refusal, "docker: it said so");
            }
            return HelperReply.of(new CommandResult(0, 0, 1, prints.getOrDefault(call.verb(), ""), "", false, false, false));
        }
    }

    @TempDir
    private Path root;
    private final RecordingKernel kernel = new RecordingKernel();
    private final Engine engine = new Engine();
    private ContainerListHandler list;
    private ContainerHandler change;

    @BeforeEach
    void machine() throws Exception {
        new ProcSample(root).file("usr/bin/docker", "#!/bin/false\n").file("var/run/docker.sock", "")
                .file("proc/77/cgroup", "0::/docker/" + ID + "\n")
                .file("proc/self/mountinfo", "30 20 0:26 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw\n");
        Files.setPosixFilePermissions(root.resolve("usr/bin/docker"), PosixFilePermissions.fromString("rwxr-xr-x"));
        engine.prints.put(Verb.LIST, ID + "\n");
        engine.prints.put(Verb.INSPECT, ID + "\t/web\tnginx:1.25\trunning\t77\t\"2024-03-01T10:00:00.5Z\"\t80/tcp 443/tcp \n");
        list = new ContainerListHandler(root, () -> kernel, engine);
        change = new ContainerHandler(root, () -> kernel, engine);
    }

    @Test
    void listsContainersOfTheEngineInstalledAndDcs() throws Exception {
        kernel.dvsInit(0, "node0", DvsParameters.DEFAULT);
        kernel.dcInit(DcSettings.of(3, "dc3", DvsParameters.DEFAULT));
        List<Map<String, Object>> rows = Asked.of(list).rows();
        assertEquals(List.of("dc", "docker"), rows.stream().map(row -> row.get("engine")).toList());
        assertEquals(List.of("3", "dc3", "running", 3L, "dvs.slice/n0/dc3"), List.of(rows.get(0).get("id"), rows.get(0)
                .get("name"),
                rows.get(0).get("state"), rows.get(0).get("dcid"), rows.get(0).get("cgroup")));
        assertEquals(List.of(ID, "web", "nginx:1.25", "running", 77L, 1_709_287_200_500L, List.of("80/tcp", "443/tcp"),
                "docker/" + ID, -1L),
                new ArrayList<>(rows.get(1).values()).subList(1, 10));
        assertEquals(1, Asked.of(list, "engine", "docker", "id", "web").rows().size());
        assertEquals(1, Asked.of(list, "id", ID.substring(0, 12)).rows().size());
        assertEquals(ErrorCode.NOENT, refused("id", "nosuch"));
        assertEquals(ErrorCode.NOENT, refused("engine", "podman"));
        assertEquals(ErrorCode.BADVALUE, refused("engine", "rkt"));
    }

    /** The files of /proc were recorded; only folders in command lines and the group of a session are others. */
    private Path recorded() throws Exception {
        Path recorded = Path.of(getClass().getResource("/containers").toURI());
        try (Stream<Path> files = Files.walk(recorded)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Path copy = root.resolve(recorded.relativize(file));
                Files.createDirectories(copy.getParent());
                Files.copy(file, copy, StandardCopyOption.REPLACE_EXISTING);
            }
        }
        return root.resolve("proc");
    }

    private static List<String> seen(List<Map<String, Object>> rows) {
        return rows.stream().map(row -> row.get("engine") + " " + row.get("name") + " " + row.get("pid") + " " + row.get("state")
                + " '" + row.get("cgroup") + "'").toList();
    }

    @Test
    void seesContainersOfLxcAndNspawnThatRunButNoOtherNamespace() throws Exception {
        recorded();
        List<String> all = List.of("lxc web 19267 running 'lxc.payload.web'",
                "lxc shop 19951 running 'user.slice/user-1001.slice/session-3.scope'",
                "nspawn blue 19945 running 'user.slice/user-1001.slice/session-3.scope'");
        List<Map<String, Object>> rows = Asked.of(list).rows();
        assertEquals(all, seen(rows).subList(0, 3));
        assertEquals("docker", rows.get(3).get("engine"), "and the others as ever");
        assertEquals(4, rows.size(), "the namespace that unshare made is no container");
        int calls = engine.calls.size();
        assertEquals(all.subList(0, 2), seen(Asked.of(list, "engine", "lxc").rows()));
        assertEquals(all.subList(2, 3), seen(Asked.of(list, "engine", "nspawn", "id", "blue").rows()));
        assertEquals(calls, engine.calls.size(), "no program is asked for these");
        assertEquals(ErrorCode.NOENT, refused("engine", "nspawn", "id", "web"));
    }

    @Test
    void namesAContainerOfNspawnAsItsUnitItsOptionsOrItsFolderDo() throws Exception {
        Path proc = recorded();
        Map<String, String> names = new LinkedHashMap<>();
        names.put("systemd-nspawn\0-Mred\0--private-users\0", "red");
        names.put("/usr/bin/systemd-nspawn\0--machine=green\0-D\0/srv/other\0", "green");
        names.put("systemd-nspawn\0-D\0/srv/tree\0sleep\0", "tree");
        names.put("systemd-nspawn\0--image=/srv/disk.raw\0", "disk");
        for (Map.Entry<String, String> each : names.entrySet()) {
            Files.writeString(proc.resolve("19943/cmdline"), each.getKey());
            assertEquals(each.getValue(), Asked.of(list, "engine", "nspawn").row().get("name"));
        }
        for (String odd : List.of("", "\0\0", "/\0", "x".repeat(100_000), "systemd-nspawn", "systemd-nspawn\0-M\0")) {
            Files.writeString(proc.resolve("19943/cmdline"), odd);
            assertTrue(Asked.of(list, "engine", "nspawn").rows().size() <= 1, odd);
        }
        Files.writeString(proc.resolve("19943/cmdline"), "systemd-nspawn\0--quiet\0");
        assertEquals(List.of(), Asked.of(list, "engine", "nspawn").rows(), "called like a folder that nobody sees");
        Files.writeString(proc.resolve("19945/cgroup"), "4:memory:/machine.slice/machine-a\\x2db.scope/payload\n");
        assertEquals("a-b", Asked.of(list, "engine", "nspawn").row().get("name"));
        Files.writeString(proc.resolve("19945/cgroup"), "4:memory:/machine.slice/systemd-nspawn@c.service/payload\n");
        assertEquals("c", Asked.of(list, "engine", "nspawn").row().get("name"));
    }

    @Test
    void namesAContainerOfLxcByItsGroupWhereTheMonitorIsAnother() throws Exception {
        Path proc = recorded();
        Files.writeString(proc.resolve("19950/cmdline"), "/usr/bin/python3\0");
        assertEquals(1, Asked.of(list, "engine", "lxc").rows().size());
        for (String group : List.of("/user.slice/u.scope/lxc.payload.shop", "/lxc/shop/init.scope", "/lxc.payload/shop")) {
            Files.writeString(proc.resolve("19951/cgroup"), "4:memory:" + group + "\n");
            assertEquals("shop", Asked.of(list, "engine", "lxc").rows().get(1).get("name"), group);
        }
        Files.writeString(proc.resolve("19951/cgroup"), "4:memory:/lxc.payload.web/docker/abc\n");
        assertEquals(1, Asked.of(list, "engine", "lxc").rows().size(), "what runs in a container is not that container");
    }

    @Test
    void leavesOutAnEngineThatIsNotAtWorkUnlessItIsNamed() throws Exception {
        engine.refusal = ErrorCode.CONNREFUSED;
        assertEquals(List.of(), Asked.of(list).rows());
        assertEquals(ErrorCode.CONNREFUSED, refused("engine", "docker"));
        engine.refusal = ErrorCode.TIMEDOUT;
        assertEquals(ErrorCode.TIMEDOUT, refused());
    }

    @Test
    void startsNoProgramOfAnEngineWithoutServerUnlessItIsNamed() throws Exception {
        Files.delete(root.resolve("var/run/docker.sock"));
        assertEquals(List.of(), Asked.of(list).rows());
        assertEquals(List.of(), engine.calls);
        assertEquals("web", Asked.of(list, "engine", "docker").row().get("name"), "who names it has its own word for it");
        Files.createDirectory(root.resolve(".docker"));
        assertEquals("web", Asked.of(list).row().get("name"), "it may have been told of another place");
    }

    @Test
    void showsAContainerThatDoesNotRunWithWhatIsKnown() throws Exception {
        engine.prints.put(Verb.INSPECT, "abc\t/old\timg\texited\t0\t\"\"\t\nnot a line of ours\n");
        Map<String, Object> row = Asked.of(list, "engine", "docker").row();
        assertNull(row.get("pid"));
        assertNull(row.get("created"));
        assertNull(row.get("cgroup"));
    }

    @Test
    void changesOnlyWhatIsNamedAndForAnAdminOnly() throws Exception {
        assertEquals(Role.ADMIN, change.spec().role());
        engine.prints.put(Verb.RUN, "some warning\n" + ID + "\n");
        assertEquals(ID, Asked.of(change, "operation", "run", "id", "nginx:1.25", "memory", "64MiB", "cpus", "1.5").row()
                .get("id"));
        ContainerCall call = engine.calls.get(0);
        assertEquals(List.of(ContainerEngine.DOCKER, Verb.RUN, List.of("nginx:1.25"), 67_108_864L, 1_500),
                List.of(call.engine(), call.verb(), call.operands(), call.memory(), call.milliCpus()));
        Asked.of(change, "operation", "stop", "id", "web");
        assertEquals(List.of("web"), engine.calls.get(1).operands());
        for (String bad : List.of("-v", "--privileged", "a b", "$(id)", "a;b", "")) {
            assertEquals(ErrorCode.BADVALUE, assertThrows(DvsException.class,
                    () -> Asked.of(change, "operation", "run", "id", bad)).code(), bad);
        }
        assertEquals(ErrorCode.BADVALUE, assertThrows(DvsException.class,
                () -> Asked.of(change, "operation", "stop", "id", "a/b")).code());
        assertEquals(ErrorCode.INVAL, assertThrows(DvsException.class,
                () -> Asked.of(change, "operation", "stop", "id", "web", "memory", "64MiB")).code());
    }

    private ErrorCode refused(String... values) {
        return assertThrows(DvsException.class, () -> Asked.of(list, values)).code();
    }
}
