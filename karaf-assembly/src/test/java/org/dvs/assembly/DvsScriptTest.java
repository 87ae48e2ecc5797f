package org.dvs.assembly;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.zip.CRC32;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Runs the script against a node that is none. Names finish the sentence "the script …". */
@Tag("R-CMD-01")
class DvsScriptTest {
    private static final Path SCRIPT = Path.of("..", "dvs").toAbsolutePath().normalize();
    private static final String TOKEN = "a-token-that-nobody-may-see";

    @TempDir
    static Path keys;
    @TempDir
    Path folder;
    private final List<Socket> held = new ArrayList<>();
    private FakeNode node;

    private record Result(int code, String out, String err) {
    }

    @BeforeAll
    static void makeKeys() throws Exception {
        FakeNode.makeKeys(keys);
    }

    @BeforeEach
    void start() throws Exception {
        node = new FakeNode(keys.resolve("node.p12"));
        secret(folder.resolve("token"), "rw-------");
        context("here", node.url().toString());
    }

    @AfterEach
    void stop() throws Exception {
        node.close();
        for (Socket each : held) {
            each.close();
        }
    }

    @Test
    void carriesEveryWordAsItWasTyped() throws Exception {
        List<String> words = List.of("host", "command", "--", "a b", "", "q\"u\\o'te", "new\nline", "tab\t", "ü&=+%41", "$HOME", "--context");
        dvs(words.toArray(String[]::new));
        assertEquals(words, node.calls.get(0).words());
    }

    @Test
    void sendsItsTokenAndTellsThatNoTerminalIsThere() throws Exception {
        dvs("node", "list");
        FakeNode.Call call = node.calls.get(0);
        assertEquals("Bearer " + TOKEN, call.authorization());
        assertEquals(List.of("0"), call.form().get("tty"));
        assertEquals(List.of("0"), call.form().get("width"));
        assertEquals(List.of("0"), call.form().get("color"));
    }

    @Test
    void partsOutputFromErrorsAndEndsWithTheExitCodeOfTheNode() throws Exception {
        node.answers("oone", "ewarned", "h", "f", "o", "o x y", "x4");
        assertEquals(new Result(4, "one\n\n x y\n", "warned\n"), dvs("host", "df"));
    }

