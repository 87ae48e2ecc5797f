package org.dvs.helper.internal;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.helper.api.GroupPath;
import org.dvs.helper.api.HelperReply;
import org.dvs.helper.api.HelperRequest.NetSet;
import org.dvs.helper.api.NetLimit;
import org.dvs.helper.program.CommandRunner;
import org.dvs.procfs.ControlGroups;
import org.dvs.procfs.NamespaceKind;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Real traffic between two networks of this test's own; skipped, with what is lacking, where the machine cannot. Names finish the
 * sentence "the limits of a group's traffic …".
 */
@Tag("R-CMD-15")
class NetLimitsTest {
    private static final Path ROOT = Path.of("/");
    private static final GroupPath WEB = GroupPath.of("web");
    private static final String HERE = "198.18.77.1";
    private static final String THERE = "198.18.77.2";
    private static final int PORT = 5_000;
    private static final int DATAGRAMS = 400;
    private static final int SIZE = 1_000;
    private static final int HEADERS = 28;
    /** Waits for a line, then sends datagrams. Perl and its Socket are part of every Debian. */
    private static final String SEND = "read -r gate && exec perl -MSocket -e '"
            + "socket(S, PF_INET, SOCK_DGRAM, 0); my $to = sockaddr_in($ARGV[1], inet_aton($ARGV[0]));"
            + "send(S, \"x\" x 1000, 0, $to) or die for 1 .. $ARGV[2]' \"$@\"";
    private static final String RECEIVE = "read -r gate && exec perl -MSocket -e '"
            + "socket(S, PF_INET, SOCK_DGRAM, 0); bind(S, sockaddr_in($ARGV[0], INADDR_ANY)) or die; $| = 1; print qq(ready\\n);"
            + "recv(S, my $b, 2000, 0) while 1' \"$@\"";

    @TempDir
    private Path state;
    private final CommandRunner runner = new CommandRunner("/usr/bin/setsid", ROOT, 2_000);
    private final List<String> subtree = List.of("dvs-test.slice", "net" + ProcessHandle.current().pid());
    private ControlGroups controllers;
    private Groups groups;
    private final List<Sleeper> networks = new ArrayList<>();
    private NetTools here;
    private NetLimits limits;

    @BeforeEach
    void networks() throws Exception {
        assumeTrue("root".equals(System.getProperty("user.name")), "only root makes networks");
        controllers = controllers();
        groups = new Groups(controllers, subtree);
        Optional<String> lacking = limits(new NetTools(ROOT, runner, List.of())).lacking();
        assertFalse(lacking.orElse("").contains("syntax"), () -> lacking.orElse(""));
        assumeTrue(lacking.isEmpty(), () -> "not on this machine: " + lacking.orElse(""));
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/perl")), "there is no perl");
        here = network();
        NetTools there = network();
        here.run(null, "ip", "link", "add", "v0", "type", "veth", "peer", "name", "v1", "netns", "" + networks.get(1).pid());
        up(here, "v0", HERE);
        up(there, "v1", THERE);
        limits = limits(here);
        groups.make(controllers.ofTraffic().orElseThrow(), WEB);
    }

    /** The trees by whose groups traffic is told apart. */
    ControlGroups controllers() throws Exception {
        return ControlGroups.read(ROOT);
    }

    /** Whether the group of what is received can be told. */
    boolean tellsWhatIsReceived() {
        return true;
    }

    /** Takes away what {@link #controllers} made. */
    void release() {
        // The machine's own trees stay.
    }

    private NetLimits limits(NetTools tools) {
        return new NetLimits(ROOT, controllers, subtree, state, groups, tools);
    }

    private NetTools network() throws Exception {
        Sleeper holder = new Sleeper("/usr/bin/unshare", "--net", "/usr/bin/sleep", "300");
        networks.add(holder);
        long own = NamespaceKind.NET.inode(ROOT, (int) ProcessHandle.current().pid());
        await().atMost(60, SECONDS).until(() -> NamespaceKind.NET.inode(ROOT, holder.pid()) != own);
        return new NetTools(ROOT, runner, in(networks.size() - 1));
    }

    private List<String> in(int network) {
        return List.of("/usr/bin/nsenter", "--net=/proc/" + networks.get(network).pid() + "/ns/net", "--");
    }

    private static void up(NetTools tools, String device, String address) throws Exception {
        tools.run(null, "ip", "address", "add", address + "/24", "dev", device);
        tools.run(null, "ip", "link", "set", device, "up");
        tools.run(null, "ip", "link", "set", "lo", "up");
    }

