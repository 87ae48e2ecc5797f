package org.dvs.transport.netty.internal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.api.security.CertifiedNode;
import org.dvs.api.security.Identity;
import org.dvs.security.internal.identity.TestKeys;
import org.dvs.transport.api.Address;
import org.dvs.transport.api.ConnectOptions;
import org.dvs.transport.api.Limits;
import org.dvs.transport.api.ListenOptions;
import org.dvs.transport.api.Listener;
import org.dvs.transport.api.Tls;
import org.dvs.transport.netty.internal.loop.SocketKind;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** TLS … */
@Tag("R-PXY-05")
@ExtendWith(LeakCheck.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(120)
class TlsTest {
    private Identity node0;
    private Identity node5;
    private Identity stranger;
    private NettyTransport transport;
    private NettyTransport other;
    private TestProtocol protocol;

    @BeforeAll
    void keys(@TempDir Path folder) throws Exception {
        node0 = TestKeys.cluster(folder.resolve("a"), "mine");
        node5 = TestKeys.node(folder.resolve("a"), folder.resolve("a5"), 5);
        stranger = TestKeys.cluster(folder.resolve("b"), "theirs");
    }

    @BeforeEach
    void start() {
        protocol = new TestProtocol();
        transport = transport(node0, Bed.PATIENT);
    }

    private NettyTransport transport(Identity identity, Limits limits) {
        NettyTransport made = new NettyTransport(new Settings(SocketKind.best(), 1, 0, 100, 50, limits), () -> identity);
        made.offer(protocol);
        return made;
    }

    @AfterEach
    void stop() {
        transport.close();
        if (other != null) {
            other.close();
            other = null;
        }
    }

    private Listener listen(Tls kind) throws DvsException {
        return transport.listen("test", "test", Address.tcp("127.0.0.1", 0), ListenOptions.plain().tls(kind));
    }

    private DvsException failure(NettyTransport from, Address to, ConnectOptions options) {
        ExecutionException failed = assertThrows(ExecutionException.class,
                () -> from.connect("out", "test", to, options).get(Bed.WAIT_MS, TimeUnit.MILLISECONDS));
        return (DvsException) failed.getCause();
    }

    @Test
    void tellsBothEndsWhichNodeIsAtTheOther() throws Exception {
        Listener listener = listen(Tls.CLUSTER);
        other = transport(node5, Bed.PATIENT);
        assertEquals(new CertifiedNode(0, "node0"), other.connect("out", "test", listener.address(), ConnectOptions.node(0))
                .get(Bed.WAIT_MS, TimeUnit.MILLISECONDS).peer().node().orElseThrow());
        Bed.await(() -> protocol.opened.size() == 2);
        assertTrue(protocol.opened.stream().anyMatch(
                each -> each.peer().node().orElseThrow().equals(new CertifiedNode(5, "node5")) && !each.outgoing()));
    }

    @Test
    void refusesAnotherNodeThanExpected() throws Exception {
        Listener listener = listen(Tls.CLUSTER);
        other = transport(node5, Bed.PATIENT);
        DvsException failure = failure(other, listener.address(), ConnectOptions.node(3));
        assertEquals(ErrorCode.BADCERT, failure.code());
        assertTrue(failure.getMessage().contains("node 3 was expected, and node0 with id 0 is there"), failure::getMessage);
    }

    @Test
    void refusesCertificatesOfAnotherClusterOnBothEnds() throws Exception {
        Listener listener = listen(Tls.CLUSTER);
        other = transport(stranger, Bed.PATIENT);
        DvsException failure = failure(other, listener.address(), ConnectOptions.node(0));
        assertEquals(ErrorCode.BADCERT, failure.code());
        assertTrue(failure.getMessage().contains("its certificate is not of this cluster"), failure::getMessage);
        Bed.await(() -> transport.listeners().get(0).refused() == 1);
        assertTrue(protocol.opened.isEmpty());

        // One that trusts us, and whom we must not trust.
        try (Client trusting = Client.tls(listener.address(), trustingAll())) {
            assertTrue(trusting.ended());
        } catch (IOException e) {
            assertTrue(e.getMessage().contains("ertificate"), e::getMessage);
        }
        Bed.await(() -> transport.listeners().get(0).refused() == 2);
        assertTrue(protocol.opened.isEmpty());
    }

    private static SSLContext trustingAll() throws Exception {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, new TrustManager[] {new X509TrustManager() {
            @Override
            public void checkClientTrusted(X509Certificate[] chain, String type) {
                // Whoever it is.
            }

            @Override
            public void checkServerTrusted(X509Certificate[] chain, String type) {
                // Whoever it is.
            }

            @Override
            public X509Certificate[] getAcceptedIssuers() {
                return new X509Certificate[0];
            }
        }}, null);
        return context;
    }

    @Test
    void isOnly13BetweenNodesAndAlso12ForClients() throws Exception {
        Listener nodes = listen(Tls.CLUSTER);
        assertThrows(IOException.class, () -> Client.tls(nodes.address(), node5.clusterTls(), "TLSv1.2"));
        Listener clients = transport.listen("clients", "test", Address.tcp("127.0.0.1", 0),
                ListenOptions.plain().tls(Tls.SERVER));
        for (String version : new String[] {"TLSv1.2", "TLSv1.3"}) {
            try (Client client = Client.tls(clients.address(), trustingAll(), version)) {
                assertArrayEquals(new byte[] {1}, client.frame(new byte[] {1}).receive());
            }
        }
        assertTrue(protocol.opened.stream().allMatch(each -> each.peer().node().isEmpty()));
    }

    @Test
    void thatIsNotBegunOrNotEndedInTimeIsCut() throws Exception {
        transport.close();
        transport = transport(node0, new Limits(1 << 20, 4 << 20, 1 << 18, 1, 300, 10_000, 30_000, 30_000, 60_000, 60_000));
        Listener listener = listen(Tls.CLUSTER);
        try (Client silent = Client.tcp(listener.address()); Client drip = Client.tcp(listener.address())) {
            drip.send(new byte[] {22, 3, 1, 0, 100, 1});
            assertTrue(silent.ended());
            assertTrue(drip.ended());
        }
        try (Client nonsense = Client.tcp(listener.address())) {
            nonsense.send("GET / HTTP/1.0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            nonsense.receive(1);
        } catch (IOException e) {
            // An alert, or the end.
        }
        Bed.await(() -> transport.listeners().get(0).open() == 0);
        Bed.await(() -> transport.listeners().get(0).refused() == 3);
    }

    @Test
    void toSomebodyWhoDoesNotSpeakItEndsInTime() throws Exception {
        try (ServerSocket mute = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            transport.close();
            transport = transport(node0, new Limits(1 << 20, 4 << 20, 1 << 18, 1, 300, 10_000, 30_000, 30_000, 60_000, 60_000));
            DvsException failure = failure(transport, Address.tcp("127.0.0.1", mute.getLocalPort()), ConnectOptions.node(0));
            // No stranger, as far as anybody can tell: it may be a node that is paused.
            assertEquals(ErrorCode.TIMEDOUT, failure.code());
            assertTrue(failure.getMessage().contains("timed out"), failure::getMessage);
        }
    }

    @Test
    void isNotPossibleWithoutAnIdentity() {
        other = transport(null, Bed.PATIENT);
        DvsException refused = assertThrows(DvsException.class, () -> other.listen("test", "test", Address.tcp("127.0.0.1", 0),
                ListenOptions.plain().tls(Tls.CLUSTER)));
        assertEquals(ErrorCode.NOTREADY, refused.code());
        assertEquals(ErrorCode.NOTREADY, failure(other, Address.tcp("127.0.0.1", 9), ConnectOptions.node(0)).code());
    }

    @Test
    void isNeededBeyondLoopback() {
        DvsException refused = assertThrows(DvsException.class,
                () -> transport.listen("test", "test", Address.tcp("0.0.0.0", 0), ListenOptions.plain()));
        assertEquals(ErrorCode.BADVALUE, refused.code());
        assertEquals(ErrorCode.BADVALUE, failure(transport, Address.tcp("198.18.0.1", 9), ConnectOptions.plain()).code());
    }
}
