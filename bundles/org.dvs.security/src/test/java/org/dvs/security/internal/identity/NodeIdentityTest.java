package org.dvs.security.internal.identity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
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

    private static void refused(KeyFolder keys, String why) {
        DvsException e = assertThrows(DvsException.class, () -> NodeIdentity.of(keys));
        assertEquals(ErrorCode.BADCERT, e.code());
        assertTrue(e.getMessage().contains(why), e.getMessage());
    }

    private Identity node(String cluster, int id) throws IOException, GeneralSecurityException, DvsException {
        KeyFolder authority = new KeyFolder(temp.resolve(cluster), Clock.systemUTC(), new SecureRandom());
        authority.init(cluster);
        KeyFolder node = new KeyFolder(temp.resolve(cluster + "-node" + id), Clock.systemUTC(), new SecureRandom());
        if (!node.hasNode()) {
            authority.issue(new NodeName(id, "node" + id, List.of()), node);
        }
        return NodeIdentity.of(node);
    }

    /** @return the client's certificate as the server sees it; null if it was not asked for */
    private static X509Certificate handshake(SSLContext server, SSLContext client, boolean clientAuth) throws Exception {
        try (SSLServerSocket listener = (SSLServerSocket) server.getServerSocketFactory()
                .createServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
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
            } finally {
                serving.join(WAIT_MS);
            }
            return seen.get(WAIT_MS, TimeUnit.MILLISECONDS);
        }
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
