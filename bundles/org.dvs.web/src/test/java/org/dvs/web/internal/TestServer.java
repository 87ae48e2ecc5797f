package org.dvs.web.internal;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.security.cert.Certificate;
import java.time.Clock;
import java.util.List;
import java.util.Optional;

import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;

import jakarta.servlet.Servlet;

import org.dvs.security.internal.keys.KeyFolder;
import org.dvs.security.internal.keys.NodeCertificate;
import org.dvs.security.internal.keys.NodeName;

/** Our server on a free port with a certificate of its own authority, and raw connections to it. */
final class TestServer implements AutoCloseable {
    static final int WAIT_MS = 20_000;

    private final WebServer server;
    private final SSLContext client;

    TestServer(Path folder, WebSettings settings, Servlet root) throws Exception {
        KeyFolder keys = new KeyFolder(folder, Clock.systemUTC(), new SecureRandom());
        if (!keys.hasNode()) {
            keys.init("test");
            keys.issue(new NodeName(0, "node0", List.of()), keys);
        }
        NodeCertificate node = keys.node();
        server = new WebServer(settings, "node0", serverTls(node), HostRules.of(node.chain().get(0), settings.hosts()), root);
        client = clientTls(node);
        server.start();
    }

    static WebSettings settings() {
        return new WebSettings("127.0.0.1", 0, List.of("dvs.example.org"), 100, 10, 16, 8192, 64 * 1024, 10_000);
    }

    private static SSLContext serverTls(NodeCertificate node) throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setKeyEntry("node", node.key(), new char[0], node.chain().toArray(Certificate[]::new));
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store, new char[0]);
        SSLContext tls = SSLContext.getInstance("TLS");
        tls.init(keys.getKeyManagers(), null, null);
        return tls;
    }

    private static SSLContext clientTls(NodeCertificate node) throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setCertificateEntry("ca", node.authority());
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(store);
        SSLContext tls = SSLContext.getInstance("TLS");
        tls.init(null, trust.getTrustManagers(), null);
        return tls;
    }

    SSLContext client() {
        return client;
    }

    int port() {
        return server.port();
    }

    SSLSocket connect() throws IOException {
        SSLSocket socket = (SSLSocket) client.getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), server.port());
        socket.setSoTimeout(WAIT_MS);
        return socket;
    }

    /** TLS over a socket that is made and not connected yet. */
    SSLSocket over(Socket plain) throws IOException {
        plain.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), server.port()), WAIT_MS);
        SSLSocket socket = (SSLSocket) client.getSocketFactory().createSocket(plain, "localhost", server.port(), true);
        socket.setSoTimeout(WAIT_MS);
        return socket;
    }

    /** Sends the bytes as they are and reads until the server closes, which it may do before it has taken them all. */
    String exchange(String bytes) throws IOException {
        try (SSLSocket socket = connect(); InputStream in = socket.getInputStream()) {
            socket.startHandshake();
            Optional<SocketException> cut = send(socket, bytes.getBytes(StandardCharsets.ISO_8859_1));
            String answer = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            if (cut.isPresent() && answer.isEmpty()) {
                throw cut.get();
            }
            return answer;
        }
    }

    /** @return what happened if the server closed first: its answer may have come all the same */
    private static Optional<SocketException> send(SSLSocket socket, byte[] bytes) throws IOException {
        try {
            socket.getOutputStream().write(bytes);
            socket.getOutputStream().flush();
            return Optional.empty();
        } catch (SocketException e) {
            return Optional.of(e);
        }
    }

    @Override
    public void close() {
        server.stop();
    }
}
