package org.dvs.proxy.internal;

import static org.dvs.proxy.internal.TestNode.DC;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.file.Path;

import org.dvs.kernel.api.Command;
import org.dvs.kernel.api.Message;
import org.dvs.proxy.internal.frame.DigestKind;
import org.dvs.proxy.internal.frame.Fault;
import org.dvs.proxy.internal.frame.FrameDecoder;
import org.dvs.proxy.internal.frame.FrameLayout;
import org.dvs.proxy.internal.frame.Hello;
import org.dvs.testkit.Ports;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Nodes of different builds: each speaks the newest version that the other one reads. Sentences begin with "a node". */
@Tag("R-PXY-05")
class VersionsTest {
    private static final int SERVER = 10;
    private static final int CLIENT = 40;

    @TempDir
    Path folder;
    private TestNode node;
    private int port;
    private long attempt;

    @BeforeEach
    void start() throws Exception {
        port = Ports.row(2);
        node = new TestNode(folder, 0, "node node0 { nodeid 0; baseport " + port + "; };\n"
                + "proxy localhost { proxyid 1; sport 1; autobind YES; batch YES; sequence YES; };\n").start();
        node.kernel.bindHandler(DC, SERVER, "echo",
                (message, self) -> self.reply(message.source(), message, TestNode.WAIT_MS, rcode -> { }));
    }

    @AfterEach
    void stop() throws Exception {
        node.close();
    }

    /** One of whose HELLO the version is this. */
    private RawPeer peer(int version) throws Exception {
        RawPeer peer = new RawPeer(port);
        peer.send(new Hello(1, "node1", 77, ++attempt, 65_536, RawPeer.OPTIONS, 0, 0, 0, version, 3_000));
        assertEquals(FrameLayout.WELCOME, peer.next());
        assertEquals(FrameLayout.COMPACT, FrameDecoder.hello(peer.frame, peer.header).version());
        return peer;
    }

    private static Command ask(int number) {
        Command command = new Command();
        command.code = Command.SNDREC_MSG;
        command.dcid = DC;
        command.source = CLIENT;
        command.destination = SERVER;
        command.sourceNode = 1;
        command.call = number;
        command.message.type(number).putInt(Message.M1_I2, 100 + number);
        return command;
    }

    @Test
    void answersInTheNewestVersionThatBothKnow() throws Exception {
        // 0 is what those say who know the first version only.
        for (int version : new int[] {0, 1, 2, 3}) {
            try (RawPeer peer = peer(version)) {
                int spoken = version < 2 ? 1 : 2;
                peer.encoder.agreed(DigestKind.NONE, true, spoken);
                peer.send(ask(version), 1);
                for (Command got = null; got == null || got.code != Command.REPLY_MSG;) {
                    assertEquals(FrameLayout.COMMAND, peer.next());
                    assertEquals(spoken, peer.header.version);
                    got = peer.commands().get(peer.header.batch);
                    if (got.code == Command.REPLY_MSG) {
                        assertEquals(version, got.message.type());
                        assertEquals(100 + version, got.message.getInt(Message.M1_I2));
                        assertEquals(version, got.rcode);
                    }
                }
            }
        }
    }

    @Test
    void readsEachFrameByItsOwnVersion() throws Exception {
        try (RawPeer peer = peer(2)) {
            for (int i = 1; i <= 4; i++) {
                peer.encoder.agreed(DigestKind.NONE, true, 1 + i % 2);
                int taken = i;
                peer.send(ask(i), i);
                Pair.await(() -> node.link(1).commandsIn() == taken);
            }
            assertEquals(0, node.link(1).refused());
        }
    }

    @Test
    @Tag("R-PXY-10")
    void carriesOutNothingOfAFrameThatIsNotItsCommands() throws Exception {
        try (RawPeer peer = peer(2)) {
            peer.encoder.agreed(DigestKind.NONE, true, 2);
            Command[] commands = {ask(1), ask(2), ask(3)};
            ByteBuffer frame = RawPeer.bytes(to -> peer.encoder.commands(to, commands, 3, false, 1));
            // One command less than it says.
            frame.putShort(16, (short) 3);
            peer.send(BadInputTest.mended(frame, frame.limit()));
            assertEquals(Fault.GAP, peer.end());
        }
        Pair.await(() -> node.link(1).faultCounts().getOrDefault("gap", 0L) == 1);
        assertEquals(0, node.link(1).commandsIn());
        assertEquals(0, node.link(1).framesIn());
    }

    /** Older builds answer at once; either way the time that is given back tells how long the way took, and nothing else. */
    @Test
    void givesThePeersTimeBackWithItsNextHeartbeatWithoutTheTimeThatItWasKept() throws Exception {
        try (RawPeer peer = peer(2)) {
            long ping = System.nanoTime();
            peer.send(RawPeer.bytes(to -> peer.encoder.alive(to, ping, 0, 0)));
            long echo = 0;
            while (echo == 0) {
                assertEquals(FrameLayout.ALIVE, peer.nextOfAll());
                echo = FrameDecoder.echo(peer.frame);
            }
            long roundTrip = System.nanoTime() - echo;
            assertTrue(roundTrip > 0 && roundTrip < System.nanoTime() - ping, "the way: " + roundTrip + " ns");
            assertTrue(echo > ping, "it was kept for a while");
        }
    }
}
