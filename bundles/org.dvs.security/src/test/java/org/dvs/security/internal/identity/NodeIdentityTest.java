package org.dvs.security.internal.identity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.api.security.Identity;
import org.dvs.security.internal.keys.KeyFolder;
import org.dvs.security.internal.keys.NodeName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** A node's identity … */
class NodeIdentityTest {
    private static final int WAIT_MS = 20_000;
    @TempDir
    Path temp;

    @Test
    void isWhatItsCertificateSays() throws Exception {
        Identity identity = node("demo", 3);

        assertEquals(3, identity.nodeId());
        assertEquals("node3", identity.nodeName());
        assertEquals("demo", identity.clusterName());
        assertEquals(2, identity.chain().size());
        assertEquals(temp.resolve("demo-node3"), identity.folder());
    }

    @Test
    @Tag("R-CMD-01")
    void isProvenToNodesOfTheSameCluster() throws Exception {
        Identity one = node("demo", 1);
        Identity two = node("demo", 2);

        X509Certificate seen = handshake(one.clusterTls(), two.clusterTls(), true);

        assertEquals(two.chain().get(0), seen, "the server knows by its certificate who calls");
    }

    @Test
    @Tag("R-CMD-01")
    void isWorthNothingInAnotherCluster() throws Exception {
        Identity ours = node("demo", 1);
        Identity stranger = node("stranger", 1);

        assertThrows(SSLException.class, () -> handshake(ours.clusterTls(), stranger.clusterTls(), true));
    }

    @Test
    void isRequiredOfWhoeverJoins() throws Exception {
        SSLContext nobody = SSLContext.getInstance("TLS");
        nobody.init(null, new TrustManager[] {new TrustEverything()}, null);

        assertThrows(SSLException.class, () -> handshake(node("demo", 1).clusterTls(), nobody, true));
    }

    @Test
    void asksClientsForNoCertificate() throws Exception {
        Identity identity = node("demo", 1);
        assertEquals(null, handshake(identity.serverTls(), node("demo", 2).clusterTls(), false));
    }

    @Test
    void isRefusedWithTheFileThatIsWrong() throws Exception {
        KeyFolder keys = new KeyFolder(temp.resolve("empty"), Clock.systemUTC(), new SecureRandom());
        keys.files().tighten();
        refused(keys, "node.p12 is missing");

        node("demo", 1);
        KeyFolder damaged = new KeyFolder(temp.resolve("demo-node1"), Clock.systemUTC(), new SecureRandom());
        Files.delete(damaged.files().path("ca.pem"));
        refused(damaged, "ca.pem");
    }

    @Test
    void isShownWithItsNewestCertificateInNewConnections() throws Exception {
        NodeIdentity one = node("demo", 1);
        NodeIdentity two = node("demo", 2);
        X509Certificate old = two.chain().get(0);
        assertEquals(old, handshake(one.clusterTls(), two.clusterTls(), true));
        assertEquals(old, serverShown(two.clusterTls(), one.clusterTls()));

        authority("demo").renew(keys("demo", 2));
        assertTrue(two.replace(keys("demo", 2).node()));
        X509Certificate renewed = two.chain().get(0);
        assertNotEquals(old, renewed);
        assertNotEquals(old.getPublicKey(), renewed.getPublicKey());
        assertEquals(two.privateKey(), keys("demo", 2).node().key());
        assertEquals(renewed, handshake(one.clusterTls(), two.clusterTls(), true), "as a client");
        assertEquals(renewed, serverShown(two.clusterTls(), one.clusterTls()), "as a server");
        assertEquals(renewed, serverShown(two.serverTls(), one.clusterTls()), "to clients");
        assertFalse(two.replace(keys("demo", 2).node()), "nothing new");
    }

    @Test
    void isShownAnewAlsoToClientsThatCouldResumeWhatTheyHadBefore() throws Exception {
        NodeIdentity server = node("demo", 1);
        SSLContext client = node("demo", 2).clusterTls();
        try (ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            X509Certificate old = connectOverPlain(listener, server, client);
            assertEquals(old, connectOverPlain(listener, server, client));
            authority("demo").renew(keys("demo", 1));
            server.replace(keys("demo", 1).node());
            assertNotEquals(old, server.chain().get(0));
            assertEquals(server.chain().get(0), connectOverPlain(listener, server, client));
        }
    }

