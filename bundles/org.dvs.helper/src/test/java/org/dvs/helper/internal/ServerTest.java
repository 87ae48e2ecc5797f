package org.dvs.helper.internal;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.helper.api.HelperReply;
import org.dvs.helper.api.HelperRequest;
import org.dvs.helper.api.HelperRequest.Ping;
import org.dvs.helper.api.HelperRequest.RunInDc;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Names finish the sentence "the helper's socket …". */
@Tag("R-CMD-17")
class ServerTest {
    private static final Set<String> ME = Set.of(System.getProperty("user.name"));

    @TempDir
    private Path folder;

    private Path socket() {
        return folder.resolve("s");
    }

    private Server serve(Set<String> users, Server.Worker worker) throws IOException {
        Server server = new Server(socket(), users, worker);
        Thread thread = new Thread(() -> {
            try {
                server.run();
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        }, "server");
        thread.setDaemon(true);
        thread.start();
        return server;
    }

    private SocketHelper helper() {
        return new SocketHelper(socket(), 60_000, List.of());
    }

    @Test
    void carriesRequestsAndTheirResultsAndRefusals() throws Exception {
        try (Server server = serve(ME, request -> {
            if (request instanceof Ping) {
                return HelperReply.of(42L);
            }
            throw new DvsException(ErrorCode.BUSY, request.getClass().getSimpleName());
        })) {
            assertEquals(42, helper().pid());
            DvsException refused = assertThrows(DvsException.class, () -> helper().ask(new HelperRequest.NamespacesOf(1)));
            assertEquals(ErrorCode.BUSY, refused.code());
            assertEquals("NamespacesOf", refused.getMessage());
        }
    }

    @Test
    void closesConnectionsOfOtherUsersUnread() throws Exception {
        List<HelperRequest> seen = new ArrayList<>();
        try (Server server = serve(Set.of("somebody-else"), request -> {
            seen.add(request);
            return HelperReply.DONE;
        })) {
            assertEquals(ErrorCode.NOTCONN, assertThrows(DvsException.class, () -> helper().ask(new Ping())).code());
        }
        assertEquals(List.of(), seen);
    }

    @Test
    void closesConnectionsThatBringNoFrameAndGoesOn() throws Exception {
        try (Server server = serve(ME, request -> HelperReply.of(1L))) {
            for (byte[] bytes : new byte[][] {"GET / HTTP/1.1\r\n\r\n".getBytes(), {0x44, 0x56, 0x53, 0x48, 1, 1, 0x7f, -1, -1,
                    -1},
                {0x44, 0x56, 0x53, 0x48, 2, 1, 0, 0, 0, 0}}) {
                try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket()))) {
                    channel.write(ByteBuffer.wrap(bytes));
                    assertEquals(-1, readQuietly(channel));
                }
            }
            assertEquals(1, helper().pid());
            // A whole frame of an unknown request is answered, typed.
            try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket()))) {
                channel.write(ByteBuffer.wrap(new byte[] {0x44, 0x56, 0x53, 0x48, 1, 77, 0, 0, 0, 0}));
                Wire.Frame reply = Wire.read(new java.io.DataInputStream(ChannelStreams.in(channel)));
                assertEquals(ErrorCode.INVAL, assertThrows(DvsException.class, () -> ReplyCodec.decode(reply)).code());
            }
        }
    }

    private static int readQuietly(SocketChannel channel) {
        try {
            return channel.read(ByteBuffer.allocate(1));
        } catch (IOException e) {
            return -1;
        }
    }

    @Test
    void tellsWorkWhoseAskerHasGivenUp() throws Exception {
        CountDownLatch began = new CountDownLatch(1);
        CountDownLatch interrupted = new CountDownLatch(1);
        try (Server server = serve(ME, request -> {
            began.countDown();
            try {
                new CountDownLatch(1).await(60, SECONDS);
            } catch (InterruptedException e) {
                interrupted.countDown();
                throw e;
            }
            return HelperReply.DONE;
        })) {
            AtomicReference<Throwable> told = new AtomicReference<>();
            Thread asking = new Thread(() -> {
                try {
                    helper().ask(new Ping());
                } catch (DvsException | InterruptedException e) {
                    told.set(e);
                }
            });
            asking.start();
            assertTrue(began.await(20, SECONDS));
            asking.interrupt();
            assertTrue(interrupted.await(20, SECONDS));
            asking.join(60_000);
            assertTrue(told.get() instanceof InterruptedException, String.valueOf(told.get()));
        }
    }

    @Test
    void answersWithATypedErrorWhenTheHelperIsKilledAndServesTheNextOneRestarted() throws Exception {
        Process first = start();
        try {
            long pid = helper().pid();
            assertEquals(first.pid(), pid);
            AtomicReference<DvsException> told = new AtomicReference<>();
            Thread asking = new Thread(() -> {
                try {
                    helper().ask(new RunInDc(0, List.of("/usr/bin/sleep", "61.5"), "", 60_000, 100));
                } catch (DvsException | InterruptedException e) {
                    told.set((DvsException) e);
                }
            });
            asking.start();
            await().atMost(60, SECONDS).until(() -> first.descendants().anyMatch(each -> each.info().command().orElse("")
                    .endsWith("/sleep")));
            List<ProcessHandle> left = first.descendants().toList();
            first.destroyForcibly();
            asking.join(60_000);
            left.forEach(ProcessHandle::destroyForcibly);
            assertEquals(ErrorCode.NOTCONN, told.get().code());
        } finally {
            first.destroyForcibly();
        }
        // While it is dying, its socket still takes connections and drops them.
        assertTrue(first.waitFor(60, SECONDS));
        assertEquals(ErrorCode.AGAIN, assertThrows(DvsException.class, () -> new SocketHelper(socket(), 0, List.of()).pid())
                .code());
        Process second = start();
        try {
            assertEquals(second.pid(), helper().pid());
        } finally {
            second.destroyForcibly();
        }
    }

    @Test
    void isLeftWhenItsNodeEndsOnlyAfterTheProgramsThatDoNotWantToEnd() throws Exception {
        Path notes = folder.resolve("state/running");
        try (Sleeper node = new Sleeper()) {
            Process helper = start(node.pid());
            List<Thread> asking = new ArrayList<>();
            for (int dc = 0; dc < 2; dc++) {
                RunInDc run = new RunInDc(dc, List.of("/bin/sh", "-c", "trap '' TERM; sleep 61.5 & wait"), "", 60_000, 100);
                asking.add(new Thread(() -> assertThrows(Exception.class, () -> helper().ask(run))));
                asking.get(dc).start();
            }
            try {
                await().atMost(60, SECONDS).until(() -> helper.descendants().filter(each -> each.info().command().orElse("")
                        .endsWith("/sleep")).count() == 2);
                List<ProcessHandle> programs = helper.descendants().toList();
                node.close();
                // One asker goes with the node, the other stays.
                asking.get(0).interrupt();
                assertTrue(helper.waitFor(60, SECONDS));
                assertEquals(0, helper.exitValue());
                // Who takes a process's parent's place may leave it a zombie for a while.
                await().atMost(60, SECONDS).until(() -> programs.stream()
                        .allMatch(each -> Sleeper.startOf((int) each.pid()) < 0));
                assertEquals(List.of(), List.of(notes.toFile().list()));
            } finally {
                helper.descendants().forEach(ProcessHandle::destroyForcibly);
                helper.destroyForcibly();
            }
            for (Thread each : asking) {
                each.join(60_000);
            }
        }
    }

    @Test
    void endsQuietlyWhileAConnectionBringsItsRequest() throws Exception {
        CountDownLatch working = new CountDownLatch(1);
        CountDownLatch done = new CountDownLatch(1);
        List<Throwable> uncaught = new CopyOnWriteArrayList<>();
        Server server = serve(ME, request -> {
            working.countDown();
            done.await(60, SECONDS);
            return HelperReply.DONE;
        });
        // This one is under way, so that the end waits for it.
        Thread asking = new Thread(() -> assertThrows(DvsException.class, () -> helper().ask(new Ping())));
        try (SocketChannel late = SocketChannel.open(UnixDomainSocketAddress.of(socket()))) {
            asking.start();
            assertTrue(working.await(60, SECONDS));
            List<Thread> connections = await().atMost(60, SECONDS).until(() -> Thread.getAllStackTraces().keySet().stream()
                    .filter(each -> each.getName().startsWith("dvs-helper-connection-")).toList(), found -> found.size() >= 3);
            connections.forEach(each -> each.setUncaughtExceptionHandler((thread, e) -> uncaught.add(e)));
            Thread closing = new Thread(server::close);
            closing.start();
            await().atMost(60, SECONDS).until(() -> closing.getState() == Thread.State.TIMED_WAITING
                    || !closing.isAlive());
            ask(late);
            assertEquals(-1, readQuietly(late));
            closing.join(60_000);
            for (Thread each : connections) {
                each.join(60_000);
            }
            assertEquals(List.of(), uncaught);
        } finally {
            done.countDown();
            server.close();
            asking.join(60_000);
        }
    }

    private static void ask(SocketChannel channel) {
        Wire.Frame frame = RequestCodec.encode(new Ping());
        try {
            Wire.write(new java.io.DataOutputStream(ChannelStreams.out(channel)), frame.type(), frame.body());
        } catch (IOException e) {
            // Closed already, where nobody had looked at it before the end.
            return;
        }
    }

    @Test
    void closesAConnectionThatComesWithItsEnd() throws Exception {
        Server server = serve(ME, request -> HelperReply.DONE);
        server.close();
        Path other = folder.resolve("t");
        try (ServerSocketChannel listening = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            listening.bind(UnixDomainSocketAddress.of(other));
            try (SocketChannel late = SocketChannel.open(UnixDomainSocketAddress.of(other))) {
                server.take(listening.accept());
                assertEquals(-1, readQuietly(late));
            }
        }
    }

    /** As the launcher does it, for this process as its node. */
    private Process start() throws IOException {
        return start(ProcessHandle.current().pid());
    }

    private Process start(long node) throws IOException {
        int uid = (Integer) Files.getAttribute(folder, "unix:uid");
        int gid = (Integer) Files.getAttribute(folder, "unix:gid");
        return new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin/java").toString(), "-Xmx48m",
                "-XX:TieredStopAtLevel=1", "-cp",
                System.getProperty("java.class.path"), "org.dvs.helper.tool.Main", "--socket", socket().toString(), "--user",
                System.getProperty("user.name"), "--uid", uid + "", "--gid", gid + "", "--state", folder.resolve("state")
                .toString(), "--node",
                "test", "--pid", node + "").redirectErrorStream(true)
                .redirectOutput(folder.resolve("log").toFile()).start();
    }
}
