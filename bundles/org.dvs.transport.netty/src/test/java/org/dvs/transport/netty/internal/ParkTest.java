package org.dvs.transport.netty.internal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.testkit.Logged;
import org.dvs.transport.api.Connection;
import org.dvs.transport.api.ConnectionInfo;
import org.dvs.transport.api.Handler;
import org.dvs.transport.api.Listener;
import org.dvs.transport.api.Loop;
import org.dvs.transport.api.Tls;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** While a protocol is replaced its connections … */
@Tag("R-PXY-05")
@ExtendWith(LeakCheck.class)
@Timeout(180)
class ParkTest {
    private static final int LOADS = 4;

    @TempDir
    Path folder;

    @ParameterizedTest
    @EnumSource(Bed.Way.class)
    void stayOpenWithTheirStateAndTheBytesOfAFrameThatHadBegun(Bed.Way way) throws Exception {
        TestProtocol before = new TestProtocol();
        TestProtocol after = new TestProtocol();
        try (Bed bed = new Bed(folder, way)) {
            Listener listener = bed.serve(way, before);
            try (Client client = Client.to(way, listener.address())) {
                client.frame(new byte[] {1}).receive();
                byte[] frame = Client.framed(Client.bytes(10_000, 1));
                client.send(Arrays.copyOf(frame, 4_000));
                Bed.await(() -> bed.sum(ConnectionInfo::bytesIn) == 4_005);

                bed.transport().withdraw(before);
                Connection old = before.opened.get(0);
                assertFalse(old.isOpen());
                Bed.await(() -> bed.transport().connections().get(0).parked());
                client.send(Arrays.copyOfRange(frame, 4_000, frame.length));
                assertFalse(bed.transport().listeners().get(0).serving());

                bed.transport().offer(after);
                assertArrayEquals(Client.bytes(10_000, 1), client.receive());
                assertEquals(List.of("parked"), after.states);
                assertTrue(after.opened.isEmpty(), "it is not opened again");
                assertNotSame(old, after.resumed.get(0));
                assertEquals(old.name(), after.resumed.get(0).name());
                assertSame(old.loop(), after.resumed.get(0).loop());
                CompletableFuture<Boolean> written = new CompletableFuture<>();
                old.loop().execute(() -> written.complete(old.write(ByteBuffer.wrap(new byte[] {66}))));
                assertFalse(written.get(Bed.WAIT_MS, TimeUnit.MILLISECONDS), "the old one reaches nothing any more");
                old.close();
                assertArrayEquals(new byte[] {7}, client.frame(new byte[] {7}).receive());
            }
            assertTrue(before.closed.isEmpty(), "for the old protocol nothing was closed");
            Bed.await(() -> after.closed.size() == 1);
        }
    }

    /** Echoes numbers, and carries the next one expected from version to version. */
    private static final class Counting extends TestProtocol {
        final AtomicBoolean wrong = new AtomicBoolean();

        @Override
        public Handler opened(Connection connection) {
            return new Count(0);
        }

        @Override
        public Handler resumed(Connection connection, ByteBuffer state) {
            return new Count(state.getInt());
        }

        private final class Count implements Handler {
            private int expected;

            Count(int expected) {
                this.expected = expected;
            }

            @Override
            public void frame(Connection connection, ByteBuffer frame) {
                if (frame.getInt(0) != expected++) {
                    wrong.set(true);
                }
                if (!connection.write(frame)) {
                    wrong.set(true);
                }
            }

