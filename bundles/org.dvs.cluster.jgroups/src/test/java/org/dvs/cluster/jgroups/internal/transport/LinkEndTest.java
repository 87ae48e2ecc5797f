package org.dvs.cluster.jgroups.internal.transport;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;

import org.dvs.api.DvsException;
import org.dvs.api.security.Identity;
import org.dvs.cluster.jgroups.internal.engine.TestAuthority;
import org.dvs.cluster.jgroups.internal.order.Peer;
import org.dvs.testkit.Ports;
import org.jgroups.blocks.cs.Connection;
import org.jgroups.blocks.cs.ConnectionListener;
import org.jgroups.logging.LogFactory;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What the end of a link says of the node at its other end. */
class LinkEndTest {
    private static final Duration LONG = Duration.ofSeconds(20);
    private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();

    private final Heard heard = new Heard();
    private final NodeIdentity b = new NodeIdentity(1, "node1");

    private static final class Heard implements LinkListener {
        final List<String> lines = new CopyOnWriteArrayList<>();

        @Override
        public void up(NodeIdentity node) {
            lines.add("up " + node.id());
        }

        @Override
        public void broken(NodeIdentity node) {
            lines.add("broken " + node.id());
        }

        @Override
        public void leaving(Peer peer) {
            lines.add("leaving " + peer.id());
        }

        @Override
        public void refused(boolean calling, DvsException why) {
            lines.add("refused " + why.code());
        }
    }

    @Test
    @Tag("R-CMD-18")
    void ofOneOfTwoLinksSaysNothing() {
        LinkTable links = new LinkTable(heard);
        Object calling = new Object();
        Object called = new Object();
        links.stands(b, calling);
        links.stands(b, called);
        assertFalse(links.ended(b, calling, true));
        assertFalse(links.ended(b, calling, true), "it is known already");
        assertEquals(List.of("up 1", "up 1"), heard.lines);
        assertTrue(links.ended(b, called, true));
        assertEquals(List.of("up 1", "up 1", "broken 1"), heard.lines);
    }

    @Test
    @Tag("R-CMD-18")
    void withAFarewellSaysNothing() {
        LinkTable links = new LinkTable(heard);
        Object link = new Object();
        links.stands(b, link);
        assertFalse(links.ended(b, link, false));
        assertEquals(List.of("up 1"), heard.lines);
    }

    /** The server of a node, with what the transport above it does at the end of a link. */
    private static final class Site implements AutoCloseable {
        final SecureServer server;
        final AtomicBoolean ended = new AtomicBoolean();

        Site(Identity identity, LinkListener listener) throws Exception {
            server = new SecureServer(new NetThreads(), identity.clusterTls(),
                    new NodeIdentity(identity.nodeId(), identity.nodeName()), listener, 4_096, LOOPBACK, Ports.free());
            server.usePeerConnections(true);
            server.socketConnectionTimeout(2_000);
            server.peerAddressReadTimeout(2_000);
            server.clientBindAddress(LOOPBACK);
            server.log(LogFactory.getLog(LinkEndTest.class));
            server.addConnectionListener(new ConnectionListener() {
                @Override
                public void connectionClosed(Connection connection) {
                    SecureConnection secure = (SecureConnection) connection;
                    server.nodeEnded(secure, secure.broken());
                    ended.set(true);
                }

                @Override
                public void connectionEstablished(Connection connection) {
                    // Said by the table.
                }
            });
            server.start();
        }

        /** Over one link: the server itself would make another as soon as this one has ended. */
        void flood(Site to) {
            byte[] piece = new byte[1_000];
            Connection link = assertDoesNotThrow(() -> server.getConnection(to.server.localAddress()));
            await("end of the link").atMost(LONG).pollInterval(Duration.ofMillis(1)).until(() -> {
                for (int i = 0; i < 50 && !ended.get(); i++) {
                    link.send(piece, 0, piece.length);
                }
                return ended.get();
            });
        }

        @Override
        public void close() {
            server.stop();
        }
    }

    /** Who reads no more makes what is sent to it fail, while its farewell still waits to be read. */
    @Test
    @Tag("R-CMD-18")
    void isNoBreakWhenTheOtherTookLeaveWhileThisOneWasSending() throws Exception {
        TestAuthority authority = new TestAuthority("test");
        Identity first = authority.node(0);
        Identity second = authority.node(1);
        for (int run = 0; run < 20; run++) {
            try (Site sending = new Site(first, heard); Site leaving = new Site(second, new Heard())) {
                Thread flood = new Thread(() -> sending.flood(leaving));
                flood.start();
                await("linked").atMost(LONG).pollInterval(Duration.ofMillis(1))
                        .until(() -> leaving.server.getNumConnections() == 1);
                leaving.server.clearConnections(true);
                flood.join(LONG.toMillis());
                assertTrue(sending.ended.get());
            }
        }
        assertEquals(List.of(), heard.lines.stream().filter(line -> line.startsWith("broken")).toList());
    }

    @Test
    @Tag("R-CMD-18")
    void isABreakWhenTheOtherEndedWithoutAFarewell() throws Exception {
        TestAuthority authority = new TestAuthority("test");
        try (Site sending = new Site(authority.node(0), heard); Site ending = new Site(authority.node(1), new Heard())) {
            Thread flood = new Thread(() -> sending.flood(ending));
            flood.start();
            await("linked").atMost(LONG).pollInterval(Duration.ofMillis(1)).until(() -> ending.server.getNumConnections() == 1);
            ending.server.breakAll();
            flood.join(LONG.toMillis());
        }
        assertEquals(List.of("up 1", "broken 1"), heard.lines);
    }
}