    @Test
    void leavesNothingThatWaitsForTheAnswerWhenItIsKilled() throws Exception {
        CountDownLatch began = new CountDownLatch(1);
        CountDownLatch broken = new CountDownLatch(1);
        node.answers((call, out) -> {
            try {
                while (!broken.await(100, TimeUnit.MILLISECONDS)) {
                    out.write("h\n".getBytes(StandardCharsets.UTF_8));
                    out.flush();
                    began.countDown();
                }
            } catch (IOException e) {
                broken.countDown();
            }
        });
        Process process = start(List.of(), "watch");
        assertTrue(began.await(20, TimeUnit.SECONDS));
        process.toHandle().destroyForcibly();
        assertTrue(broken.await(20, TimeUnit.SECONDS), "its connection is still open");
        assertEquals("", new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8), "and it says nothing more");
    }

    @Test
    void showsLinesAsTheyComeNotAtTheEnd() throws Exception {
        CountDownLatch seen = new CountDownLatch(1);
        node.answers((call, out) -> {
            out.write("ofirst\nf\n".getBytes(StandardCharsets.UTF_8));
            out.flush();
            boolean early = seen.await(20, TimeUnit.SECONDS);
            out.write(((early ? "o" : "otoo late ") + "second\nx0\n").getBytes(StandardCharsets.UTF_8));
        });
        Process process = start(List.of(), "watch");
        try (var lines = process.inputReader()) {
            assertEquals("first", lines.readLine());
            seen.countDown();
            assertEquals("second", lines.readLine());
        }
        assertTrue(process.waitFor(20, TimeUnit.SECONDS));
    }

    @Test
    @Tag("R-SEC-01")
    void sendsItsTokenToNoUrlThatIsNotHttps() throws Exception {
        try (ServerSocket listening = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            listening.setSoTimeout(1);
            for (String scheme : List.of("http", "HTTP", "ftp", "")) {
                String url = scheme + (scheme.isEmpty() ? "" : "://") + "127.0.0.1:" + listening.getLocalPort();
                context("clear", node.url().toString(), url);
                for (String[] words : List.of(new String[] {"--context", "clear", "node", "list"}, new String[] {"open", "--context=clear"})) {
                    Result result = dvs(words);
                    assertEquals(2, result.code(), result.err());
                    assertTrue(result.err().contains("'" + url + "' is not https://"), result.err());
                }
            }
            assertThrows(java.net.SocketTimeoutException.class, listening::accept);
        }
        assertEquals(List.of(), node.calls);
    }

    @Test
    void takesAContextBeforeOpenTooAndSaysWhatTakesNone() throws Exception {
        context("nobody-there", "https://127.0.0.1:" + closedPort());
        Result open = dvs("--context", "nobody-there", "open");
        assertEquals(5, open.code());
        assertTrue(open.err().startsWith("dvs: no node answers at https://127.0.0.1:"), open.err());
        assertEquals(new Result(2, "", "dvs: 'status' is for the cluster laid out here and takes no --context;"
                + " 'dvs --help' says what is done here\n"), dvs("--context=nobody-there", "status"));
        assertEquals(List.of(), node.calls);
    }

    @Test
    void asksTheNextNodeWhenOneCannotBeReached() throws Exception {
        context("two", "https://127.0.0.1:" + closedPort(), node.url().toString());
        node.answers("oanswered", "x0");
        assertEquals(new Result(0, "answered\n", ""), dvs("--context", "two", "node", "list"));
    }

    @Test
    void asksTheNextNodeWhenOneHasOnlyBegunToStart() throws Exception {
        try (FakeNode second = new FakeNode(keys.resolve("node.p12"))) {
            context("two", node.url().toString(), second.url().toString());
            node.fails(404, "{\"title\": \"There is no such request.\", \"status\": 404, \"code\": \"DVS-REQ-0107\"}");
            second.answers("oanswered", "x0");
            assertEquals(new Result(0, "answered\n", ""), dvs("--context", "two", "node", "list"));
        }
    }

    @Test
    void saysSoWhenNoNodeCanBeReached() throws Exception {
        String nobody = "https://127.0.0.1:" + closedPort();
        context("none", nobody);
        Result result = dvs("node", "list", "--context=none");
        assertEquals(5, result.code());
        assertTrue(result.err().startsWith("dvs: no node answers at " + nobody + ";"), result.err());
    }

    @Test
    void doesNotSendAgainWhatMayHaveBeenDone() throws Exception {
        try (FakeNode second = new FakeNode(keys.resolve("node.p12"))) {
            context("two", node.url().toString(), second.url().toString());
            node.answers("ohalf an answer");
            Result result = dvs("--context", "two", "dvs", "init");
            assertEquals(new Result(5, "half an answer\n", "dvs: the connection to " + node.url()
                    + " broke before the answer was complete\n"), result);
            assertEquals(List.of(), second.calls);
        }
    }

    @Test
    void doesNotTalkToANodeWithAStrangersCertificate() throws Exception {
        Path other = Files.createDirectory(folder.resolve("other"));
        try (FakeNode stranger = new FakeNode(FakeNode.makeKeys(other))) {
            context("stranger", stranger.url().toString());
            Result result = dvs("--context", "stranger", "node", "list");
            assertEquals(5, result.code());
            assertTrue(result.err().contains("certificate"), result.err());
            assertEquals(List.of(), stranger.calls);
        }
    }

    @Test
    void tellsWhyItWasRefused() throws Exception {
        node.fails(401, "{\"title\":\"The login failed.\","
                + "\"detail\":\"wrong \\\"a\\\"\",\"code\":\"DVS-SEC-1005\",\"next\":\"Look.\"}");
        assertEquals(new Result(6, "", "dvs: " + node.url() + ": DVS-SEC-1005 The login failed: wrong \"a\"\n  Next: Look.\n"),
                dvs("node", "list"));
        node.fails(503, "");
        assertEquals(new Result(5, "", "dvs: " + node.url() + ": HTTP 503\n"), dvs("node", "list"));
    }

    @Test
    void doesNotConfirmByItselfWhereNobodyCanAnswer() throws Exception {
        node.answers("?Delete node1?", "x7");
        Result result = dvs("node", "delete", "node1");
        assertEquals(7, result.code());
        assertEquals("dvs: Delete node1? Not confirmed: add --yes if you mean it.\n", result.err());
        assertEquals(1, node.calls.size());
    }

    @Test
    void asksOnATerminalAndSendsAgainWithYes() throws Exception {
        node.answers((call, out) -> out.write((call.words().contains("--yes") ? "odeleted\nx0\n" : "?Delete node1?\nx7\n")
                .getBytes(StandardCharsets.UTF_8)));
        Result result = onTerminal("y\n", "node delete node1");
        assertEquals(0, result.code(), result.out());
        assertTrue(result.out().contains("Delete node1? [y/N]") && result.out().contains("deleted"), result.out());
        assertEquals(List.of("1"), node.calls.get(0).form().get("tty"));
        assertEquals(2, node.calls.size());
    }

    @Test
    void takesAnyOtherAnswerForNo() throws Exception {
        node.answers("?Delete node1?", "x7");
        Result result = onTerminal("\n", "node delete node1");
        assertEquals(7, result.code(), result.out());
        assertEquals(1, node.calls.size());
    }

    @Test
    void obeysNoColorAndForcedColor() throws Exception {
        run(List.of("CLICOLOR_FORCE=1"), "node", "list");
        run(List.of("CLICOLOR_FORCE=1", "NO_COLOR=1"), "node", "list");
        assertEquals(List.of("1"), node.calls.get(0).form().get("color"));
        assertEquals(List.of("0"), node.calls.get(1).form().get("color"));
    }

    @Test
    void livesWithClosedInputAndAReaderThatGoes() throws Exception {
        node.answers((call, out) -> out.write("oline\n".repeat(50_000).concat("x0\n").getBytes(StandardCharsets.UTF_8)));
        Result closed = shell("'" + SCRIPT + "' node list <&- | tail -n 1");
        assertEquals(new Result(0, "line\n", ""), closed);
        Result gone = shell("'" + SCRIPT + "' node list | head -n 1");
        assertEquals(new Result(0, "line\n", ""), gone);
    }

    @Test
    void endsWith124WhenItsDeadlinePasses() throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        node.answers((call, out) -> never.await(20, TimeUnit.SECONDS));
        Result result = run(List.of("DVS_DEADLINE=4s"), "node", "list");
        never.countDown();
        assertEquals(new Result(124, "", "dvs: " + node.url() + " gave no sign of life in time\n"), result);
    }

    @Test
    void endsWith124AlsoWhenItsDeadlinePassesBeforeTheNodeHasTakenTheConnection() throws Exception {
        // Whoever connects is in its queue, and hears nothing.
        try (ServerSocket deaf = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String url = "https://127.0.0.1:" + deaf.getLocalPort();
            context("deaf", url, node.url().toString());
            Result result = run(List.of("DVS_DEADLINE=300ms"), "--context", "deaf", "node", "list");
            assertEquals(new Result(124, "", "dvs: " + url + " gave no answer within DVS_DEADLINE\n"), result);
        }
        assertEquals(List.of(), node.calls);
    }

    @Test
    void endsWith130WhenInterruptedAndClosesItsConnection() throws Exception {
        CountDownLatch called = new CountDownLatch(1);
        CountDownLatch noticed = new CountDownLatch(1);
        node.answers((call, out) -> {
            called.countDown();
            try {
                while (true) {
                    out.write("h\n".getBytes(StandardCharsets.UTF_8));
                    out.flush();
                }
            } catch (IOException e) {
                noticed.countDown();
            }
        });
        // Passes the signal on to the script and to all that it has started, as a terminal does.
        Process process = start(List.of("timeout", "--preserve-status", "-s", "INT", "60"), "host", "ps");
        assertTrue(called.await(30, TimeUnit.SECONDS), "the node was not asked");
        assertEquals(0, new ProcessBuilder("kill", "-INT", Long.toString(process.pid())).start().waitFor());
        Result result = result(process);
        assertEquals(130, result.code(), result.err());
        assertTrue(noticed.await(20, TimeUnit.SECONDS), "the node never learned that its client had gone");
    }

    @Test
    void showsNothingSecretInTheListOfProcesses() throws Exception {
        CountDownLatch called = new CountDownLatch(1);
        CountDownLatch looked = new CountDownLatch(1);
        node.answers((call, out) -> {
            called.countDown();
            looked.await(20, TimeUnit.SECONDS);
            out.write("x0\n".getBytes(StandardCharsets.UTF_8));
        });
        Process process = start(List.of(), "node", "list");
        assertTrue(called.await(20, TimeUnit.SECONDS));
        List<String> lines = new ArrayList<>();
        try (Stream<ProcessHandle> children = process.descendants()) {
            children.forEach(child -> lines.add(commandLine(child.pid())));
        }
        looked.countDown();
        assertTrue(process.waitFor(20, TimeUnit.SECONDS));
        assertTrue(lines.stream().anyMatch(line -> line.startsWith("curl")), lines::toString);
        assertFalse(lines.toString().contains(TOKEN), lines::toString);
    }

    @Test
    void namesWhatIsWrongWithItsContext() throws Exception {
        assertEquals(2, dvs("--context", "nobody", "node", "list").code());
        Files.writeString(folder.resolve("dvs/contexts/odd"), "uri = https://127.0.0.1:1\n");
        Result odd = dvs("--context", "odd", "node", "list");
        assertEquals(2, odd.code());
        assertTrue(odd.err().contains("there is no key 'uri'"), odd.err());
        assertEquals(2, dvs("--context", "../../etc", "node", "list").code());
        assertEquals(2, dvs("--connect-timeout", "5", "node", "list").code());
    }

    @Test
    void needsNoMoreThanThreeProcessesPerCall() throws Exception {
        assumeTrue(shell("strace -qq -o /dev/null true").code() == 0, "strace may not be used here");
        shell("strace -f -qq -e trace=clone,clone3,fork,vfork -o '" + folder.resolve("forks") + "' '" + SCRIPT + "' node list");
        long forks;
        try (Stream<String> lines = Files.lines(folder.resolve("forks"))) {
            // A call that another process's line comes into has a second one, "<... clone resumed>".
            forks = lines.filter(line -> line.contains("clone") || line.contains("fork"))
                    .filter(line -> !line.contains("resumed>")).count();
        }
        assertTrue(forks <= 3, forks + " processes");
    }

    @Test
    void helpsWithItsOwnWordsAndThoseOfTheNode() throws Exception {
        node.answers("othe node's words", "x0");
        Result help = dvs("help");
        assertEquals(0, help.code(), help.err());
        assertTrue(help.out().contains("  down [--destroy] ") && help.out().endsWith("\n\nthe node's words\n"), help.out());
        assertEquals(new Result(0, "the node's words\n", ""), dvs("help", "host"));
    }

    @Test
    void namesTheWordsThatAreMeantByStartAndStop() throws Exception {
        assertEquals(new Result(2, "", "dvs: 'stop' is not a command; 'dvs up' starts the nodes, 'dvs down' stops them\n"), dvs("stop"));
        assertEquals(List.of(), node.calls);
    }

    @Test
    void neitherWaitsForANodeThatWasTakenOutNorStartsIt() throws Exception {
        Path home = layOut(node.url().getPort(), closedPort());
        nodesListed("removed");
        Process running = new ProcessBuilder("sleep", "60").start();
        try {
            runs(home.resolve("node0"), running.pid());

            Result up = run(List.of("DVS_HOME=" + home, "DVS_UP_TIMEOUT=20"), "up");
            assertEquals(0, up.code(), up.err());
            assertTrue(up.err().endsWith("dvs: node1 was taken out of the cluster; 'dvs node add node1' lets it in again\n"), up.err());
            assertTrue(up.out().lines().anyMatch(line -> line.matches("node0 +running +" + running.pid() + " .*")), up.out());
            assertTrue(up.out().lines().anyMatch(line -> line.matches("node1 +removed +- .*")), up.out());

            Result status = run(List.of("DVS_HOME=" + home), "status", "-o", "json");
            assertTrue(status.out().contains("{\"node\":\"node1\",\"pid\":null,\"state\":\"removed\""), status.out());
        } finally {
            running.destroyForcibly();
        }
    }

    @Test
    void endsANodeThatWasTakenOutAndStillRuns() throws Exception {
        Path home = layOut(node.url().getPort(), closedPort());
        nodesListed("removed");
        Process running = new ProcessBuilder("sleep", "60").start();
        Process removed = new ProcessBuilder("sleep", "60").start();
        try {
            runs(home.resolve("node0"), running.pid());
            runs(home.resolve("node1"), removed.pid());
            assertEquals(0, run(List.of("DVS_HOME=" + home, "DVS_UP_TIMEOUT=20"), "up").code());
            assertTrue(removed.waitFor(10, TimeUnit.SECONDS) && running.isAlive());
        } finally {
            running.destroyForcibly();
            removed.destroyForcibly();
        }
    }

    @Test
    void takesTheControlGroupsOfNodesThatItForgetsAwayAndNoOthers() throws Exception {
        Path mount = Files.readAllLines(Path.of("/proc/mounts")).stream().map(line -> line.split(" "))
                .filter(fields -> fields[2].startsWith("cgroup") && !fields[3].contains("name=")
                        && Files.isWritable(Path.of(fields[1])))
                .map(fields -> Path.of(fields[1])).findFirst().orElse(null);
        assumeTrue(mount != null && "root".equals(System.getProperty("user.name")), "only root may make groups");
        Path home = layOut(closedPort());
        String base = home.resolve("node0").toString();
        CRC32 own = new CRC32();
        own.update(base.getBytes(StandardCharsets.UTF_8));
        Process sum = new ProcessBuilder("sh", "-c", "printf %s \"$1\" | cksum", "sum", base).start();
        String helpers = new String(sum.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).split(" ")[0];
        Path other = mount.resolve("dvs.slice/node0-1" + helpers);
        List<Path> groups = List.of(mount.resolve("dvs.slice/node0-" + own.getValue()),
                mount.resolve("dvs.slice/node0-" + helpers));
        try {
            for (Path group : groups) {
                Files.createDirectories(group.resolve("dc0/ep5"));
            }
            Files.createDirectories(other);
            Result down = run(List.of("DVS_HOME=" + home), "down", "--destroy", "--yes");
            assertEquals(0, down.code(), down.err());
            assertFalse(down.err().contains("stays"), down.err());
            assertEquals(List.of(), groups.stream().filter(Files::exists).toList());
            assertTrue(Files.exists(other));
        } finally {
            Files.deleteIfExists(other);
            for (Path group : groups) {
                for (String below : List.of("dc0/ep5", "dc0", "")) {
                    Files.deleteIfExists(group.resolve(below));
                }
            }
        }
    }

    @Test
    void namesWhatItLeavesWhereItForgetsTheCluster() throws Exception {
        Path home = layOut(closedPort());
        Result down = run(List.of("DVS_HOME=" + home), "down", "--destroy", "--yes");
        assertEquals("dvs: 0 nodes stopped\ndvs: nothing is left in " + home + " of its nodes, their keys and their data\n",
                down.err());
        assertEquals(List.of("lock"), List.of(home.toFile().list()));
        layOut(closedPort());
        Files.writeString(home.resolve("own\u001b"), "");
        down = run(List.of("DVS_HOME=" + home), "down", "--destroy", "--yes");
        assertEquals(0, down.code());
        assertTrue(down.err().endsWith("their keys and their data; also there, and not of the cluster: own?\n"), down.err());
        assertTrue(Files.exists(home.resolve("own\u001b")));
    }

    @Test
    void waitsForANodeThatIsListedAsDown() throws Exception {
        Path home = layOut(node.url().getPort(), node.url().getPort());
        nodesListed("down");
        Process running = new ProcessBuilder("sleep", "60").start();
        try {
            runs(home.resolve("node0"), running.pid());
            runs(home.resolve("node1"), running.pid());
            Result up = run(List.of("DVS_HOME=" + home, "DVS_UP_TIMEOUT=1"), "up");
            assertEquals(5, up.code(), up.err());
            assertTrue(up.err().contains("not ready after 1 s"), up.err());
            assertTrue(up.err().matches("(?s).*dvs: up: [a-z0-9 ]+; waiting for: [a-z0-9 ]+\n.*"), up.err());
            assertTrue(running.isAlive());
        } finally {
            running.destroyForcibly();
        }
    }

    @Test
    void startsANodeThatWasJustEnding() throws Exception {
        Path home = layOut(node.url().getPort(), closedPort());
        nodesListed("down");
        image(home, "echo begun >" + home.resolve("begun"));
        Process running = new ProcessBuilder("sleep", "60").start();
        Process ending = new ProcessBuilder("sleep", "60").start();
        node.answers((call, out) -> {
            ending.destroyForcibly();
            out.write("x0\n".getBytes(StandardCharsets.UTF_8));
        });
        try {
            runs(home.resolve("node0"), running.pid());
            runs(home.resolve("node1"), ending.pid());
            Result up = run(List.of("DVS_HOME=" + home, "DVS_UP_TIMEOUT=20"), "up");
            assertTrue(up.err().contains("dvs: node1 was just ending; starting it\n"), up.err());
            // what it starts here ends at once, and is not started again and again
            assertTrue(up.err().contains("\ndvs: node1 ended while it started; "), up.err());
            assertEquals(5, up.code());
            assertTrue(Files.exists(home.resolve("begun")));
        } finally {
            running.destroyForcibly();
            ending.destroyForcibly();
        }
    }

    @Test
    @Tag("R-CMD-17")
    void takesNothingForANodesUserThatThatOneMayNotReadAndWritesNowhereElseForIt() throws Exception {
        assumeTrue(System.getProperty("user.name").equals("root"), "only root starts nodes for another user");
        Path home = layOut(node.url().getPort(), closedPort());
        nodesListed("down");
        image(home, "echo from the node");
        Path nodes = home.resolve("nodes");
        Files.writeString(nodes, Files.readString(nodes).replaceAll("(1 node1 .*) founder", "$1 added"));
        Path secrets = Files.createDirectory(folder.resolve("secrets"));
        Files.writeString(secrets.resolve("shadow"), "root's");
        Files.writeString(secrets.resolve("console.log"), "root's");
        Path laid = home.resolve("node1/etc");
        Path log = home.resolve("node1/data/log");
        Files.createDirectories(laid);
        Files.createDirectories(log.getParent());
        Files.writeString(home.resolve("node1/etc.laid"), "");
        Path mine = Files.writeString(laid.resolve("two  blanks.cfg"), "mine = 1\n");
        Files.setPosixFilePermissions(mine, PosixFilePermissions.fromString("rw-r-----"));
        // Written as a list, the last of these names is a line that says "link/shadow".
        Files.createSymbolicLink(laid.resolve("link"), secrets);
        Files.writeString(Files.createDirectories(laid.resolve("d\n1 2 ./link")).resolve("shadow"), "");
        Files.createSymbolicLink(log, secrets);
        // Nobody but root could read these.
        Path locked = Files.writeString(laid.resolve("locked.cfg"), "mine = 2\n");
        Path below = Files.writeString(Files.createDirectories(laid.resolve("locked/below")).resolve("mine.cfg"), "mine = 3\n");
        for (Path each : List.of(locked, laid.resolve("locked"))) {
            Files.setPosixFilePermissions(each, PosixFilePermissions.fromString("---------"));
        }
        own(home.resolve("node1/etc"));
        own(home.resolve("node1/data"));
        // By root, since, and so that only root may read it.
        secret(laid.resolve("roots.cfg"), "rw-------");

        Result first = run(List.of("DVS_CONTEXT=", "DVS_HOME=" + home), "node", "add", "node1");
        assertTrue(first.err().contains("\ndvs: node1 ended while it started; "), first.err());
        assertFalse(Files.exists(laid.resolve("link/shadow")), first.err());
        String left = first.err().lines().filter(line -> line.startsWith("dvs: node1: left out, ")).findFirst()
                .orElse(first.err());
        for (String name : List.of(" locked.cfg", " locked", " $'d\\n1 2 .'")) {
            assertTrue((left + ' ').contains(name + ' '), first.err());
        }
        assertFalse(Files.exists(locked) || Files.exists(below), first.err());
        assertEquals("mine = 1\n", Files.readString(mine), first.err());
        assertEquals("rw-r-----", PosixFilePermissions.toString(Files.getPosixFilePermissions(mine)));
        assertEquals(TOKEN + '\n', Files.readString(laid.resolve("roots.cfg")));
        assertEquals("root's", Files.readString(secrets.resolve("console.log")));
        assertTrue(first.err().contains("dvs: node1: what it prints stays in " + home.resolve("node1/console.log, as ")), first.err());
        assertEquals("from the node\n", Files.readString(home.resolve("node1/console.log")));

        Files.delete(log);
        Files.createDirectory(log);
        Files.createSymbolicLink(log.resolve("console.log"), secrets.resolve("console.log"));
        own(home.resolve("node1/etc"));
        own(home.resolve("node1/data"));
        Result second = run(List.of("DVS_CONTEXT=", "DVS_HOME=" + home), "node", "add", "node1");
        assertTrue(second.err().contains("\nfrom the node\n"), second.err());
        assertEquals("root's", Files.readString(secrets.resolve("console.log")));
        assertEquals("from the node\n", Files.readString(log.resolve("console.log")));
        assertFalse(Files.exists(home.resolve("node1/console.log")));
    }

    @Test
    @Tag("R-CMD-17")
    void isNeitherKeptNorLedAnywhereByWhatANodesUserPutsIntoItsData() throws Exception {
        assumeTrue(System.getProperty("user.name").equals("root"), "only root starts nodes for another user");
        Path home = layOut(closedPort());
        Path data = home.resolve("node0/data");
        Path secret = folder.resolve("shadow");
        secret(secret, "rw-------");
        Path log = Files.createDirectories(data.resolve("log")).resolve("karaf.log");
        for (Path each : List.of(log, data.resolve("log/console.log"), data.resolve("cache"))) {
            Files.createSymbolicLink(each, secret);
        }
        assertEquals(0, new ProcessBuilder("mkfifo", data.resolve("https").toString()).start().waitFor());
        own(data);
        Process running = new ProcessBuilder("sleep", "120").start();
        try {
            runs(home.resolve("node0"), running.pid());
            List<String> there = List.of("DVS_HOME=" + home, "DVS_UP_TIMEOUT=1");
            Result status = run(there, "status");
            assertTrue(status.out().lines().anyMatch(line -> line.matches("node0 +starting +" + running.pid() + " .*")),
                    status.out());
            Result up = run(there, "up");
            assertTrue(up.err().contains("\ndvs: the end of the log of node0:\n"), up.err());
            Result logs = run(there, "logs", "node0");
            assertFalse((up + " " + logs).contains(TOKEN), up + " " + logs);

            Files.delete(log);
            assertEquals(0, new ProcessBuilder("mkfifo", log.toString()).start().waitFor());
            assertEquals(new Result(5, "", "dvs: " + log + " cannot be read\n"), run(there, "logs", "node0"));

            Path authority = home.resolve("node0/keys/ca.pem");
            Files.delete(authority);
            assertEquals(0, new ProcessBuilder("mkfifo", authority.toString()).start().waitFor());
            Files.writeString(home.resolve("context"), "url = https://127.0.0.1:1\ncacert = " + authority + '\n');
            assertEquals(new Result(6, "", "dvs: the certificate of the authority, " + authority + ", cannot be read\n"),
                    run(List.of("DVS_CONTEXT=", "DVS_HOME=" + home), "node", "list"));

            // One that can be reached, as only then its certificate is looked at.
            Path nodes = home.resolve("nodes");
            Files.writeString(nodes, Files.readString(nodes).replaceFirst("\\d+ 2 founder", node.url().getPort() + " 2 founder"));
            assertTrue(run(there, "status").out().contains(" starting "));

            Files.delete(log);
            Files.writeString(log, "first\nsecond\n");
            own(data);
            assertEquals(new Result(0, "second\n", ""), run(there, "logs", "node0", "-n", "1"));
            assertTrue(run(there, "up").err().contains("\nfirst\nsecond\n"));
        } finally {
            running.destroyForcibly();
        }
    }

    @Test
    void followsTheLogOfANodesUserAndLeavesNothingThatDoesWhenItEnds() throws Exception {
        assumeTrue(System.getProperty("user.name").equals("root"), "only root starts nodes for another user");
        Path home = layOut(closedPort());
        Path log = Files.createDirectories(home.resolve("node0/data/log")).resolve("karaf.log");
        Files.writeString(log, "first\n");
        own(home.resolve("node0/data"));
        Process following = start(List.of("DVS_HOME=" + home), "logs", "node0", "-f");
        try (var lines = following.inputReader()) {
            assertEquals("first", lines.readLine());
            Files.writeString(log, "second\n", StandardOpenOption.APPEND);
            assertEquals("second", lines.readLine());
            List<ProcessHandle> readers = following.descendants().toList();
            assertFalse(readers.isEmpty());
            following.destroy();
            assertTrue(following.waitFor(20, TimeUnit.SECONDS));
            await().atMost(Duration.ofSeconds(60)).until(() -> readers.stream().allMatch(each -> ended(each.pid())));
        } finally {
            following.destroyForcibly();
        }
    }

    private static boolean ended(long pid) {
        try {
            String stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
            return stat.charAt(stat.lastIndexOf(')') + 2) == 'Z';
        } catch (IOException e) {
            return true;
        }
    }

    @Test
    void letsTheUserThroughThatNodesAreToRunAs() throws Exception {
        assumeTrue(System.getProperty("user.name").equals("root"), "only root starts nodes for another user");
        Path home = layOut(closedPort());
        for (List<String> each : List.of(List.of("no-such-user-here", "rwx------"), List.of("nobody", "rwx--x--x"),
                // One may run by now as the user of the call before.
                List.of("no-such-user-here", "rwx--x--x"))) {
            Result down = run(List.of("DVS_HOME=" + home, "DVS_USER=" + each.get(0)), "down");
            assertEquals(0, down.code(), down.err());
            assertEquals(each.get(1), PosixFilePermissions.toString(Files.getPosixFilePermissions(home)), each.get(0));
        }
    }

    /** Gives all below a folder to nobody, as a node's user has it. */
    private static void own(Path top) throws IOException, InterruptedException {
        assertEquals(0, new ProcessBuilder("chown", "-hR", "65534:65534", top.toString()).start().waitFor());
    }

    @Test
    void callsANodeSilentThatHasBeenUpAndAnswersNoMore() throws Exception {
        Path home = layOut(closedPort(), closedPort());
        Process hung = new ProcessBuilder("sleep", "60").start();
        Process young = new ProcessBuilder("sleep", "60").start();
        try {
            runs(home.resolve("node0"), hung.pid());
            listens(home.resolve("node0/data"), 1, hung.pid());
            runs(home.resolve("node1"), young.pid());
            // What a process before this one left behind says nothing about this one.
            listens(home.resolve("node1/data"), 1, hung.pid());

            Result status = run(List.of("DVS_HOME=" + home), "status");
            assertTrue(status.out().lines().anyMatch(line -> line.matches("node0 +silent +" + hung.pid() + " .*")), status.out());
            assertTrue(status.out().lines().anyMatch(line -> line.matches("node1 +starting +" + young.pid() + " .*")),
                    status.out());

            Result up = run(List.of("DVS_HOME=" + home, "DVS_UP_TIMEOUT=1"), "up");
            assertEquals(5, up.code(), up.err());
            assertTrue(up.err().contains("\ndvs: node0: up once, and no answer any more"), up.err());
            assertFalse(up.err().contains("these bundles"), up.err());
        } finally {
            hung.destroyForcibly();
            young.destroyForcibly();
        }
    }

    @Test
    void namesTheBundlesThatWereStoppedOnANodeThatDoesNotComeUp() throws Exception {
        Path home = layOut(closedPort());
        String[] states = {"mvn:org.dvs/org.dvs.security/0.1.0 2", "mvn:org.dvs/org.dvs.web/0.1.0 32",
            "mvn:io.netty/native/4 2"};
        for (int i = 0; i < states.length; i++) {
            Path bundle = Files.createDirectories(home.resolve("node0/data/cache/bundle" + i));
            Files.writeString(bundle.resolve("bundle.info"), i + "\n" + states[i].replace(' ', '\n') + "\n50\n1\n0\n");
        }
        Process young = new ProcessBuilder("sleep", "60").start();
        try {
            runs(home.resolve("node0"), young.pid());
            Result up = run(List.of("DVS_HOME=" + home, "DVS_UP_TIMEOUT=1"), "up");
            assertTrue(up.err().contains("\ndvs: node0 does not run these bundles, as somebody has stopped them: "
                    + "org.dvs.security;"), up.err());
        } finally {
            young.destroyForcibly();
        }
    }

    @Test
    void findsTheLoneNodeWhereItSaysThatItListens() throws Exception {
        Path script = unpacked(closedPort());
        Process running = new ProcessBuilder("sleep", "60").start();
        try {
            listens(folder.resolve("unpacked/data"), node.url().getPort(), running.pid());
            node.answers("othe node's words", "x0");
            assertEquals(new Result(0, "the node's words\n", ""), run(List.of("DVS_CONTEXT="), script, "node", "list"));
        } finally {
            running.destroyForcibly();
        }
        assertTrue(running.waitFor(10, TimeUnit.SECONDS));
        Result down = run(List.of("DVS_CONTEXT="), script, "node", "list");
        assertEquals(5, down.code(), "a file that a former process has left: " + down);
    }

    @Test
    void saysThatANodeIsAnotherUsersInsteadOfGuessingWhatItDoes() throws Exception {
        Path script = unpacked(node.url().getPort());
        Path pid = Files.writeString(folder.resolve("unpacked/karaf.pid"), "1");
        Files.setPosixFilePermissions(pid, PosixFilePermissions.fromString("---------"));
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        List<String> environment = new ArrayList<>(List.of("DVS_CONTEXT="));
        if (System.getProperty("user.name").equals("root")) {
            // Who may read everything is to be nobody.
            environment.addAll(List.of("setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups"));
        }
        for (String[] words : List.of(new String[] {"node", "list"}, new String[] {"status"})) {
            Result result = run(environment, script, words);
            assertEquals(6, result.code(), result.toString());
            assertTrue(result.err().contains("the node in " + folder.resolve("unpacked") + " is another user's"), result.err());
        }
        assertEquals(List.of(), node.calls);
    }

    @Test
    void helpsInADistributionWithWhatCanBeDoneThere() throws Exception {
        Path script = unpacked(node.url().getPort());
        node.answers("x0");
        Result help = run(List.of("DVS_CONTEXT="), script, "help");
        assertTrue(help.out().contains("  keys show ") && help.out().contains("bin/start"), help.out());
        assertFalse(help.out().matches("(?s).*\n  (up|down|test|node add) .*"), help.out());
    }

    @ParameterizedTest
    @CsvSource({"rw-r--r--, 6", "rw----r--, 6", "rw-rw----, 6", "rw-------, 0", "r--------, 0"})
    void refusesATokenThatOthersMayRead(String mode, int code) throws Exception {
        secret(folder.resolve("token"), mode);
        Result result = dvs("node", "list");
        assertEquals(code, result.code(), result.err());
        assertEquals(code == 0 ? 1 : 0, node.calls.size());
        assertTrue(code == 0 || result.err().contains("'chmod 600 " + folder.resolve("token") + "'"), result.err());
    }

    @Test
    void countsItsWordsBeforeItSendsThem() throws Exception {
        String[] words = new String[1_001];
        Arrays.fill(words, "x");
        assertEquals(new Result(2, "", "dvs: 1001 words are more than the 1000 that one command may have; nothing was sent\n"),
                dvs(words));
        assertEquals(List.of(), node.calls);
    }

    @Test
    void sendsNothingWhenNoAnswerCouldBeWritten() throws Exception {
        assertEquals(new Result(1, "", "dvs: standard output is closed, so that no answer could be written; nothing was sent\n"),
                shell("'" + SCRIPT + "' dvs init >&-"));
        assertEquals(List.of(), node.calls);
    }

    @Test
    void saysWhatToDoWhereThereAreNoKeysYet() throws Exception {
        Path home = layOut(1, 2);
        Path other = home.resolve("node1/keys");
        Files.delete(other.resolve("ca.pem"));
        Files.delete(other);
        String begun = "dvs: the cluster in " + home + " is not laid out to its end, as " + other
                + " is not there; 'dvs up' goes on with it\n";
        Path empty = folder.resolve("empty");
        String none = "dvs: no cluster is laid out in " + empty + "; start one with 'dvs up'\n";
        for (String words : List.of("token vera viewer", "user vera viewer", "show", "renew")) {
            String[] typed = ("keys " + words).split(" ");
            assertEquals(new Result(5, "", begun), run(List.of("DVS_HOME=" + home), typed), words);
            assertEquals(new Result(5, "", none), run(List.of("DVS_HOME=" + empty), typed), words);
        }
    }

    /** A distribution as it is unpacked, with this port in its settings; the script in it. */
    private Path unpacked(int port) throws IOException {
        Path base = Files.createDirectories(folder.resolve("unpacked"));
        Files.createDirectories(base.resolve("etc"));
        Files.createDirectories(base.resolve("keys"));
        Files.writeString(base.resolve("etc/org.dvs.web.cfg"), "port = " + port + "\n");
        Files.copy(keys.resolve("ca.pem"), base.resolve("keys/ca.pem"));
        secret(base.resolve("keys/operator.token"), "rw-------");
        Files.createDirectories(base.resolve("bin"));
        return Files.copy(SCRIPT, base.resolve("bin/dvs"), StandardCopyOption.COPY_ATTRIBUTES);
    }

    private static void secret(Path file, String mode) throws IOException {
        Files.writeString(file, TOKEN + '\n');
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
    }

    /** Has a node's data folder say that this process is the node and listens there; see ListenFile of org.dvs.web. */
    private static void listens(Path data, int port, long pid) throws IOException {
        Files.createDirectories(data);
        Files.writeString(data.resolve("https"), "127.0.0.1 " + port + ' ' + pid + ' ' + started(pid) + '\n');
    }

    /** A layout as the script makes it, of node0, node1, ... at these HTTPS ports. */
    private Path layOut(int... ports) throws IOException {
        Path home = Files.createDirectories(folder.resolve("home"));
        StringBuilder lines = new StringBuilder();
        for (int id = 0; id < ports.length; id++) {
            String name = "node" + id;
            lines.append(id).append(' ').append(name).append(" 127.0.0.1 1 ").append(ports[id]).append(" 2 founder\n");
            Files.createDirectories(home.resolve(name).resolve("keys"));
            Files.copy(keys.resolve("ca.pem"), home.resolve(name).resolve("keys/ca.pem"));
        }
        Files.writeString(home.resolve("nodes"), lines);
        Files.createDirectories(home.resolve("keys"));
        secret(home.resolve("keys/operator.token"), "rw-------");
        return home;
    }

    /** What node0 and node1 of a layout need to be started; in place of a node this runs. */
    private static void image(Path home, String shell) throws IOException {
        Path image = home.resolve("image");
        for (String file : List.of("cluster", "proxy", "web")) {
            Files.createDirectories(image.resolve("etc"));
            Files.writeString(image.resolve("etc/org.dvs." + file + ".cfg"), "");
        }
        Files.writeString(image.resolve("etc/org.apache.karaf.shell.cfg"), "");
        Files.writeString(image.resolve(".stamp"), "1\n");
        Path karaf = Files.createDirectories(image.resolve("bin")).resolve("karaf");
        Files.writeString(karaf, "#!/bin/sh\n" + shell + "\n");
        Files.setPosixFilePermissions(karaf, PosixFilePermissions.fromString("rwx------"));
        for (String name : List.of("node0", "node1")) {
            Files.writeString(home.resolve(name).resolve("keys/node.p12"), "");
        }
    }

    /** Has the fake node list node0 as up and node1 in this state. */
    private void nodesListed(String stateOfNode1) {
        String row = "o{\"node\":\"node0\",\"row\":{\"node\":\"node%d\",\"id\":%<d,\"state\":\"%s\",\"role\":null}}\n";
        String list = String.format(row, 0, "up") + String.format(row, 1, stateOfNode1) + "x0\n";
        node.answers((call, out) -> out.write((call.words().contains("__nodes") ? list : "x0\n").getBytes(StandardCharsets.UTF_8)));
    }

    /** Has a node's folder say that this process is the node. */
    private static void runs(Path node, long pid) throws IOException {
        Files.writeString(node.resolve("node.pid"), pid + " " + started(pid) + "\n");
    }

    private static String started(long pid) throws IOException {
        String stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
        return stat.substring(stat.lastIndexOf(')') + 2).split(" ")[19];
    }

    private Result dvs(String... words) throws IOException, InterruptedException {
        return run(List.of(), words);
    }

    private Result run(List<String> environment, String... words) throws IOException, InterruptedException {
        return run(environment, SCRIPT, words);
    }

    private Result run(List<String> environment, Path script, String... words) throws IOException, InterruptedException {
        return result(start(environment, script, words));
    }

    private Process start(List<String> environment, String... words) throws IOException {
        return start(environment, SCRIPT, words);
    }

    private Process start(List<String> environment, Path script, String... words) throws IOException {
        List<String> command = new ArrayList<>(List.of("env", "TERM=xterm", "DVS_CONTEXT=here", "XDG_CONFIG_HOME=" + folder));
        command.addAll(environment);
        command.add(script.toString());
        command.addAll(List.of(words));
        return new ProcessBuilder(command).redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile())).start();
    }

    private Result shell(String line) throws IOException, InterruptedException {
        return result(new ProcessBuilder("env", "DVS_CONTEXT=here", "XDG_CONFIG_HOME=" + folder, "bash", "-c", line)
                .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile())).start());
    }

    /** Runs the script on a terminal of its own, on which {@code typed} is typed. Everything it shows is in {@code out}. */
    private Result onTerminal(String typed, String words) throws IOException, InterruptedException {
        Process process = new ProcessBuilder("env", "TERM=xterm", "DVS_CONTEXT=here", "XDG_CONFIG_HOME=" + folder,
                "script", "-qec", SCRIPT + " " + words, "/dev/null").start();
        await().atMost(Duration.ofSeconds(20)).until(() -> !node.calls.isEmpty());
        try (var in = process.outputWriter()) {
            in.write(typed);
            in.flush();
            return result(process);
        }
    }

    private static Result result(Process process) throws IOException, InterruptedException {
        List<String> err = new ArrayList<>();
        Thread reader = new Thread(() -> {
            try {
                err.add(new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }, "dvs-test-err-0");
        reader.start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertTrue(process.waitFor(30, TimeUnit.SECONDS), "the script does not end");
        reader.join(5_000);
        return new Result(process.exitValue(), out, err.get(0));
    }

    private void context(String name, String... urls) throws IOException {
        StringBuilder text = new StringBuilder("# made by a test\n");
        for (String url : urls) {
            text.append("url = ").append(url).append('\n');
        }
        text.append("cacert = ").append(keys.resolve("ca.pem")).append("\ntoken-file=").append(folder.resolve("token")).append('\n');
        Files.createDirectories(folder.resolve("dvs/contexts"));
        Files.writeString(folder.resolve("dvs/contexts").resolve(name), text);
    }

    /** One that nobody listens at, nor can before the test is over: it is taken. */
    private int closedPort() throws IOException {
        Socket taken = new Socket();
        held.add(taken);
        taken.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        return taken.getLocalPort();
    }

    private static String commandLine(long pid) {
        try {
            return Files.readString(Path.of("/proc", Long.toString(pid), "cmdline")).replace('\0', ' ');
        } catch (IOException e) {
            return "";
        }
    }
}