            @Override
            public ByteBuffer park(Connection connection) {
                return ByteBuffer.allocate(4).putInt(0, expected);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Bed.Way.class)
    void loseNothingWhenItIsReplaced20TimesUnderLoad(Bed.Way way) throws Exception {
        List<Counting> versions = new ArrayList<>();
        versions.add(new Counting());
        try (Bed bed = new Bed(folder, way)) {
            Listener listener = bed.serve(way, versions.get(0));
            AtomicBoolean enough = new AtomicBoolean();
            List<CompletableFuture<Integer>> done = new ArrayList<>();
            for (int i = 0; i < LOADS; i++) {
                boolean pipelined = i % 2 == 0;
                CompletableFuture<Integer> result = new CompletableFuture<>();
                done.add(result);
                Thread load = new Thread(() -> load(way, listener, pipelined, enough, result), "load");
                load.setDaemon(true);
                load.start();
            }
            for (int i = 0; i < 20; i++) {
                Counting old = versions.get(i);
                // All of them, or one might come when it is over, and have sent nothing.
                Bed.await(() -> bed.transport().connections().size() == LOADS
                        && bed.transport().connections().stream().allMatch(each -> each.framesIn() > 0));
                bed.transport().withdraw(old);
                Counting next = new Counting();
                versions.add(next);
                long before = bed.sum(ConnectionInfo::framesIn);
                bed.transport().offer(next);
                Bed.await(() -> bed.sum(ConnectionInfo::framesIn) > before + 50);
            }
            enough.set(true);
            for (CompletableFuture<Integer> each : done) {
                assertTrue(each.get(Bed.WAIT_MS * 2L, TimeUnit.MILLISECONDS) > 0);
            }
            assertTrue(versions.stream().noneMatch(each -> each.wrong.get()));
        }
    }

    /** Sends numbers and awaits them back in order, one by one or up to 50 ahead. */
    private static void load(Bed.Way way, Listener listener, boolean pipelined, AtomicBoolean enough,
            CompletableFuture<Integer> result) {
        try (Client client = Client.to(way, listener.address())) {
            int ahead = pipelined ? 50 : 1;
            int sent = 0;
            int got = 0;
            while (!enough.get() || got < sent) {
                while (!enough.get() && sent < got + ahead) {
                    client.frame(ByteBuffer.allocate(4 + sent % 3_000).putInt(sent).array());
                    sent++;
                }
                byte[] frame = client.receive();
                assertEquals(got, ByteBuffer.wrap(frame).getInt());
                assertEquals(4 + got % 3_000, frame.length);
                got++;
            }
            result.complete(got);
        } catch (Throwable e) {
            result.completeExceptionally(e);
        }
    }

