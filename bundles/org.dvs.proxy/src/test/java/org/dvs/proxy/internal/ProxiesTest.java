package org.dvs.proxy.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

import org.dvs.api.ErrorCode;
import org.dvs.kernel.api.AsyncEndpoint;
import org.dvs.kernel.api.BindKind;
import org.dvs.kernel.api.EndpointNumbers;
import org.dvs.kernel.api.Message;
import org.dvs.proxy.internal.config.PeerSettings;
import org.dvs.proxy.internal.frame.Fault;
import org.dvs.proxy.internal.frame.FrameLayout;
import org.dvs.proxy.internal.link.Link;
import org.dvs.transport.api.Address;
import org.dvs.transport.api.Limits;
import org.dvs.transport.api.Tls;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Many pairs of one node. */
@Tag("R-PXY-05")
class ProxiesTest {
    private static final int BAD = 5;
    private static final int GOOD = 6;
    private static final int MAX_DATA = 65_536;
    private static final int SERVER = 10;
    private static final int CLIENT = 40;
    private static final int NOTHING = 1_234;

    @Test
    void whatGoesWrongWithOnePairDoesNotHoldUpTheOthers() throws Exception {
        SimulatedDvs world = new SimulatedDvs(1);
        SimulatedDvsNode node = world.nodes[0];
        AtomicInteger asked = new AtomicInteger();
        Proxies proxies = new Proxies(node, new Proxies.NodeSettings(0, "node0", Tls.NONE, 3_000, 5_000, 200, 1_000),
                id -> address(id, asked), () -> 0, world::now, world.random, new Drained());
        for (int id : new int[] {BAD, GOOD}) {
            proxies.add(new PeerSettings(id, "node" + id, Optional.empty(), 0, 0, Optional.empty(), node.options()),
                    node.kernel.proxiesBind("node" + id, id, MAX_DATA, FrameLayout.MAX_BATCH), node.kernel, MAX_DATA, false);
        }
        world.run(Duration.ofSeconds(10));
        assertTrue(asked.get() > 2, "tried " + asked.get() + " times");
    }

    private static Optional<Address> address(int id, AtomicInteger asked) {
        if (id == BAD) {
            throw new IllegalStateException("nobody can say where it is");
        }
        asked.incrementAndGet();
        return Optional.empty();
    }

    private static SimulatedConnection connection(SimulatedDvsNode node) {
        return node.connections.stream().filter(SimulatedConnection::isOpen).findFirst().orElseThrow();
    }

    @Test
    void whoeverHasSentWhatCannotBeWrittenIsToldAndTheyMeetAgain() throws Exception {
        SimulatedDvs world = new SimulatedDvs(1);
        assertTrue(world.joins());
        SimulatedDvsNode node = world.nodes[0];
        world.nodes[1].kernel.bindAsync(SimulatedDvs.DC, SERVER, "server", BindKind.SELF, EndpointNumbers.LOCALNODE);
        node.kernel.rmtbind(SimulatedDvs.DC, SERVER, "server", 1);
        AsyncEndpoint client = node.kernel.bindAsync(SimulatedDvs.DC, CLIENT, "client", BindKind.SELF, EndpointNumbers.LOCALNODE);
        // The first signs of life have gone.
        world.run(Duration.ofSeconds(1));
        SimulatedConnection bad = connection(node);
        bad.narrow = true;
        AtomicInteger told = new AtomicInteger();
        client.sendrec(SERVER, new Message(1), 60_000, told::set);
        world.run(Duration.ofSeconds(1));
        assertEquals(ErrorCode.UNKNOWNOUTCOME.rcode(), told.get());
        assertEquals(1, node.link().counters().faultCounts().get(Fault.UNSENT.word()));
        assertTrue(world.joins());
        assertNotSame(bad, connection(node));
    }

    /** @return what a program of node 0 is told that is answered after so long, and whose pair is drained meanwhile */
    private static int drainedWhileAsking(SimulatedDvs world, long answerNanos) throws Exception {
        assertTrue(world.joins());
        SimulatedDvsNode node = world.nodes[0];
        AsyncEndpoint server = world.nodes[1].kernel.bindAsync(SimulatedDvs.DC, SERVER, "server", BindKind.SELF,
                EndpointNumbers.LOCALNODE);
        server.receive(EndpointNumbers.ANY, new Message(), 60_000, came -> world.at(world.now() + answerNanos,
                () -> server.reply(CLIENT, new Message(2), 60_000, rcode -> { })));
        node.kernel.rmtbind(SimulatedDvs.DC, SERVER, "server", 1);
        AsyncEndpoint client = node.kernel.bindAsync(SimulatedDvs.DC, CLIENT, "client", BindKind.SELF, EndpointNumbers.LOCALNODE);
        AtomicInteger told = new AtomicInteger(NOTHING);
        client.sendrec(SERVER, new Message(1), 60_000, told::set);
        world.run(Duration.ofSeconds(1));
        node.link().drain();
        world.run(Duration.ofSeconds(2));
        assertEquals(NOTHING, told.get());
        assertTrue(node.link().link().isUp());
        world.run(Duration.ofSeconds(4));
        assertEquals(Link.State.DRAINED, node.link().link().state());
        return told.get();
    }

    @Test
    @Tag("R-CMD-13")
    void aPairThatIsDrainedGetsItsProgramsTheirAnswersFirst() throws Exception {
        assertEquals(0, drainedWhileAsking(new SimulatedDvs(1), 4_000_000_000L));
        assertEquals(ErrorCode.UNKNOWNOUTCOME.rcode(), drainedWhileAsking(new SimulatedDvs(1), 30_000_000_000L));
    }

    @Test
    @Tag("R-PXY-14")
    void aConnectionThatHasNoRoomForEveryFrameIsNotTakenOver() throws Exception {
        SimulatedDvs world = new SimulatedDvs(1);
        assertTrue(world.joins());
        SimulatedDvsNode node = world.nodes[0];
        SimulatedConnection narrow = connection(node);
        narrow.limits = Limits.DEFAULT.frameBytes(Proxies.FRAME_BYTES - 1);
        node.park();
        node.resume(0);
        assertTrue(world.joins());
        assertFalse(narrow.isOpen());
    }
}
