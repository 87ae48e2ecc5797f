package org.dvs.transport.netty.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.testkit.Ports;
import org.dvs.transport.api.Address;
import org.dvs.transport.api.ClosedDoor;
import org.dvs.transport.api.ConnectOptions;
import org.dvs.transport.api.Connection;
import org.dvs.transport.api.Handler;
import org.dvs.transport.api.ListenOptions;
import org.dvs.transport.api.Listener;
import org.dvs.transport.api.Loop;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A connect … */
@Tag("R-PXY-05")
@ExtendWith(LeakCheck.class)
@Timeout(120)
class ConnectTest {
    @TempDir
    Path folder;
    private Bed bed;
    private final TestProtocol protocol = new TestProtocol();

    @BeforeEach
    void start() {
        bed = new Bed(folder, Bed.Way.TCP);
        bed.transport().offer(protocol);
    }

    @AfterEach
    void stop() {
        bed.close();
    }

    private CompletableFuture<Connection> connect(Address to) {
        return bed.transport().connect("out", "test", to, ConnectOptions.plain());
    }

    private static DvsException failure(CompletableFuture<Connection> future) {
        ExecutionException failed =
                assertThrows(ExecutionException.class, () -> future.get(Bed.WAIT_MS, TimeUnit.MILLISECONDS));
        return (DvsException) failed.getCause();
    }

    @Test
    void whereNobodyListensIsRefused() throws Exception {
        int free = Ports.free();
        DvsException failure = failure(connect(Address.tcp("127.0.0.1", free)));
        assertEquals(ErrorCode.CONNREFUSED, failure.code());
        assertTrue(failure.getMessage().contains("out cannot connect to tcp:127.0.0.1:" + free), failure::getMessage);
        assertEquals(ErrorCode.DSTNOTRCH, failure(connect(Address.unix(folder.resolve("missing")))).code());
        assertTrue(bed.transport().connections().isEmpty());
    }

    @Test
    void whereNobodyAnswersEndsAtItsDeadline() throws Exception {
        List<Socket> waiting = new ArrayList<>();
        try (ServerSocket deaf = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            // Fill the queue of what nobody accepts: the next one gets no answer.
            for (int i = 0; i < 2; i++) {
                waiting.add(new Socket(deaf.getInetAddress(), deaf.getLocalPort()));
            }
            CompletableFuture<Connection> future = bed.transport().connect("out", "test",
                    Address.tcp("127.0.0.1", deaf.getLocalPort()), ConnectOptions.plain().connectMs(300));
            assertEquals(ErrorCode.TIMEDOUT, failure(future).code());
        } finally {
            for (Socket each : waiting) {
                each.close();
            }
        }
    }

    @Test
    void toANameThatIsNotKnownSaysSo() {
        DvsException failure = failure(connect(Address.tcp("no-such-host.invalid", 80)));
        assertTrue(failure.code() == ErrorCode.DSTNOTRCH || failure.code() == ErrorCode.TIMEDOUT, failure::toString);
    }

    @Test
    void withoutItsProtocolOrWithAWrongNameIsRefusedAtOnce() {
        Address anywhere = Address.tcp("127.0.0.1", 1);
        assertEquals(ErrorCode.PROTONOSUPPORT,
                failure(bed.transport().connect("out", "other", anywhere, ConnectOptions.plain())).code());
        for (String name : new String[] {"", "a b", "x".repeat(65), "a\n"}) {
            assertEquals(ErrorCode.BADVALUE,
                    failure(bed.transport().connect(name, "test", anywhere, ConnectOptions.plain())).code());
            assertEquals(ErrorCode.BADVALUE, assertThrows(DvsException.class,
                    () -> bed.transport().listen(name, "test", anywhere, ListenOptions.plain())).code());
        }
        try (Bed other = new Bed(folder, Bed.Way.TCP)) {
            Loop foreign = other.transport().loops().get(0);
            assertEquals(ErrorCode.BADVALUE,
                    failure(bed.transport().connect("out", "test", anywhere, ConnectOptions.plain().loop(foreign))).code());
            assertEquals(ErrorCode.BADVALUE, assertThrows(DvsException.class,
                    () -> bed.transport().listen("in", "test", anywhere, ListenOptions.plain().loop(foreign))).code());
        }
    }

    @Test
    void thatIsCancelledLeavesNothing() throws Exception {
        Listener listener = bed.listen(Bed.Way.TCP, "test");
        for (int i = 0; i < 50; i++) {
            CompletableFuture<Connection> future = connect(listener.address());
            boolean cancelled = future.cancel(false);
            if (cancelled) {
                assertThrows(CancellationException.class, future::join);
            } else {
                future.join().close();
            }
        }
        Bed.await(() -> bed.transport().connections().isEmpty());
    }

