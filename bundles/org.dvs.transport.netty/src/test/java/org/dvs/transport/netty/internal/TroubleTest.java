package org.dvs.transport.netty.internal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.transport.api.Address;
import org.dvs.transport.api.Connection;
import org.dvs.transport.api.ConnectionInfo;
import org.dvs.transport.api.Handler;
import org.dvs.transport.api.Limits;
import org.dvs.transport.api.ListenOptions;
import org.dvs.transport.api.Listener;
import org.dvs.transport.api.Loop;
import org.dvs.transport.api.Tls;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** In trouble a connection … */
@Tag("R-PXY-05")
@ExtendWith(LeakCheck.class)
@Timeout(120)
class TroubleTest {
    @TempDir
    Path folder;

    private Bed bed(Bed.Way way, UnaryOperator<Limits> limits) {
        return new Bed(folder, way.kind, limits);
    }

    /** Does what the peer does, and awaits that the connection ends for that reason. */
    private void ends(Bed.Way way, String reason, UnaryOperator<Limits> limits, Peer peer) throws Exception {
        TestProtocol protocol = new TestProtocol();
        try (Bed bed = bed(way, limits)) {
            Listener listener = bed.serve(way, protocol);
            try (Client client = Client.to(way, listener.address())) {
                peer.act(client);
                Bed.await(() -> !protocol.closed.isEmpty());
                assertTrue(protocol.closed.peek().startsWith(reason), protocol.closed::peek);
                assertFalse(protocol.opened.get(0).isOpen());
                assertTrue(client.ended());
            }
            Bed.await(() -> bed.transport().connections().isEmpty());
            Bed.await(() -> bed.transport().listeners().get(0).open() == 0);
        }
    }

    private interface Peer {
        void act(Client client) throws IOException;
    }

