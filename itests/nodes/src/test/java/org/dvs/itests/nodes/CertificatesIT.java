package org.dvs.itests.nodes;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.math.BigInteger;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Names finish the sentence "a node's certificate …". */
@ExtendWith(ThreeNodes.class)
class CertificatesIT {

    @Test
    void isReplacedWithoutARestart(LocalCluster cluster) throws Exception {
        int https = port(cluster, "node1");
        int links = clusterPort(cluster, "node1");
        long pid = cluster.pid("node1");
        BigInteger before = shown(https);
        assertEquals(before, shown(links));

        Printed renewed = cluster.dvs("keys", "renew", "node1");
        assertEquals(0, renewed.exit(), renewed.text());
        assertTrue(renewed.out().contains("node1 got a new certificate"), renewed.text());

        await().atMost(60, SECONDS).ignoreExceptionsInstanceOf(IOException.class).until(() -> !shown(https).equals(before));
        BigInteger after = shown(https);
        assertNotEquals(before, after);
        await().atMost(60, SECONDS).ignoreExceptionsInstanceOf(IOException.class).until(() -> shown(links).equals(after));
        // New links, in both directions: node2 comes back to one that has its new certificate since, and with its old one.
        cluster.kill("node2");
        cluster.whole();
        assertEquals(pid, cluster.pid("node1"));
        Printed all = cluster.dvs("host", "df", "--all", "-o", "json");
        assertEquals("3,0,0,0", all.counts(), all.text());
        Printed show = cluster.dvs("keys", "show");
        assertEquals(3, show.out().lines().filter(line -> line.matches("node \\d, node\\d of dvs, valid until .*")).count(), show.text());
    }

    @Test
    void staysInUseWhileTheOneOnDiskIsDamaged(LocalCluster cluster) throws Exception {
        int https = port(cluster, "node0");
        BigInteger before = shown(https);
        Path store = cluster.folder("node0").resolve("keys/node.p12");
        byte[] good = Files.readAllBytes(store);
        try {
            Files.writeString(store, "no store of keys");
            await().atMost(60, SECONDS).until(() -> cluster.log("node0").contains("The certificate before stays in use."));
            assertEquals(before, shown(https));
            assertEquals(0, cluster.dvs("host", "df", "--all").exit());
        } finally {
            Files.write(store, good);
        }
    }

    private static int port(LocalCluster cluster, String name) {
        for (JsonNode node : cluster.dvs("status", "-o", "json").json()) {
            if (node.path("node").asText().equals(name)) {
                return URI.create(node.path("https").asText()).getPort();
            }
        }
        throw new AssertionError("no " + name);
    }

    private static int clusterPort(LocalCluster cluster, String name) {
        String line = cluster.dvs("node", "list", "-o", "jsonl").out().lines().filter(row -> row.contains("\"row\":{\"node\":\"" + name))
                .findFirst().orElseThrow();
        return Integer.parseInt(line.replaceFirst(".*\"address\":\"[^:]*:(\\d+)\".*", "$1"));
    }

    /** Serial number of the certificate that a new connection to a port of loopback is shown. */
    private static BigInteger shown(int port) throws IOException, GeneralSecurityException {
        SSLContext tls = SSLContext.getInstance("TLS");
        tls.init(null, new TrustManager[] {new Anybody()}, null);
        try (SSLSocket socket = (SSLSocket) tls.getSocketFactory().createSocket("127.0.0.1", port)) {
            socket.setSoTimeout(10_000);
            socket.startHandshake();
            return ((X509Certificate) socket.getSession().getPeerCertificates()[0]).getSerialNumber();
        }
    }

    private static final class Anybody implements X509TrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType) {
            // It is only looked at.
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType) {
            // It is only looked at.
        }

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