    @Test
    void thatTheProtocolRefusesEndsWithItsReason() throws Exception {
        Listener listener = bed.listen(Bed.Way.TCP, "test");
        bed.transport().offer(new TestProtocol() {
            @Override
            public String name() {
                return "picky";
            }

            @Override
            public Handler opened(Connection connection) throws DvsException {
                throw new DvsException(ErrorCode.BUSY, "one is enough");
            }
        });
        DvsException failure = failure(bed.transport().connect("out", "picky", listener.address(), ConnectOptions.plain()));
        assertEquals("one is enough", failure.getMessage());
        assertEquals(ErrorCode.BUSY, failure.code());
    }

    @Test
    void isServedOnTheLoopAskedFor() throws Exception {
        Listener listener = bed.listen(Bed.Way.TCP, "test");
        for (Loop loop : bed.transport().loops()) {
            Connection connection = bed.transport().connect("out", "test", listener.address(), ConnectOptions.plain().loop(loop))
                    .get(Bed.WAIT_MS, TimeUnit.MILLISECONDS);
            assertEquals(loop, connection.loop());
            assertTrue(connection.outgoing());
        }
    }

    @Test
    void toALoopbackNameIsMadeToTheAddressThatAnswers() throws Exception {
        Listener listener = bed.listen(Bed.Way.TCP, "test");
        int port = ((Address.Tcp) listener.address()).port();
        Connection connection = connect(Address.tcp("localhost", port)).get(Bed.WAIT_MS, TimeUnit.MILLISECONDS);
        assertEquals("127.0.0.1:" + port, connection.peer().address());
    }

    @Test
    void afterTheEndOfTheTransportIsRefusedAndAllIsClosed() throws Exception {
        Listener listener = bed.listen(Bed.Way.TCP, "test");
        Connection connection = connect(listener.address()).get(Bed.WAIT_MS, TimeUnit.MILLISECONDS);
        Bed.await(() -> protocol.opened.size() == 2);
        bed.close();
        assertFalse(connection.isOpen());
        Bed.await(() -> protocol.closed.size() == 2);
        assertTrue(protocol.closed.stream().anyMatch(each -> each.startsWith("STOPPED")), protocol.closed::toString);
        assertEquals(ErrorCode.SHUTDOWN, failure(connect(listener.address())).code());
        assertEquals(ErrorCode.SHUTDOWN, assertThrows(DvsException.class, () -> bed.listen(Bed.Way.TCP, "test")).code());
        assertFalse(connection.loop().execute(() -> { }));
        Bed.await(() -> Thread.getAllStackTraces().keySet().stream()
                .noneMatch(each -> each.getName().startsWith("dvs-transport-loop")));
    }

    @Test
    void aListenerOnAPortInUseIsRefused() throws Exception {
        Listener listener = bed.listen(Bed.Way.TCP, "test");
        DvsException refused = assertThrows(DvsException.class,
                () -> bed.transport().listen("other", "test", listener.address(), ListenOptions.plain()));
        assertEquals(ErrorCode.ADDRINUSE, refused.code());
        assertEquals(List.of(new ClosedDoor("other", "test", listener.address(), refused.getMessage())),
                bed.transport().closedDoors());
        bed.transport().listen("other", "test", Address.tcp("127.0.0.1", 0), ListenOptions.plain()).close();
        assertEquals(List.of(), bed.transport().closedDoors());
        Listener moved = bed.transport().listen("test", "test", Address.tcp("127.0.0.1", 0),
                ListenOptions.plain().maxConnections(3));
        // By chance it may get the same port.
        assertNotSame(listener, moved, "with other options it is another listener");
        assertEquals(1, bed.transport().listeners().size());
    }

    @Test
    void manyAtTheSameTimeAllArrive() throws Exception {
        Listener listener = bed.transport().listen("test", "test", Address.tcp("127.0.0.1", 0), ListenOptions.plain()
                .maxConnections(2_000));
        List<CompletableFuture<Connection>> all = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            all.add(connect(listener.address()));
        }
        for (CompletableFuture<Connection> each : all) {
            each.get(Bed.WAIT_MS, TimeUnit.MILLISECONDS);
        }
        Bed.await(() -> bed.transport().connections().size() == 1_000);
        all.forEach(each -> each.join().close());
        Bed.await(() -> bed.transport().connections().isEmpty());
    }
}
