package org.dvs.transport.netty.internal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.function.UnaryOperator;

import org.dvs.transport.api.Connection;
import org.dvs.transport.api.Limits;
import org.dvs.transport.api.Listener;
import org.dvs.transport.netty.internal.loop.SocketKind;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Settings that change while a protocol is there … */
@Tag("R-PXY-05")
@ExtendWith(LeakCheck.class)
@Timeout(60)
class SettingsTest {
    private static final int SHORT = 64 << 10;

    @TempDir
    Path folder;

    private static Settings settings(Limits limits) {
        return new Settings(SocketKind.EPOLL, 2, 20, 100, 50, limits);
    }

    @Test
    void countForItsNextConnectionsAndLeaveThoseThatItHas() throws Exception {
        TestProtocol protocol = new TestProtocol();
        try (Bed bed = new Bed(folder, SocketKind.EPOLL, limits -> limits.frameBytes(SHORT))) {
            Listener listener = bed.serve(Bed.Way.UNIX, protocol);
            try (Client early = Client.to(Bed.Way.UNIX, listener.address())) {
                early.frame(new byte[] {1}).receive();

                bed.transport().settings(settings(Limits.DEFAULT.writeMs(1_234).parkMs(4_321)));
                try (Client late = Client.to(Bed.Way.UNIX, listener.address())) {
                    assertEquals(2 * SHORT, late.frame(new byte[2 * SHORT]).receive().length);
                    Limits given = protocol.opened.get(1).limits();
                    assertEquals(1_234, given.writeMs());
                    assertEquals(4_321, given.parkMs());
                }

                assertArrayEquals(new byte[] {2}, early.frame(new byte[] {2}).receive());
                assertEquals(SHORT, protocol.opened.get(0).limits().maxFrameBytes());
                // The length alone: a reset, for what nobody reads, might overtake it.
                early.send(ByteBuffer.allocate(4).putInt(2 * SHORT).array());
                Bed.await(() -> protocol.closed.stream().anyMatch(each -> each.startsWith("TOO_LONG")));
            }
            assertTrue(protocol.resumed.isEmpty(), "no connection was parked for it");
        }
    }

    @Test
    void countForAConnectionThatIsResumed() throws Exception {
        TestProtocol before = new TestProtocol();
        TestProtocol after = new TestProtocol();
        try (Bed bed = new Bed(folder, SocketKind.EPOLL, limits -> limits.frameBytes(SHORT))) {
            Listener listener = bed.serve(Bed.Way.UNIX, before);
            bed.transport().offer(after);
            try (Client client = Client.to(Bed.Way.UNIX, listener.address())) {
                client.frame(new byte[] {1}).receive();
                bed.transport().settings(settings(Limits.DEFAULT));
                bed.transport().withdraw(before);
                assertEquals(2 * SHORT, client.frame(new byte[2 * SHORT]).receive().length);
                Connection resumed = after.resumed.get(0);
                assertEquals(Limits.DEFAULT.maxFrameBytes(), resumed.limits().maxFrameBytes());
            }
        }
    }

    /** What serves is the protocol: that other limits count for it by now is no reason to leave it. */
    @Test
    void parkNoConnectionThatHearsOfItsProtocolAgain() throws Exception {
        TestProtocol protocol = new TestProtocol();
        try (Bed bed = new Bed(folder, SocketKind.EPOLL, limits -> limits.frameBytes(SHORT))) {
            Listener listener = bed.serve(Bed.Way.UNIX, protocol);
            bed.transport().offer(protocol);
            try (Client client = Client.to(Bed.Way.UNIX, listener.address())) {
                client.frame(new byte[] {1}).receive();
                bed.transport().settings(settings(Limits.DEFAULT));
                bed.transport().withdraw(protocol);
                assertTrue(protocol.opened.get(0).isOpen());
                assertArrayEquals(new byte[] {2}, client.frame(new byte[] {2}).receive());
                assertTrue(protocol.resumed.isEmpty());
            }
        }
    }

    @Test
    void leaveAProtocolItsLimitsIfItHasNoneForThem() throws Exception {
        TestProtocol protocol = new TestProtocol();
        try (Bed bed = new Bed(folder, SocketKind.EPOLL, UnaryOperator.identity())) {
            Listener listener = bed.serve(Bed.Way.UNIX, protocol);
            protocol.limits = limits -> {
                throw new IllegalArgumentException("defect of a test");
            };
            bed.transport().settings(settings(Limits.DEFAULT.frameBytes(SHORT)));
            try (Client client = Client.to(Bed.Way.UNIX, listener.address())) {
                assertEquals(2 * SHORT, client.frame(new byte[2 * SHORT]).receive().length);
            }
        }
    }
}