    @ParameterizedTest
    @EnumSource(Bed.Way.class)
    void endsAtAFrameThatIsTooLong(Bed.Way way) throws Exception {
        ends(way, "TOO_LONG a frame of 1048577 bytes, at most 1048576", limits -> limits,
                client -> client.send(ByteBuffer.allocate(4).putInt((1 << 20) + 1).array()));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, Integer.MIN_VALUE})
    void endsAtALengthThatIsNotLegal(int length) throws Exception {
        ends(Bed.Way.TCP, "BAD_FRAME a frame of " + length + " bytes", limits -> limits,
                client -> client.send(ByteBuffer.allocate(4).putInt(length).array()));
    }

    @ParameterizedTest
    @EnumSource(Bed.Way.class)
    void endsWhenThePeerNeverSaysAnything(Bed.Way way) throws Exception {
        ends(way, "FIRST_FRAME_TIMEOUT", limits -> limits.firstFrameMs(300), client -> { });
    }

    @ParameterizedTest
    @EnumSource(Bed.Way.class)
    void endsWhenAFrameDripsInTooSlowly(Bed.Way way) throws Exception {
        ends(way, "READ_TIMEOUT", limits -> limits.readMs(500), client -> {
            client.frame(new byte[] {1}).receive();
            byte[] frame = Client.framed(new byte[1_000]);
            CountDownLatch never = new CountDownLatch(1);
            try {
                for (int i = 0; i < 900 && !never.await(20, TimeUnit.MILLISECONDS); i++) {
                    client.send(new byte[] {frame[i]});
                }
            } catch (IOException e) {
                // It was cut off, as it should be.
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
        });
    }

    @ParameterizedTest
    @EnumSource(Bed.Way.class)
    void endsWhenItIsSilentForTooLong(Bed.Way way) throws Exception {
        ends(way, "IDLE", limits -> limits.idleMs(2_000), client -> client.frame(new byte[] {1}).receive());
    }

    @ParameterizedTest
    @EnumSource(Bed.Way.class)
    void saysThatItWasCutWithinAFrame(Bed.Way way) throws Exception {
        Assumptions.assumeTrue(way.tls == Tls.NONE, "JDK's SSLSocket ends both ways at once");
        ends(way, "TRUNCATED it ended within a frame, after 6 bytes of it", limits -> limits, client -> {
            client.send(new byte[] {0, 0, 0, 9, 1, 2});
            client.endOutput();
        });
    }

    @ParameterizedTest
    @EnumSource(value = Bed.Way.class, names = {"TCP", "NIO"})
    void noticesAReset(Bed.Way way) throws Exception {
        ends(way, "RESET", limits -> limits, client -> {
            client.frame(new byte[] {1}).receive();
            client.reset();
        });
    }

    /** Does not read its input, and writes when asked; says what became of it. */
    private static final class Flood extends TestProtocol {
        final AtomicInteger written = new AtomicInteger();
        final AtomicInteger stopped = new AtomicInteger();
        final AtomicInteger relieved = new AtomicInteger();
        final AtomicInteger refused = new AtomicInteger();
        final boolean heedsWritable;

        Flood(boolean heedsWritable) {
            this.heedsWritable = heedsWritable;
        }

        @Override
        Handler handler() {
            return new Echo() {
                private boolean asked;

                @Override
                public void frame(Connection connection, ByteBuffer frame) {
                    asked = true;
                    pour(connection);
                }

                @Override
                public void writable(Connection connection) {
                    relieved.incrementAndGet();
                    if (asked && heedsWritable) {
                        pour(connection);
                    }
                }

                private void pour(Connection connection) {
                    while (!heedsWritable || connection.writable()) {
                        if (written.get() >= 2_000) {
                            connection.flush();
                            return;
                        }
                        if (!connection.write(ByteBuffer.allocate(10_000).putInt(0, written.get()))) {
                            refused.incrementAndGet();
                            break;
                        }
                        written.incrementAndGet();
                    }
                    stopped.incrementAndGet();
                    connection.flush();
                }
            };
        }
    }

    @ParameterizedTest
    @EnumSource(Bed.Way.class)
    void stopsAndGoesOnAsThePeerReads(Bed.Way way) throws Exception {
        Flood flood = new Flood(true);
        try (Bed bed = bed(way, limits -> limits)) {
            Listener listener = bed.serve(way, flood);
            try (Client client = Client.to(way, listener.address())) {
                client.frame(new byte[] {1});
                // Full it was, and it has not been emptied by half since: the system may have taken some of it after that.
                Bed.await(() -> flood.stopped.get() > 0 && bed.sum(ConnectionInfo::queuedBytes) >= 128 << 10);
                for (int i = 0; i < 2_000; i++) {
                    byte[] frame = client.receive();
                    assertEquals(10_000, frame.length);
                    assertEquals(i, ByteBuffer.wrap(frame).getInt());
                }
            }
            assertEquals(0, flood.refused.get(), "who heeds writable() is never refused");
            assertTrue(flood.relieved.get() > 0);
        }
    }

    @ParameterizedTest
    @EnumSource(Bed.Way.class)
    void refusesAtItsBoundWhatAPeerThatDoesNotReadLeavesWaitingAndEndsAtTheDeadline(Bed.Way way) throws Exception {
        Flood flood = new Flood(false);
        try (Bed bed = bed(way, limits -> limits.writeMs(600))) {
            Listener listener = bed.serve(way, flood);
            try (Client client = Client.to(way, listener.address())) {
                client.frame(new byte[] {1});
                Bed.await(() -> flood.refused.get() > 0);
                long queued = bed.sum(ConnectionInfo::queuedBytes);
                assertTrue(queued <= (4 << 20) + (1 << 20), () -> queued + " bytes are queued");
                Bed.await(() -> !flood.closed.isEmpty());
                assertTrue(flood.closed.peek().startsWith("WRITE_TIMEOUT"), flood.closed::peek);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Bed.Way.class)
    void sendsAllThatWasWrittenBeforeItCloses(Bed.Way way) throws Exception {
        CountDownLatch sent = new CountDownLatch(1);
        TestProtocol protocol = new TestProtocol() {
            @Override
            Handler handler() {
                return new Echo() {
                    @Override
                    public void frame(Connection connection, ByteBuffer frame) {
                        awaitSent();
                        connection.write(ByteBuffer.wrap(new byte[900_000]));
                        connection.write(ByteBuffer.wrap("no".getBytes(StandardCharsets.US_ASCII)));
                        connection.close();
                        assertFalse(connection.isOpen());
                        assertFalse(connection.write(ByteBuffer.wrap(new byte[1])));
                    }

                    /** And holds up the loop for longer than the peer's end is awaited, which has its time after that. */
                    private void awaitSent() {
                        try {
                            sent.await(Bed.WAIT_MS, TimeUnit.MILLISECONDS);
                            assertFalse(new CountDownLatch(1).await(1_200, TimeUnit.MILLISECONDS));
                        } catch (InterruptedException e) {
                            throw new IllegalStateException(e);
                        }
                    }
                };
            }
        };
        try (Bed bed = bed(way, limits -> limits)) {
            Listener listener = bed.serve(way, protocol);
            try (Client client = Client.to(way, listener.address())) {
                // More comes than is read: a plain close would answer that with a reset, and the reset overtake the answer.
                client.send(Client.join(Client.framed(new byte[] {1}), Client.framed(new byte[100_000])));
                sent.countDown();
                assertEquals(900_000, client.receive().length);
                assertArrayEquals(new byte[] {'n', 'o'}, client.receive());
                assertTrue(client.ended());
            }
            Bed.await(() -> !protocol.closed.isEmpty());
            assertEquals("LOCAL", protocol.closed.peek());
        }
    }

    @ParameterizedTest
    @EnumSource(Bed.Way.class)
    void tellsNobodyOfRoomInItsQueueWhoHasClosedIt(Bed.Way way) throws Exception {
        AtomicInteger told = new AtomicInteger();
        TestProtocol protocol = new TestProtocol() {
            @Override
            Handler handler() {
                return new Echo() {
                    @Override
                    public void frame(Connection connection, ByteBuffer frame) {
                        assertTrue(connection.write(ByteBuffer.wrap(new byte[2_000])));
                        assertFalse(connection.writable());
                        connection.close();
                    }

                    @Override
                    public void writable(Connection connection) {
                        told.incrementAndGet();
                        throw new IllegalStateException("it is closed");
                    }
                };
            }
        };
        protocol.limits = limits -> limits.queuedBytes(1_000, limits.maxQueuedBytes());
        try (Bed bed = bed(way, limits -> limits)) {
            Listener listener = bed.serve(way, protocol);
            try (Client client = Client.to(way, listener.address())) {
                assertEquals(2_000, client.frame(new byte[] {1}).receive().length);
                assertTrue(client.ended());
            }
            Bed.await(() -> !protocol.closed.isEmpty());
            assertEquals("LOCAL", protocol.closed.peek());
            assertEquals(0, told.get());
        }
    }

    @ParameterizedTest
    @EnumSource(Bed.Way.class)
    void endsSoonAfterItsCloseThoughThePeerDoesNot(Bed.Way way) throws Exception {
        TestProtocol protocol = new TestProtocol();
        try (Bed bed = bed(way, limits -> limits)) {
            Listener listener = bed.serve(way, protocol);
            try (Client client = Client.to(way, listener.address())) {
                client.frame(new byte[] {1}).receive();
                long from = System.nanoTime();
                protocol.opened.get(0).close();
                Bed.await(() -> !protocol.closed.isEmpty());
                assertTrue(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - from) < 15_000);
                assertTrue(client.ended());
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Bed.Way.class)
    void ofAHandlerThatThrowsIsClosedAndTheOthersStay(Bed.Way way) throws Exception {
        TestProtocol protocol = new TestProtocol() {
            @Override
            Handler handler() {
                return new Echo() {
                    @Override
                    public void frame(Connection connection, ByteBuffer frame) {
                        if (frame.get(0) == 13) {
                            throw new IllegalStateException("defect of a test");
                        }
                        super.frame(connection, frame);
                    }
                };
            }
        };
        try (Bed bed = bed(way, limits -> limits)) {
            Listener listener = bed.serve(way, protocol);
            try (Client one = Client.to(way, listener.address()); Client other = Client.to(way, listener.address())) {
                other.frame(new byte[] {1}).receive();
                one.frame(new byte[] {13});
                assertTrue(one.ended());
                assertArrayEquals(new byte[] {2}, other.frame(new byte[] {2}).receive());
                Bed.await(() -> !protocol.closed.isEmpty());
                assertTrue(protocol.closed.peek().startsWith("FAULT"), protocol.closed::peek);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Bed.Way.class)
    void thatAProtocolRefusesIsClosedAndCounted(Bed.Way way) throws Exception {
        TestProtocol protocol = new TestProtocol() {
            @Override
            public Handler opened(Connection connection) throws DvsException {
                throw new DvsException(ErrorCode.PERM, "not you");
            }
        };
        try (Bed bed = bed(way, limits -> limits)) {
            Listener listener = bed.serve(way, protocol);
            try (Client client = Client.to(way, listener.address())) {
                assertTrue(client.ended());
                Bed.await(() -> bed.transport().listeners().get(0).refused() == 1);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Bed.Way.class)
    void handsOverNothingWhileItIsPausedAndAllAfterwards(Bed.Way way) throws Exception {
        Queue<Integer> seen = new ConcurrentLinkedQueue<>();
        TestProtocol protocol = new TestProtocol() {
            @Override
            Handler handler() {
                return new Echo() {
                    @Override
                    public void frame(Connection connection, ByteBuffer frame) {
                        seen.add(frame.getInt());
                        if (seen.size() % 10 == 0) {
                            connection.pauseReading();
                        }
                    }
                };
            }
        };
        try (Bed bed = bed(way, limits -> limits.idleMs(2_000).readMs(2_000))) {
            Listener listener = bed.serve(way, protocol);
            try (Client client = Client.to(way, listener.address())) {
                for (int i = 0; i < 100; i++) {
                    client.frame(ByteBuffer.allocate(4).putInt(i).array());
                }
                for (int pauses = 1; pauses <= 10; pauses++) {
                    int expected = pauses * 10;
                    Bed.await(() -> seen.size() == expected);
                    if (pauses == 3) {
                        // Longer than the deadlines: they rest meanwhile.
                        CountDownLatch never = new CountDownLatch(1);
                        assertFalse(never.await(3_000, TimeUnit.MILLISECONDS));
                        assertEquals(expected, seen.size());
                    }
                    Connection connection = protocol.opened.get(0);
                    assertTrue(connection.loop().execute(connection::resumeReading));
                }
                List<Integer> all = new ArrayList<>(seen);
                for (int i = 0; i < 100; i++) {
                    assertEquals(i, all.get(i));
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Bed.Way.class)
    void isUsedOnItsOwnLoopOnly(Bed.Way way) throws Exception {
        Queue<Thread> threads = new ConcurrentLinkedQueue<>();
        TestProtocol protocol = new TestProtocol() {
            @Override
            Handler handler() {
                return new Echo() {
                    @Override
                    public void frame(Connection connection, ByteBuffer frame) {
                        threads.add(Thread.currentThread());
                        assertTrue(connection.loop().here());
                        super.frame(connection, frame);
                    }
                };
            }
        };
        try (Bed bed = bed(way, limits -> limits)) {
            Loop one = bed.transport().loops().get(1);
            bed.transport().offer(protocol);
            Listener listener = way == Bed.Way.UNIX
                    ? bed.transport().listen("test", "test", Address.unix(folder.resolve("s")),
                            ListenOptions.plain().loop(one))
                    : bed.transport().listen("test", "test", Address.tcp("127.0.0.1", 0),
                            ListenOptions.plain().tls(way.tls).loop(one));
            try (Client client = Client.to(way, listener.address()); Client other = Client.to(way, listener.address())) {
                client.frame(new byte[] {1}).receive();
                other.frame(new byte[] {1}).receive();
            }
            assertEquals(1, threads.stream().distinct().count(), "all connections of the listener are on the loop asked for");
            Connection connection = protocol.opened.get(0);
            assertEquals(one, connection.loop());
            assertThrows(IllegalStateException.class,
                    () -> connection.write(ByteBuffer.wrap(new byte[1])));
        }
    }

    @ParameterizedTest
    @EnumSource(Bed.Way.class)
    void beyondTheNumberAllowedIsClosedAndCountedAndThereIsRoomAgainLater(Bed.Way way) throws Exception {
        TestProtocol protocol = new TestProtocol();
        try (Bed bed = bed(way, limits -> limits)) {
            bed.transport().offer(protocol);
            ListenOptions options = ListenOptions.plain().tls(way.tls).maxConnections(2);
            Listener listener = bed.transport().listen("test", "test", way == Bed.Way.UNIX
                    ? Address.unix(folder.resolve("s"))
                    : Address.tcp("127.0.0.1", 0), options);
            try (Client one = Client.to(way, listener.address()); Client two = Client.to(way, listener.address())) {
                one.frame(new byte[] {1}).receive();
                two.frame(new byte[] {1}).receive();
                assertTrue(refused(way, listener));
                assertEquals(1, bed.transport().listeners().get(0).overLimit());
                two.frame(new byte[] {1}).receive();
            }
            Bed.await(() -> bed.transport().listeners().get(0).open() == 0);
            try (Client three = Client.to(way, listener.address())) {
                three.frame(new byte[] {1}).receive();
            }
            assertEquals(3, bed.transport().listeners().get(0).accepted());
        }
    }

    private static boolean refused(Bed.Way way, Listener listener) throws Exception {
        try (Client third = Client.to(way, listener.address())) {
            return third.ended();
        } catch (IOException e) {
            // The handshake was cut.
            return true;
        }
    }
}
