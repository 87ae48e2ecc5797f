package org.dvs.assembly;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.stream.Stream;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Starts a program in place of a node, as root does, for the user nobody. Names finish the sentence "a node that root starts …".
 */
@Tag("R-CMD-17")
class HelperIT {
    private static final Path HELPER = Path.of("target", "assembly", "bin", "dvs-helper").toAbsolutePath();

    @TempDir
    private Path base;
    private Path said;

    @BeforeEach
    void needRoot() throws IOException {
        assumeTrue("root".equals(System.getProperty("user.name")), "only root can become another user");
        assumeTrue(Files.isWritable(Path.of("/run")), "/run cannot be written here");
        said = base.resolve("said");
        Files.setPosixFilePermissions(base, PosixFilePermissions.fromString("rwx--x--x"));
    }

    private Process start(String user) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(HELPER.toString(), "start", "/usr/bin/sleep", "120");
        builder.environment().put("KARAF_BASE", base.toString());
        builder.environment().put("DVS_USER", user);
        builder.environment().keySet().removeIf(name -> name.startsWith("KARAF_D") || name.startsWith("KARAF_E"));
        return builder.redirectErrorStream(true).redirectOutput(said.toFile()).start();
    }

    private static String file(Object process, String name) {
        try {
            return Files.readString(Path.of("/proc", process.toString(), name), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            return "";
        }
    }

    private static Optional<ProcessHandle> helperOf(long node) {
        return ProcessHandle.allProcesses().filter(each -> {
            String words = file(each.pid(), "cmdline");
            return words.contains("\0org.dvs.helper.tool.Main\0") && words.endsWith("\0--pid\0" + node + "\0");
        }).findFirst();
    }

    private static Optional<ProcessHandle> servingHelperOf(long node) {
        return helperOf(node).filter(each -> {
            String[] words = file(each.pid(), "cmdline").split("\0");
            for (int i = 0; i + 1 < words.length; i++) {
                if (words[i].equals("--socket")) {
                    return Files.exists(Path.of(words[i + 1]));
                }
            }
            return false;
        });
    }

    @Test
    void isAnOrdinaryUsersWithoutCapabilitiesBesideAHelperThatIsStartedAgainAndEndsWithIt() throws Exception {
        Process node = start("nobody");
        try {
            await().atMost(60, SECONDS).until(() -> file(node.pid(), "cmdline").startsWith("/usr/bin/sleep") || !node.isAlive());
            assumeTrue(!Files.readString(said).contains("and the node too"), "nobody may not enter the checkout: "
                    + Files.readString(said));
            String status = file(node.pid(), "status");
            assertTrue(status.contains("Uid:\t65534\t65534\t65534\t65534\n"), status);
            assertTrue(status.contains("CapEff:\t0000000000000000\n") && status.contains("CapBnd:\t0000000000000000\n"), status);
            assertEquals("nobody", Files.getOwner(base.resolve("data")).getName());

            ProcessHandle first = await().atMost(60, SECONDS).until(() -> servingHelperOf(node.pid()), Optional::isPresent)
                    .orElseThrow();
            String powers = file(first.pid(), "status").replaceAll("(?s).*CapBnd:\t([0-9a-f]+)\n.*", "$1");
            // chown, dac_override, fowner and all others that it needs not: gone for good.
            assertEquals(Long.toHexString(1 << 5 | 1 << 6 | 1 << 7 | 1 << 8 | 1 << 12 | 1 << 18 | 1 << 19 | 1 << 21),
                    Long.toHexString(Long.parseLong(powers, 16)));

            // At the top of a tree of control groups it may make nothing itself.
            try (Stream<String> mounts = Files.lines(Path.of("/proc/mounts"))) {
                for (String line : mounts.filter(each -> each.matches("\\S+ \\S+ cgroup2? .*") && !each.contains("name=")).toList()) {
                    Path slice = Path.of(line.split(" ")[1], "dvs.slice");
                    assertTrue(Files.isDirectory(slice), slice.toString());
                    assertEquals("root", Files.getOwner(slice).getName());
                }
            }
            first.destroyForcibly();
            ProcessHandle second = await().atMost(60, SECONDS).until(() -> helperOf(node.pid())
                    .filter(each -> each.pid() != first.pid()),
                    Optional::isPresent).orElseThrow();
            await().atMost(60, SECONDS).until(() -> servingHelperOf(node.pid()), Optional::isPresent);
            assertTrue(Files.isDirectory(runFolder()));
            node.destroyForcibly();
            await().atMost(60, SECONDS).until(() -> !second.isAlive() && helperOf(node.pid()).isEmpty());
            await().atMost(60, SECONDS).until(() -> !Files.exists(runFolder()));
        } finally {
            node.destroyForcibly();
            clean();
        }
    }

    @Test
    void saysWhyItStaysWithRootAndGoesOn() throws Exception {
        Process node = start("no-such-user");
        try {
            await().atMost(60, SECONDS).until(() -> file(node.pid(), "cmdline").startsWith("/usr/bin/sleep"));
            assertEquals("dvs: running as root, and the node too: there is no user 'no-such-user'; 'useradd --system --shell /usr/sbin/nologin"
                    + " no-such-user' makes one, DVS_USER names another\n", Files.readString(said));
            assertTrue(file(node.pid(), "status").contains("Uid:\t0\t"));
            assertEquals(Optional.empty(), helperOf(node.pid()));
        } finally {
            node.destroyForcibly();
        }
    }

    /** Where the helper of this base has its socket. */
    private Path runFolder() throws IOException {
        Process sum = new ProcessBuilder("sh", "-c", "printf %s \"$1\" | cksum", "sum", base.toString()).start();
        return Path.of("/run/dvs", new String(sum.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).split(" ")[0]);
    }

    /** What the helper of this base had below /run, if the test failed before it went. */
    private void clean() throws IOException {
        Path folder = runFolder();
        if (Files.isDirectory(folder)) {
            try (Stream<Path> all = Files.walk(folder)) {
                all.sorted(java.util.Comparator.reverseOrder()).forEach(each -> {
                    try {
                        Files.deleteIfExists(each);
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                });
            }
        }
    }
}