    @AfterEach
    void clean() throws Exception {
        networks.forEach(Sleeper::close);
        for (ControlGroups.Hierarchy hierarchy : controllers == null ? List.<ControlGroups.Hierarchy>of() : controllers.all()) {
            Path own = hierarchy.folder().resolve(String.join("/", subtree));
            for (Path each : List.of(own.resolve("web"), own.resolve("other"), own)) {
                if (Files.exists(each)) {
                    // The kernel may still be at the end of a process that was in it.
                    await().pollDelay(Duration.ZERO).atMost(60, SECONDS).ignoreExceptions().until(() ->
                            Files.deleteIfExists(each));
                }
            }
        }
        release();
    }

    /** Starts a program that waits for a line, in a network, and in the group if it is to be. */
    private Process start(int network, boolean grouped, String line, Object... words) throws Exception {
        List<String> command = new ArrayList<>(in(network));
        command.addAll(List.of("/bin/bash", "-c", line, "-"));
        List.of(words).forEach(word -> command.add(word.toString()));
        Process process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
        if (grouped) {
            groups.place(controllers.ofTraffic().orElseThrow(), WEB, (int) process.pid());
        }
        process.getOutputStream().write('\n');
        process.getOutputStream().flush();
        return process;
    }

    /** @return nanoseconds that it took */
    private long send(int network, boolean grouped, String to) throws Exception {
        long begun = System.nanoTime();
        Process sender = start(network, grouped, SEND, to, PORT, DATAGRAMS);
        assertTrue(sender.waitFor(120, SECONDS));
        assertEquals(0, sender.exitValue());
        return System.nanoTime() - begun;
    }

    private List<Long> shown() throws Exception {
        HelperReply reply = limits.show(WEB);
        assertEquals(List.of("v0"), reply.texts());
        return reply.numbers();
    }

    @Test
    void holdBackWhatTheGroupSendsAndNobodyElse() throws Exception {
        limits.set(new NetSet(WEB, "v0", new NetLimit(1_000_000, 0, 0, 3, 7)));
        assertEquals(List.of(1_000_000L, 0L, 0L, 3L, 7L, 0L, 0L, 0L), shown());

        long others = send(0, false, THERE);
        assertEquals(0, shown().get(6), "another's packets are not the group's");
        long grouped = send(0, true, THERE);
        System.out.printf("400 datagrams: %.2f s in the group, %.2f s outside%n", grouped / 1e9, others / 1e9);
        // 411 KB at 125 KB/s, less the 208 KiB that a socket may have waiting when its program ends.
        assertTrue(grouped > SECONDS.toNanos(1), grouped / 1e9 + " s");
        assertEquals((long) DATAGRAMS, shown().get(6));
        assertEquals((long) DATAGRAMS * (SIZE + HEADERS), shown().get(5));
        String rules = here.run(null, "nft", "list", "ruleset");
        assertTrue(rules.contains("0x00000007") && rules.contains("oifname \"v0\""), rules);

        limits.set(new NetSet(WEB, "v0", new NetLimit(0, 0, 0, 0, 0)));
        assertEquals(List.of(0L, 0L, 0L, 0L, 0L), shown().subList(0, 5));
        assertEquals((long) DATAGRAMS, shown().get(6), "counts go on");
        assertFalse(here.run(null, "tc", "qdisc", "show", "dev", "v0").contains("htb"));
    }

    @Test
    void dropWhatTheGroupReceivesTooFastOrAreRefused() throws Exception {
        NetSet received = new NetSet(WEB, "v0", new NetLimit(0, 80_000, 1_600, 0, 0));
        if (!tellsWhatIsReceived()) {
            DvsException no = assertThrows(DvsException.class, () -> limits.set(received));
            assertEquals(ErrorCode.NOSYS, no.code());
            assertTrue(no.getMessage().startsWith("not supported here, because with control groups of version 1"),
                    no.getMessage());
            assertEquals(HelperReply.DONE, limits.show(WEB), "nothing is kept of it");
            return;
        }
        limits.set(received);
        Process receiver = start(0, true, RECEIVE, PORT);
        try (BufferedReader out = receiver.inputReader()) {
            assertEquals("ready", out.readLine());
            // The first ones may wait for the receiver's address, and then few of them are sent.
            send(1, false, HERE);
            send(1, false, HERE);
            // One second's worth and the burst pass: less than a fifth of what was sent each time.
            await().atMost(60, SECONDS).until(() -> shown().get(7) > DATAGRAMS / 2);
        } finally {
            receiver.destroyForcibly();
        }
    }