    @ParameterizedTest
    @EnumSource(Bed.Way.class)
    void whoseTimeIsOverAreClosed(Bed.Way way) throws Exception {
        TestProtocol protocol = new TestProtocol();
        try (Bed bed = new Bed(folder, way.kind, limits -> limits.parkMs(300))) {
            Listener listener = bed.serve(way, protocol);
            try (Client client = Client.to(way, listener.address())) {
                client.frame(new byte[] {1}).receive();
                bed.transport().withdraw(protocol);
                assertTrue(client.ended());
                Bed.await(() -> bed.transport().connections().isEmpty());
                Bed.await(() -> bed.transport().listeners().isEmpty());
                assertTrue(protocol.closed.isEmpty());
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Bed.Way.class)
    void bringWhatAPeerSentThatIsGoneMeanwhile(Bed.Way way) throws Exception {
        Assumptions.assumeTrue(way.tls == Tls.NONE, "JDK's SSLSocket cannot end without an answer");
        TestProtocol before = new TestProtocol();
        List<Integer> seen = new ArrayList<>();
        TestProtocol after = new TestProtocol() {
            @Override
            Handler handler() {
                return new Echo() {
                    @Override
                    public void frame(Connection connection, ByteBuffer frame) {
                        seen.add(frame.remaining());
                    }
                };
            }
        };
        try (Bed bed = new Bed(folder, way)) {
            Listener listener = bed.serve(way, before);
            try (Client client = Client.to(way, listener.address())) {
                client.frame(new byte[] {1}).receive();
                bed.transport().withdraw(before);
                for (int i = 1; i <= 100; i++) {
                    client.frame(new byte[i]);
                }
            }
            assertIdle(() -> bed.transport().connections().size() == 1);
            bed.transport().offer(after);
            Bed.await(() -> !after.closed.isEmpty());
            assertEquals(100, seen.size());
            for (int i = 1; i <= 100; i++) {
                assertEquals(i, seen.get(i - 1));
            }
            assertEquals("PEER", after.closed.peek());
        }
    }

    /** 5 s is the most that a socket may wait for its close, whatever its peer sent before. */
    @ParameterizedTest
    @CsvSource({"UNIX, 0", "TCP, 0", "TCP, 20", "TLS, 0", "TLS, 20"})
    void whosePeerIsGoneAreClosedLongBeforeTheirTimeIsOver(Bed.Way way, int frames) throws Exception {
        TestProtocol protocol = new TestProtocol();
        try (Bed bed = new Bed(folder, way.kind, limits -> limits.parkMs(10 * Bed.WAIT_MS))) {
            Listener listener = bed.serve(way, protocol);
            try (Client client = Client.to(way, listener.address())) {
                client.frame(new byte[] {1}).receive();
                bed.transport().withdraw(protocol);
                for (int i = 0; i < frames; i++) {
                    client.frame(new byte[1_000]);
                }
            }
            Bed.await(() -> bed.transport().connections().isEmpty());
        }
    }

    /** A parked connection whose peer is gone must not keep its loop busy: the system reports the end again and again. */
    private static void assertIdle(BooleanSupplier stillThere) throws InterruptedException {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        long before = loopTime(threads);
        assertFalse(new CountDownLatch(1).await(500, TimeUnit.MILLISECONDS));
        assertTrue(stillThere.getAsBoolean());
        long used = TimeUnit.NANOSECONDS.toMillis(loopTime(threads) - before);
        assertTrue(used < 150, () -> "the loops used " + used + " of 500 ms");
    }

    private static long loopTime(ThreadMXBean threads) {
        long sum = 0;
        for (long id : threads.getAllThreadIds()) {
            ThreadInfo info = threads.getThreadInfo(id);
            if (info != null && info.getThreadName().startsWith("dvs-transport-loop")) {
                sum += Math.max(0, threads.getThreadCpuTime(id));
            }
        }
        return sum;
    }

    @ParameterizedTest
    @EnumSource(Bed.Way.class)
    void thatComeMeanwhileWaitForTheNextProtocol(Bed.Way way) throws Exception {
        Assumptions.assumeTrue(way.tls == Tls.NONE, "nobody answers a handshake before");
        TestProtocol protocol = new TestProtocol();
        try (Bed bed = new Bed(folder, way)) {
            Listener listener = bed.listen(way, "test");
            try (Client client = Client.to(way, listener.address())) {
                client.frame(new byte[] {5});
                bed.transport().offer(protocol);
                assertArrayEquals(new byte[] {5}, client.receive());
                assertEquals(1, protocol.opened.size());
                assertSame(listener, bed.listen(way, "test"), "asking again gives the same listener");
                bed.transport().withdraw(protocol);
                assertSame(listener, bed.listen(way, "test"));
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Bed.Way.class)
    void stayOpenThoughTheNextOneClosesTheListenerThatItDoesNotWant(Bed.Way way) throws Exception {
        TestProtocol before = new TestProtocol();
        TestProtocol after = new TestProtocol();
        try (Bed bed = new Bed(folder, way)) {
            Listener listener = bed.serve(way, before);
            try (Client client = Client.to(way, listener.address())) {
                client.frame(new byte[] {1}).receive();
                bed.transport().withdraw(before);
                String left = bed.transport().listeners().get(0).name();
                assertEquals("test", bed.transport().listeners().get(0).protocol());
                assertTrue(bed.transport().listener("another").isEmpty());
                bed.transport().listener(left).orElseThrow().close();
                assertTrue(bed.transport().listeners().isEmpty());
                assertTrue(bed.transport().listener(left).isEmpty());
                bed.transport().offer(after);
                assertArrayEquals(new byte[] {2}, client.frame(new byte[] {2}).receive());
                assertThrows(IOException.class, () -> Client.to(way, listener.address()));
            }
        }
    }

    /** All on the listener's loop, so that its deadline cannot pass before it is closed. */
    @Test
    void areForgottenByAListenerThatIsClosedMeanwhile() throws Exception {
        TestProtocol protocol = new TestProtocol();
        try (Bed bed = new Bed(folder, Bed.Way.TCP.kind, limits -> limits.parkMs(1), 1)) {
            Listener listener = bed.serve(Bed.Way.TCP, protocol);
            Loop loop = bed.transport().loops().get(0);
            CountDownLatch passed = new CountDownLatch(1);
            String logged = Logged.during(() -> {
                loop.execute(() -> {
                    bed.transport().withdraw(protocol);
                    loop.execute(listener::close);
                    loop.execute(() -> loop.schedule(passed::countDown, 200, TimeUnit.MILLISECONDS));
                });
                assertTrue(passed.await(Bed.WAIT_MS, TimeUnit.MILLISECONDS));
            });
            assertFalse(logged.contains("as nobody came"), logged);
        }
    }

    @Test
    void areClosedIfItDoesNotParkThemOrTheirStateIsTooLong() throws Exception {
        for (ByteBuffer state : new ByteBuffer[] {null, ByteBuffer.allocate((64 << 10) + 1)}) {
            TestProtocol protocol = new TestProtocol() {
                @Override
                Handler handler() {
                    return new Echo() {
                        @Override
                        public ByteBuffer park(Connection connection) {
                            return state;
                        }
                    };
                }
            };
            try (Bed bed = new Bed(folder, Bed.Way.TCP)) {
                Listener listener = bed.serve(Bed.Way.TCP, protocol);
                try (Client client = Client.to(Bed.Way.TCP, listener.address())) {
                    client.frame(new byte[] {1}).receive();
                    bed.transport().withdraw(protocol);
                    assertTrue(client.ended());
                }
            }
        }
    }

    @Test
    void areClosedIfTheNextOneDoesNotUnderstandTheirState() throws Exception {
        TestProtocol before = new TestProtocol();
        TestProtocol after = new TestProtocol() {
            @Override
            public Handler resumed(Connection connection, ByteBuffer state) throws DvsException {
                throw new DvsException(ErrorCode.BADVALUE, "version 1 is not known");
            }
        };
        try (Bed bed = new Bed(folder, Bed.Way.TCP)) {
            Listener listener = bed.serve(Bed.Way.TCP, before);
            try (Client client = Client.to(Bed.Way.TCP, listener.address())) {
                client.frame(new byte[] {1}).receive();
                bed.transport().withdraw(before);
                bed.transport().offer(after);
                assertTrue(client.ended());
                Bed.await(() -> bed.transport().listeners().get(0).refused() == 1);
            }
        }
    }

    @Test
    void areServedByTheFirstOfTwoUntilItGoes() throws Exception {
        TestProtocol first = new TestProtocol();
        TestProtocol second = new TestProtocol();
        try (Bed bed = new Bed(folder, Bed.Way.UNIX)) {
            Listener listener = bed.serve(Bed.Way.UNIX, first);
            bed.transport().offer(second);
            try (Client client = Client.to(Bed.Way.UNIX, listener.address())) {
                client.frame(new byte[] {1}).receive();
                assertEquals(1, first.opened.size());
                bed.transport().withdraw(first);
                client.frame(new byte[] {2}).receive();
                assertEquals(1, second.resumed.size());
                assertTrue(bed.transport().listeners().get(0).serving());
            }
        }
    }

    @Test
    void sendWhatWasWrittenAndNotFlushed() throws Exception {
        TestProtocol protocol = new TestProtocol() {
            @Override
            Handler handler() {
                return new Echo() {
                    @Override
                    public void framesEnd(Connection connection) {
                        // Not flushed.
                    }
                };
            }
        };
        try (Bed bed = new Bed(folder, Bed.Way.UNIX)) {
            Listener listener = bed.serve(Bed.Way.UNIX, protocol);
            try (Client client = Client.to(Bed.Way.UNIX, listener.address())) {
                client.frame("late".getBytes(StandardCharsets.US_ASCII));
                Bed.await(() -> bed.sum(ConnectionInfo::framesOut) == 1);
                bed.transport().withdraw(protocol);
                assertEquals("late", new String(client.receive(), StandardCharsets.US_ASCII));
            }
        }
    }

    /** The last flush may make room in the queue, of which nobody wants to hear any more. */
    @Test
    void stayOpenThoughTheirLastFrameFilledTheQueue() throws Exception {
        AtomicBoolean told = new AtomicBoolean();
        TestProtocol before = new TestProtocol() {
            @Override
            Handler handler() {
                return new Echo() {
                    @Override
                    public void writable(Connection connection) {
                        told.set(true);
                    }

                    @Override
                    public ByteBuffer park(Connection connection) {
                        assertTrue(connection.write(ByteBuffer.wrap("full".repeat(500).getBytes(StandardCharsets.US_ASCII))));
                        assertFalse(connection.writable());
                        return super.park(connection);
                    }
                };
            }
        };
        before.limits = limits -> limits.queuedBytes(1_000, limits.maxQueuedBytes());
        try (Bed bed = new Bed(folder, Bed.Way.UNIX)) {
            Listener listener = bed.serve(Bed.Way.UNIX, before);
            try (Client client = Client.to(Bed.Way.UNIX, listener.address())) {
                client.frame(new byte[] {1}).receive();
                bed.transport().withdraw(before);
                assertEquals(2_000, client.receive().length);
                bed.transport().offer(new TestProtocol());
                assertArrayEquals(new byte[] {2}, client.frame(new byte[] {2}).receive());
            }
            assertFalse(told.get());
        }
    }

    /** Who closes a connection hears of its end, though its protocol goes before the peer has taken all. */
    @ParameterizedTest
    @EnumSource(Bed.Way.class)
    void thatAreClosingSendTheRestAndTheirHandlerHearsOfTheEndBeforeItsProtocolGoes(Bed.Way way) throws Exception {
        TestProtocol protocol = new TestProtocol() {
            @Override
            Handler handler() {
                return new Echo() {
                    @Override
                    public void frame(Connection connection, ByteBuffer frame) {
                        connection.write(ByteBuffer.wrap(new byte[900_000]));
                        connection.close();
                    }
                };
            }
        };
        try (Bed bed = new Bed(folder, way)) {
            Listener listener = bed.serve(way, protocol);
            try (Client client = Client.to(way, listener.address())) {
                client.frame(new byte[] {1});
                // Where the system takes all at once it may have ended by then, and is listed no more.
                Bed.await(() -> bed.sum(ConnectionInfo::framesOut) == 1 || !protocol.closed.isEmpty());
                bed.transport().withdraw(protocol);
                assertEquals("LOCAL", protocol.closed.peek());
                bed.transport().offer(protocol);
                assertEquals(900_000, client.receive().length);
                assertTrue(client.ended());
            }
            Bed.await(() -> bed.transport().connections().isEmpty());
            assertEquals(1, protocol.closed.size());
            assertTrue(protocol.resumed.isEmpty());
        }
    }

    @Test
    void ofAHandlerThatIsBusyAreWaitedFor() throws Exception {
        CountDownLatch within = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        AtomicBoolean left = new AtomicBoolean();
        TestProtocol protocol = new TestProtocol() {
            @Override
            Handler handler() {
                return new Echo() {
                    @Override
                    public void frame(Connection connection, ByteBuffer frame) {
                        within.countDown();
                        try {
                            assertTrue(goOn.await(Bed.WAIT_MS, TimeUnit.MILLISECONDS));
                        } catch (InterruptedException e) {
                            throw new IllegalStateException(e);
                        }
                        left.set(true);
                    }
                };
            }
        };
        try (Bed bed = new Bed(folder, Bed.Way.UNIX)) {
            Listener listener = bed.serve(Bed.Way.UNIX, protocol);
            try (Client client = Client.to(Bed.Way.UNIX, listener.address())) {
                client.frame(new byte[] {1});
                assertTrue(within.await(Bed.WAIT_MS, TimeUnit.MILLISECONDS));
                Thread helper = new Thread(goOn::countDown);
                helper.start();
                bed.transport().withdraw(protocol);
                assertTrue(left.get(), "nothing of the protocol runs any more when its service is gone");
                helper.join();
            }
        }
    }
}
