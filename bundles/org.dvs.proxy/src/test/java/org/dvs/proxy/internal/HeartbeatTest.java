package org.dvs.proxy.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

import org.dvs.proxy.internal.frame.FrameDecoder;
import org.dvs.proxy.internal.frame.FrameEncoder;
import org.dvs.proxy.internal.frame.FrameLayout;
import org.dvs.proxy.internal.frame.Hello;
import org.dvs.proxy.internal.pair.Counters;
import org.dvs.testkit.Ports;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two ends that are not equally patient. Names finish the sentence "a node …". */
@Tag("R-PXY-05")
class HeartbeatTest {
    @TempDir
    Path folder;
    private int port;

    private TestNode node() throws Exception {
        port = Ports.row(2);
        return new TestNode(folder, 0, "node node0 { nodeid 0; baseport " + port + "; };\n"
                + "proxy localhost { proxyid 1; sport 1; };\n");
    }

    /** One that is welcomed, and wants a sign of life so often. */
    private RawPeer peer(int heartbeatMs) throws Exception {
        RawPeer peer = new RawPeer(port);
        peer.send(new Hello(1, "node1", 77, 1, 65_536, RawPeer.OPTIONS, 0, 0, 0, FrameLayout.VERSION, heartbeatMs));
        assertEquals(FrameLayout.WELCOME, peer.next());
        return peer;
    }

    @Test
    void saysThatItIsThereAsOftenAsTheMoreImpatientPeerWantsIt() throws Exception {
        try (TestNode node = node().set("heartbeatMs", 60_000).set("silenceMs", 600_000).start()) {
            // Before the peer is welcomed, as the first of them may have come when this thread goes on after that.
            long begin = System.nanoTime();
            try (RawPeer peer = peer(100)) {
                for (int i = 0; i < 5; i++) {
                    assertEquals(FrameLayout.ALIVE, peer.nextOfAll());
                }
            }
            assertTrue(System.nanoTime() - begin >= TimeUnit.MILLISECONDS.toNanos(400), "no more often than that");
            Pair.await(() -> node.link(1).differences().contains("heartbeat 60000 ms here, 100 ms there"));
        }
    }

    /** Each version would have waited for its whole time, the next one after it again, and the peer's patience is not endless. */
    @Test
    void saysThatItIsThereAsSoonAsItHasBeenReplaced() throws Exception {
        try (TestNode node = node().set("heartbeatMs", 60_000).set("silenceMs", 600_000).start(); RawPeer peer = peer(60_000)) {
            assertEquals(FrameLayout.ALIVE, peer.nextOfAll(), "of a new session");
            for (int i = 0; i < 20; i++) {
                node.stop();
                node.start();
                assertEquals(FrameLayout.ALIVE, peer.nextOfAll(), "replaced " + i + " times before");
            }
            assertEquals("up", node.link(1).state());
        }
    }

    private static void comes(Heartbeat heartbeat, long ping, long echo, long now) {
        heartbeat.came(RawPeer.bytes(to -> new FrameEncoder().alive(to, ping, echo, 0)), now);
    }

    @Test
    void takesNoTimeDuringWhichItWasReplacedForThatOfTheWay() {
        Counters counters = new Counters();
        Heartbeat heartbeat = new Heartbeat(counters);
        heartbeat.begin(1_000_000_000, 1);
        assertTrue(heartbeat.isDue(1_000_000_000));
        comes(heartbeat, 7, 1_000_000_000, 1_000_000_500);
        assertEquals(500, counters.roundTripNanos);
        assertEquals(7 + 200, heartbeat.echo(1_000_000_700));

        heartbeat.goOn(16_000_000_000L, 1);
        assertTrue(heartbeat.isDue(16_000_000_000L));
        assertEquals(0, counters.roundTripNanos, "of the session before");
        comes(heartbeat, 8, 1_000_000_800, 16_000_000_100L);
        assertEquals(0, counters.roundTripNanos, "what the peer gave back to the version before");
        assertEquals(0, heartbeat.echo(16_000_000_200L), "what has waited for this version is not given back");
        comes(heartbeat, 9, 16_000_000_000L, 16_001_000_400L);
        assertEquals(1_000_400, counters.roundTripNanos);
        assertEquals(9 + 100, heartbeat.echo(16_001_000_500L));
    }

    @Test
    void asksForTwoSignsOfLifeWithinItsPatience() throws Exception {
        try (TestNode node = node().set("heartbeatMs", 3_000).set("silenceMs", 3_000).start(); RawPeer peer = peer(3_000)) {
            assertEquals(1_500, FrameDecoder.hello(peer.frame, peer.header).heartbeatMs());
        }
    }
}
