package org.dvs.helper.internal;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.helper.api.ContainerEngine;
import org.dvs.helper.api.ContainerEngine.Verb;
import org.dvs.helper.api.HelperRequest.ContainerCall;
import org.dvs.helper.program.CommandRunner;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A real Podman, with images and containers in a folder of this test's own; skipped, with the reason, where there is none that
 * can
 * run a container. Names finish the sentence "a container engine …".
 */
@Tag("R-CMD-17")
class EnginesTest {
    private static final int LIMIT_MS = 120_000;
    private static final String IMAGE = "localhost/dvs-test:1";

    @TempDir
    private Path root;
    private Engines engines;

    @BeforeEach
    void podman() throws Exception {
        assumeTrue("root".equals(System.getProperty("user.name")), "only root runs these containers");
        for (String program : List.of("/usr/bin/podman", "/usr/sbin/runc")) {
            assumeTrue(Files.isExecutable(Path.of(program)), "there is no " + program);
        }
        Files.writeString(root.resolve("containers.conf"), """
                [containers]
                default_ulimits = ["nofile=1024:1024", "nproc=4096:4096"]
                netns = "none"
                [engine]
                cgroup_manager = "cgroupfs"
                events_logger = "file"
                runtime = "runc"
                """);
        // What the helper calls: the real program, kept from the containers of whoever works on this machine.
        Path wrapper = Files.createDirectories(root.resolve("usr/bin")).resolve("podman");
        Files.writeString(wrapper, "#!/bin/sh\necho \"$1\" >>" + root + "/asked\nCONTAINERS_CONF=" + root
                + "/containers.conf exec /usr/bin/podman --root " + root + "/var/lib/containers/storage --tmpdir " + root
                + "/run/libpod --runroot " + root + "/run/containers --storage-driver vfs \"$@\"\n");
        Files.setPosixFilePermissions(wrapper, PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.createSymbolicLink(root.resolve("proc"), Path.of("/proc"));
        engines = new Engines(root, new CommandRunner("/usr/bin/setsid", Path.of("/"), 2_000));
        String made = run("sh", "-c", image(), "image", root.toString(), wrapper.toString(), IMAGE);
        assumeTrue(made.contains("sha256:"), "Podman makes no image here: " + made);
    }

    /** A shell, sleep, and what they are linked with. */
    private static String image() {
        return "cd \"$1\" && mkdir -p rootfs/bin && cp -L /bin/sh /bin/sleep rootfs/bin/ && for lib in $(ldd /bin/sh /bin/sleep"
                + " | grep -o '/[^ ]*\\.so[^ ]*' | sort -u); do mkdir -p rootfs${lib%/*} && cp -L $lib rootfs$lib; done"
                + " && tar -C rootfs -cf rootfs.tar . && exec \"$2\" import rootfs.tar \"$3\"";
    }

    private static String run(String... command) throws Exception {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertTrue(process.waitFor(120, SECONDS));
        return text;
    }

    @AfterEach
    void clean() throws Exception {
        if (engines != null) {
            run(root.resolve("usr/bin/podman").toString(), "rm", "--all", "--force", "--time", "0");
            run("rm", "-rf", root.resolve("var").toString(), root.resolve("run").toString());
        }
    }

    private String call(Verb verb, String... operands) throws Exception {
        return engines.call(new ContainerCall(ContainerEngine.PODMAN, verb, List.of(operands), 0, 0, LIMIT_MS)).ran().out()
                .strip();
    }

    private ErrorCode refused(Verb verb, String... operands) {
        return assertThrows(DvsException.class, () -> call(verb, operands), verb + List.of(operands).toString()).code();
    }

    @Test
    void runsStopsStartsAndRemovesAContainerAndTellsOfIt() throws Exception {
        assertEquals("", call(Verb.LIST));
        List<String> program = new ArrayList<>(List.of(IMAGE, "/bin/sh", "-c",
                "trap 'exit 0' TERM; while :; do sleep 0.2; done"));
        String id = started(program);
        assertEquals(id, call(Verb.LIST));
        String[] fields = call(Verb.INSPECT, id).split("\t", -1);
        assertEquals(List.of(id, IMAGE, "running"), List.of(fields[0], fields[2], fields[3]));
        String status = Files.readString(Path.of("/proc", fields[4], "status"));
        assertTrue(status.contains("NoNewPrivs:\t1\n"), status);
        assertTrue(Files.readString(Path.of("/proc", fields[4], "cgroup")).contains(id), "a group of its own");
        assertTrue(fields[5].matches("\"\\d{4}-\\d\\d-\\d\\dT.*\""), fields[5]);

        assertEquals(ErrorCode.BUSY, refused(Verb.REMOVE, id));
        call(Verb.STOP, id);
        assertEquals("exited", call(Verb.INSPECT, id).split("\t", -1)[3]);
        call(Verb.START, id);
        assertEquals("running", call(Verb.INSPECT, id).split("\t", -1)[3]);
        call(Verb.STOP, id);
        call(Verb.REMOVE, id);
        assertEquals("", call(Verb.LIST));
    }

    private String started(List<String> program) throws Exception {
        try {
            return engines.call(new ContainerCall(ContainerEngine.PODMAN, Verb.RUN, program, 64 << 20, 500, LIMIT_MS)).ran().out()
                    .strip();
        } catch (DvsException e) {
            assumeTrue(false, "Podman runs no container here: " + e.getMessage());
            throw e;
        }
    }

    /** Until its program is no longer needed for it. */
    private String kept(Verb verb, String... operands) {
        return await().atMost(120, SECONDS).until(() -> {
            long before = Files.size(root.resolve("asked"));
            String answer = call(verb, operands);
            return Files.size(root.resolve("asked")) == before ? answer : null;
        }, Objects::nonNull);
    }

    @Test
    void isNotAskedAgainUntilSomethingIsOtherwise() throws Exception {
        assertEquals("", kept(Verb.LIST));
        String id = started(List.of(IMAGE, "/bin/sleep", "1000"));
        assertEquals(id, call(Verb.LIST), "somebody made one");
        assertEquals(id, kept(Verb.LIST));
        String[] fields = kept(Verb.INSPECT, id).split("\t", -1);
        assertEquals("running", fields[3]);
        ProcessHandle.of(Long.parseLong(fields[4])).orElseThrow().destroyForcibly();
        await().atMost(120, SECONDS).until(() -> call(Verb.INSPECT, id).split("\t", -1)[3].equals("exited"));
        assertEquals("exited", kept(Verb.INSPECT, id).split("\t", -1)[3]);
        run(root.resolve("usr/bin/podman").toString(), "rm", id);
        assertEquals("", call(Verb.LIST), "somebody took it away");
        assertEquals(ErrorCode.NOENT, refused(Verb.INSPECT, id));
    }

    @Test
    void saysWhatItDoesNotHaveAndFetchesNothing() {
        assertEquals(ErrorCode.NOENT, refused(Verb.STOP, "nosuch"));
        assertEquals(ErrorCode.NOENT, refused(Verb.INSPECT, "nosuch"));
        assertEquals(ErrorCode.NOENT, refused(Verb.RUN, "localhost/nosuch:1"));
    }
}
