package org.dvs.assembly;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;

/** Answers {@code POST /api/v1/cli} over TLS as a node does, from a script of the test. Listens at an ephemeral port of loopback. */
final class FakeNode implements AutoCloseable {

    /** What a call is answered with; writes lines of the answer, flushed one by one. */
    interface Answer {
        void write(Call call, OutputStream out) throws IOException, InterruptedException;
    }

    /** One call as it arrived. */
    record Call(Map<String, List<String>> form, String authorization) {
        List<String> words() {
            return form.getOrDefault("w", List.of());
        }
    }

    final List<Call> calls = new CopyOnWriteArrayList<>();
    private final HttpsServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private volatile Answer answer = (call, out) -> out.write("x0\n".getBytes(StandardCharsets.UTF_8));
    private volatile int status = 200;

    /** @param keys as {@link #makeKeys} made them */
    FakeNode(Path keys) throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance(keys.toFile(), "secret".toCharArray());
        KeyManagerFactory managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(store, "secret".toCharArray());
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(managers.getKeyManagers(), null, null);
        server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 10);
        server.setHttpsConfigurator(new HttpsConfigurator(context));
        server.setExecutor(threads);
        server.createContext("/api/v1/cli", this::handle);
        server.start();
    }

    /** Makes a key and a certificate for 127.0.0.1 in {@code folder}: {@code node.p12} and {@code ca.pem}. */
    static Path makeKeys(Path folder) throws IOException, GeneralSecurityException, InterruptedException {
        Path store = folder.resolve("node.p12");
        Process keytool = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "keytool").toString(), "-genkeypair",
                "-keyalg", "EC", "-alias", "node", "-dname", "CN=node", "-ext", "SAN=ip:127.0.0.1", "-storetype", "PKCS12",
                // A clock that is set back makes it no certificate of the future.
                "-startdate", "-1d", "-storepass", "secret", "-keystore", store.toString()).redirectErrorStream(true).start();
        String output = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (keytool.waitFor() != 0) {
            throw new IOException(output);
        }
        Certificate certificate = KeyStore.getInstance(store.toFile(), "secret".toCharArray()).getCertificate("node");
        Files.writeString(folder.resolve("ca.pem"), "-----BEGIN CERTIFICATE-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(certificate.getEncoded()) + "\n-----END CERTIFICATE-----\n");
        return store;
    }

    URI url() {
        return URI.create("https://127.0.0.1:" + server.getAddress().getPort());
    }

    /** Answers every call with these lines. */
    void answers(String... lines) {
        answers((call, out) -> out.write((String.join("\n", lines) + '\n').getBytes(StandardCharsets.UTF_8)));
    }

    void answers(Answer next) {
        answer = next;
    }

    /** Answers with this HTTP status and body from now on. */
    void fails(int with, String body) {
        status = with;
        answers((call, out) -> out.write(body.getBytes(StandardCharsets.UTF_8)));
    }

    private void handle(HttpExchange exchange) {
        try (exchange) {
            String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            Map<String, List<String>> form = new ConcurrentHashMap<>();
            for (String pair : body.split("&")) {
                String[] parts = pair.split("=", 2);
                form.computeIfAbsent(parts[0], key -> new ArrayList<>()).add(URLDecoder.decode(parts[1], StandardCharsets.UTF_8));
            }
            Call call = new Call(form, exchange.getRequestHeaders().getFirst("Authorization"));
            calls.add(call);
            exchange.sendResponseHeaders(status, 0);
            answer.write(call, exchange.getResponseBody());
        } catch (IOException e) {
            throw new UncheckedIOException(Arrays.toString(e.getStackTrace()), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() throws InterruptedException {
        server.stop(0);
        threads.shutdownNow();
        threads.awaitTermination(5, TimeUnit.SECONDS);
    }
}
