package org.dvs.transport.netty.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;

import org.dvs.transport.api.Address;
import org.dvs.transport.api.Connection;
import org.dvs.transport.api.Listener;
import org.dvs.transport.netty.internal.loop.LoopThread;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The transport stops while strangers connect without pause. */
@Tag("R-PXY-05")
@ExtendWith(LeakCheck.class)
class StopTest {
    private static final int STOPS = 15;
    private static final int STRANGERS = 3;

    @TempDir
    Path folder;

    /** The first socket of the JDK makes some that stay. */
    @BeforeAll
    static void makeWhatStays(@TempDir Path folder) throws Exception {
        for (Bed.Way way : new Bed.Way[] {Bed.Way.TCP, Bed.Way.NIO}) {
            try (Bed warm = new Bed(folder, way)) {
                int port = ((Address.Tcp) warm.serve(way, new TestProtocol()).address()).port();
                try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
                        ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
                    socket.getOutputStream().write(1);
                    assertTrue(server.isBound());
                }
            }
        }
    }

    /** Sockets of this process. */
    private static Set<String> sockets() throws IOException {
        Set<String> own = new HashSet<>();
        try (var files = Files.newDirectoryStream(Path.of("/proc/self/fd"))) {
            for (Path file : files) {
                try {
                    String what = Files.readSymbolicLink(file).toString();
                    if (what.startsWith("socket:")) {
                        own.add(what);
                    }
                } catch (IOException e) {
                    // Closed meanwhile.
                    continue;
                }
            }
        }
        return own;
    }

    @ParameterizedTest
    @EnumSource(value = Bed.Way.class, names = {"TCP", "TLS", "NIO"})
    void leavesNoSocketOpen(Bed.Way way) throws Exception {
        Set<String> before = sockets();
        for (int i = 0; i < STOPS; i++) {
            ConcurrentLinkedQueue<Socket> made = new ConcurrentLinkedQueue<>();
            AtomicInteger connected = new AtomicInteger();
            AtomicBoolean over = new AtomicBoolean();
            List<Thread> strangers = new ArrayList<>();
            try (Bed bed = new Bed(folder, way.kind, UnaryOperator.identity(), 4)) {
                Listener listener = bed.serve(way, new TestProtocol());
                int port = ((Address.Tcp) listener.address()).port();
                for (int s = 0; s < STRANGERS; s++) {
                    strangers.add(new Thread(() -> connect(port, made, connected, over)));
                }
                strangers.forEach(Thread::start);
                int enough = 1 + i % 20;
                Bed.await(() -> connected.get() >= enough);
            } finally {
                over.set(true);
            }
            for (Thread stranger : strangers) {
                stranger.join(Bed.WAIT_MS);
            }
            for (Socket each : made) {
                each.close();
            }
            Set<String> left = sockets();
            left.removeAll(before);
            assertEquals(Set.of(), left, "after stop " + i);
        }
    }

    /** A thread that was busy when it was told to end looks after its sockets all the same. */
    @ParameterizedTest
    @EnumSource(value = Bed.Way.class, names = {"TCP", "TLS", "NIO"})
    void leavesNoSocketThatIsStillConnecting(Bed.Way way) throws Exception {
        CountDownLatch busy = new CountDownLatch(1);
        CountDownLatch told = new CountDownLatch(1);
        Set<String> before = sockets();
        try (ServerSocket deaf = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            List<Socket> queued = new ArrayList<>();
            // Nobody accepts: once the queue is full the next one stays half open.
            for (int i = 0; i < 2; i++) {
                queued.add(new Socket(deaf.getInetAddress(), deaf.getLocalPort()));
            }
            Bed bed = new Bed(folder, way.kind, UnaryOperator.identity(), 1);
            bed.transport().offer(new TestProtocol());
            LoopThread loop = (LoopThread) bed.transport().loops().get(0);
            CompletableFuture<Connection> dialed = bed.transport().connect("test", "test",
                    Address.tcp("127.0.0.1", deaf.getLocalPort()), Bed.options(way).connectMs(Bed.WAIT_MS));
            loop.execute(() -> {
                busy.countDown();
                try {
                    told.await(Bed.WAIT_MS, TimeUnit.MILLISECONDS);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            });
            assertTrue(busy.await(Bed.WAIT_MS, TimeUnit.MILLISECONDS));
            Thread closing = new Thread(bed::close);
            closing.start();
            Bed.await(() -> loop.netty().isShuttingDown());
            told.countDown();
            closing.join(Bed.WAIT_MS);
            assertThrows(ExecutionException.class, () -> dialed.get(Bed.WAIT_MS, TimeUnit.MILLISECONDS));
            for (Socket each : queued) {
                each.close();
            }
        }
        Set<String> left = sockets();
        left.removeAll(before);
        assertEquals(Set.of(), left);
    }

    private static void connect(int port, ConcurrentLinkedQueue<Socket> made, AtomicInteger connected, AtomicBoolean over) {
        while (!over.get()) {
            try {
                Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
                made.add(socket);
                socket.getOutputStream().write(22);
                connected.incrementAndGet();
                if (made.size() > 60) {
                    made.remove().close();
                }
            } catch (IOException e) {
                // It is stopping, or has.
                continue;
            }
        }
    }
}