    @Test
    void endWithTheirGroupAndAllTogetherAndLeaveTheInterfaceAsItWas() throws Exception {
        String before = here.run(null, "tc", "qdisc", "show", "dev", "v0");
        limits.set(new NetSet(WEB, "v0", new NetLimit(1_000_000, tellsWhatIsReceived() ? 1_000_000 : 0, 0, 0, 0)));
        groups.make(controllers.ofTraffic().orElseThrow(), GroupPath.of("other"));
        limits.set(new NetSet(GroupPath.of("other"), "v0", new NetLimit(2_000_000, 0, 0, 0, 0)));
        limits.set(new NetSet(GroupPath.of("other"), "lo", new NetLimit(2_000_000, 0, 0, 0, 0)));
        assertEquals(2, new NetQueues(here).dropped("v0").size());

        groups.remove(WEB);
        limits.clear(WEB, "");
        assertEquals(HelperReply.DONE, limits.show(WEB));
        assertEquals(1, new NetQueues(here).dropped("v0").size());
        limits.clear(GroupPath.of("other"), "lo");
        assertEquals(List.of("v0"), limits.show(GroupPath.of("other")).texts());

        // One that was killed and started again finds what there is.
        NetLimits restarted = limits(here);
        assertEquals(limits.show(GroupPath.of("other")), restarted.show(GroupPath.of("other")));
        restarted.clearAll();
        assertEquals(before, here.run(null, "tc", "qdisc", "show", "dev", "v0"));
        assertEquals("", here.run(null, "nft", "list", "ruleset"));
        assertFalse(Files.exists(state.resolve("net")));
    }

    @Test
    void areRefusedForWhatIsNotThereOrNotTheirs() throws Exception {
        NetLimit some = new NetLimit(1_000_000, 0, 0, 0, 0);
        assertEquals(ErrorCode.NOENT, refused(new NetSet(GroupPath.of("gone"), "v0", some)));
        assertEquals(ErrorCode.NOENT, refused(new NetSet(WEB, "nosuch0", some)));
        assertEquals(tellsWhatIsReceived() ? ErrorCode.NOENT : ErrorCode.NOSYS,
                refused(new NetSet(WEB, "nosuch0", new NetLimit(0, 5_000, 0, 0, 0))));
        here.run(null, "tc", "qdisc", "add", "dev", "v0", "root", "handle", "1:", "htb");
        assertEquals(ErrorCode.BUSY, refused(new NetSet(WEB, "v0", some)));
        assertEquals("", here.run(null, "nft", "list", "ruleset"));
        for (String bad : List.of("", "-x", "a b", "../v0", "v0;id", "v0\nx", "x".repeat(16), "\u00e9")) {
            assertThrows(IllegalArgumentException.class, () -> new NetSet(WEB, bad, some), bad);
        }
        assertThrows(IllegalArgumentException.class, () -> new NetLimit(999, 0, 0, 0, 0));
        assertThrows(IllegalArgumentException.class, () -> new NetLimit(0, -1, 0, 0, 0));
        assertThrows(IllegalArgumentException.class, () -> new NetLimit(0, 0, 1, 0, 0));
        assertThrows(IllegalArgumentException.class, () -> new NetLimit(0, 0, 0, 8, 0));
    }

    private ErrorCode refused(NetSet request) {
        return assertThrows(DvsException.class, () -> limits.set(request), request.toString()).code();
    }

    @Test
    void goWithAnInterfaceThatVanishesAndShowWhatOthersTookAway() throws Exception {
        limits.set(new NetSet(WEB, "v0", new NetLimit(1_000_000, 0, 0, 0, 0)));
        here.run("flush ruleset\n", "nft", "-f", "-");
        assertEquals(List.of(1_000_000L, 0L), List.of(limits.set(new NetSet(WEB, "v0", new NetLimit(1_000_000, 0, 0, 0, 0)))
                == HelperReply.DONE ? shown().get(0) : -1L, shown().get(1)));
        here.run(null, "tc", "qdisc", "del", "dev", "v0", "root");
        assertEquals(0L, shown().get(0));
        here.run(null, "ip", "link", "del", "v0");
        assertEquals(HelperReply.DONE, limits.show(WEB));
        limits.clear(WEB, "v0");
        assertFalse(Files.exists(state.resolve("net")));
    }
}
