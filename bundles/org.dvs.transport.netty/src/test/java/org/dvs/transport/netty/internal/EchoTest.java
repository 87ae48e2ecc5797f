package org.dvs.transport.netty.internal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import org.dvs.api.DvsException;
import org.dvs.transport.api.Connection;
import org.dvs.transport.api.ConnectionInfo;
import org.dvs.transport.api.Handler;
import org.dvs.transport.api.Listener;
import org.dvs.transport.api.Tls;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A connection, whichever way it goes, … */
@Tag("R-PXY-01")
@ExtendWith(LeakCheck.class)
@Timeout(120)
class EchoTest {
    @TempDir
    Path folder;

    @ParameterizedTest
    @EnumSource(Bed.Way.class)
    void bringsFramesOfEverySizeBackUnchanged(Bed.Way way) throws Exception {
        TestProtocol protocol = new TestProtocol();
        try (Bed bed = new Bed(folder, way)) {
            Listener listener = bed.serve(way, protocol);
            try (Client client = Client.to(way, listener.address())) {
                for (int size : new int[] {1, 2, 63, 64, 4_096, 65_535, 65_536, 65_537, 1 << 20}) {
                    byte[] body = Client.bytes(size, size);
                    assertArrayEquals(body, client.frame(body).receive(), size + " bytes");
                }
            }
            Bed.await(() -> !protocol.closed.isEmpty());
            assertEquals("PEER", protocol.closed.peek());
            Bed.await(() -> bed.transport().connections().isEmpty());
        }
    }

    @ParameterizedTest
    @EnumSource(Bed.Way.class)
    void keepsTheOrderOfThousandsOfFramesWrittenWithoutWaiting(Bed.Way way) throws Exception {
        int frames = 5_000;
        try (Bed bed = new Bed(folder, way)) {
            Listener listener = bed.serve(way, new TestProtocol());
            try (Client client = Client.to(way, listener.address())) {
                Thread writer = new Thread(() -> {
                    try {
                        for (int i = 0; i < frames; i++) {
                            client.frame(ByteBuffer.allocate(4 + i % 100).putInt(i).array());
                        }
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                }, "writer");
                writer.start();
                for (int i = 0; i < frames; i++) {
                    byte[] frame = client.receive();
                    assertEquals(i, ByteBuffer.wrap(frame).getInt());
                    assertEquals(4 + i % 100, frame.length);
                }
                writer.join();
                Bed.await(() -> bed.sum(ConnectionInfo::framesOut) == frames);
                ConnectionInfo info = bed.transport().connections().get(0);
                assertEquals(frames, info.framesIn());
                assertEquals(info.bytesIn(), info.bytesOut());
                assertEquals("test#1", info.name());
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Bed.Way.class)
    void stillAnswersWhenThePeerHasEndedItsOutput(Bed.Way way) throws Exception {
        Assumptions.assumeTrue(way.tls == Tls.NONE, "JDK's SSLSocket ends both ways at once");
        TestProtocol protocol = new TestProtocol();
        try (Bed bed = new Bed(folder, way)) {
            Listener listener = bed.serve(way, protocol);
            try (Client client = Client.to(way, listener.address())) {
                byte[] body = Client.bytes(1 << 20, 1);
                client.frame(body);
                Bed.await(() -> bed.sum(ConnectionInfo::framesIn) == 1);
                client.endOutput();
                Bed.await(() -> protocol.inputsEnded.get() == 1);
                assertArrayEquals(body, client.receive());
                assertTrue(client.ended(), "and then it ends too");
            }
            Bed.await(() -> !protocol.closed.isEmpty());
            assertEquals("PEER", protocol.closed.peek());
        }
    }

    @ParameterizedTest
    @EnumSource(Bed.Way.class)
    void connectsBothEndsOfItsOwn(Bed.Way way) throws Exception {
        CompletableFuture<byte[]> answer = new CompletableFuture<>();
        TestProtocol protocol = new TestProtocol() {
            @Override
            public Handler opened(Connection connection) throws DvsException {
                if (!connection.outgoing()) {
                    return super.opened(connection);
                }
                connection.write(ByteBuffer.wrap(new byte[] {1, 2, 3}));
                return (same, frame) -> {
                    byte[] bytes = new byte[frame.remaining()];
                    frame.get(bytes);
                    answer.complete(bytes);
                };
            }
        };
        try (Bed bed = new Bed(folder, way)) {
            Listener listener = bed.serve(way, protocol);
            Connection connection = bed.transport().connect("to-me", "test", listener.address(), Bed.options(way))
                    .get(Bed.WAIT_MS, TimeUnit.MILLISECONDS);
            assertArrayEquals(new byte[] {1, 2, 3}, answer.get(Bed.WAIT_MS, TimeUnit.MILLISECONDS));
            assertEquals("to-me", connection.name());
            assertEquals(way.tls == Tls.CLUSTER, connection.peer().node().isPresent());
            assertEquals(way == Bed.Way.UNIX, connection.peer().process().isPresent());
            connection.close();
            Bed.await(() -> bed.transport().connections().isEmpty());
            assertFalse(connection.isOpen());
            // A connection is listed no more a little before its handler hears of the end.
            Bed.await(() -> !protocol.closed.isEmpty());
            assertEquals("PEER", protocol.closed.poll());
        }
    }
}