    /** As links between nodes and the web server do: TLS begins on a connection that was accepted before. */
    private static X509Certificate connectOverPlain(ServerSocket listener, NodeIdentity server,
            SSLContext client) throws Exception {
        listener.setSoTimeout(WAIT_MS);
        Thread serving = new Thread(() -> {
            try (Socket plain = listener.accept();
                    SSLSocket socket = (SSLSocket) server.clusterTls().getSocketFactory().createSocket(plain, null, true)) {
                socket.setSoTimeout(WAIT_MS);
                socket.startHandshake();
                socket.getOutputStream().write(1);
                socket.getInputStream().read();
            } catch (IOException e) {
                LoggerFactory.getLogger(NodeIdentityTest.class).info("the server's side", e);
            }
        }, "test-server");
        serving.start();
        try (SSLSocket socket = (SSLSocket) client.getSocketFactory()
                .createSocket(InetAddress.getLoopbackAddress(), listener.getLocalPort())) {
            socket.setSoTimeout(WAIT_MS);
            assertEquals(1, socket.getInputStream().read());
            return (X509Certificate) socket.getSession().getPeerCertificates()[0];
        } finally {
            serving.join(WAIT_MS);
        }
    }

    @Test
    void isNotReplacedByAnotherNodesCertificateOrAnotherClusters() throws Exception {
        NodeIdentity one = node("demo", 1);
        node("demo", 2);
        node("stranger", 1);
        for (KeyFolder other : List.of(keys("demo", 2), keys("stranger", 1))) {
            DvsException refused = assertThrows(DvsException.class, () -> one.replace(other.node()));
            assertEquals(ErrorCode.BADCERT, refused.code());
        }
        assertEquals(keys("demo", 1).node().chain(), one.chain());
        assertEquals(one.chain().get(0), serverShown(one.clusterTls(), node("demo", 3).clusterTls()));
    }

    private static void refused(KeyFolder keys, String why) {
        DvsException e = assertThrows(DvsException.class, () -> NodeIdentity.of(keys));
        assertEquals(ErrorCode.BADCERT, e.code());
        assertTrue(e.getMessage().contains(why), e.getMessage());
    }

    private KeyFolder authority(String cluster) {
        return new KeyFolder(temp.resolve(cluster), Clock.systemUTC(), new SecureRandom());
    }

    private KeyFolder keys(String cluster, int id) {
        return new KeyFolder(temp.resolve(cluster + "-node" + id), Clock.systemUTC(), new SecureRandom());
    }

    private NodeIdentity node(String cluster, int id) throws IOException, GeneralSecurityException, DvsException {
        KeyFolder authority = authority(cluster);
        authority.init(cluster);
        KeyFolder node = keys(cluster, id);
        if (!node.hasNode()) {
            authority.issue(new NodeName(id, "node" + id, List.of()), node);
        }
        return NodeIdentity.of(node);
    }

    /** @return the client's certificate as the server sees it; null if it was not asked for */
    private static X509Certificate handshake(SSLContext server, SSLContext client, boolean clientAuth) throws Exception {
        return connect(server, client, clientAuth)[0];
    }

    /** @return the server's certificate as the client sees it */
    private static X509Certificate serverShown(SSLContext server, SSLContext client) throws Exception {
        return connect(server, client, false)[1];
    }

    /** @return what the server sees of the client, and the client of the server */
    private static X509Certificate[] connect(SSLContext server, SSLContext client, boolean clientAuth) throws Exception {
        try (SSLServerSocket listener = (SSLServerSocket) server.getServerSocketFactory()
                .createServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return connect(listener, client, clientAuth);
        }
    }

    private static X509Certificate[] connect(SSLServerSocket listener, SSLContext client, boolean clientAuth) throws Exception {
        X509Certificate shown;
        listener.setSoTimeout(WAIT_MS);
        listener.setNeedClientAuth(clientAuth);
        CompletableFuture<X509Certificate> seen = new CompletableFuture<>();
        Thread serving = new Thread(() -> {
            try (SSLSocket socket = (SSLSocket) listener.accept()) {
                socket.setSoTimeout(WAIT_MS);
                socket.startHandshake();
                X509Certificate peer = clientAuth ? (X509Certificate) socket.getSession().getPeerCertificates()[0] : null;
                socket.getOutputStream().write(1);
                seen.complete(peer);
            } catch (IOException e) {
                seen.completeExceptionally(e);
            }
        }, "test-server");
        serving.start();
        try (SSLSocket socket = (SSLSocket) client.getSocketFactory()
                .createSocket(InetAddress.getLoopbackAddress(), listener.getLocalPort())) {
            socket.setSoTimeout(WAIT_MS);
            socket.startHandshake();
            // With TLS 1.3 a refusal of the client's certificate is seen by the first read.
            assertEquals(1, socket.getInputStream().read());
            shown = (X509Certificate) socket.getSession().getPeerCertificates()[0];
        } finally {
            serving.join(WAIT_MS);
        }
        return new X509Certificate[] {seen.get(WAIT_MS, TimeUnit.MILLISECONDS), shown};
    }

    private static final class TrustEverything implements X509TrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType) {
            // Everything.
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType) {
            // Everything.
        }

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
