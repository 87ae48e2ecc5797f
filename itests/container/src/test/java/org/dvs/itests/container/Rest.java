package org.dvs.itests.container;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceReference;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;

/** The node's HTTPS port as a client outside uses it. */
final class Rest {
    private static final Duration DEADLINE = Duration.ofSeconds(20);

    private final HttpClient client;
    private final String base;
    private final String token;

    Rest(BundleContext context) throws IOException, GeneralSecurityException {
        Path keys = Path.of(System.getProperty("karaf.base"), "keys");
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        try (InputStream authority = Files.newInputStream(keys.resolve("ca.pem"))) {
            trusted.setCertificateEntry("authority", CertificateFactory.getInstance("X.509").generateCertificate(authority));
        }
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);
        SSLContext tls = SSLContext.getInstance("TLS");
        tls.init(null, trust.getTrustManagers(), null);
        client = HttpClient.newBuilder().sslContext(tls).connectTimeout(DEADLINE).build();
        token = Files.readString(keys.resolve("operator.token")).strip();
        base = "https://127.0.0.1:" + port(context);
    }

    private static String port(BundleContext context) throws IOException {
        ServiceReference<ConfigurationAdmin> reference = context.getServiceReference(ConfigurationAdmin.class);
        Configuration web = context.getService(reference).getConfiguration("org.dvs.web", null);
        return String.valueOf(web.getProperties().get("port"));
    }

    /** @return status and body, whatever the status */
    String get(String path) throws IOException, InterruptedException {
        return send(request(path).GET());
    }

    /** Runs words with a deadline of 20 s; see {@link #cli(Duration, String...)}. */
    String cli(String... words) throws IOException, InterruptedException {
        return cli(DEADLINE, words);
    }

    /**
     * Runs words as the script {@code dvs} does.
     *
     * @return status, then the lines of the answer, each behind its kind; {@code x} and the exit code last
     */
    String cli(Duration deadline, String... words) throws IOException, InterruptedException {
        String form = Stream.of(words).map(word -> "w=" + URLEncoder.encode(word, StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
        return send(request("/api/v1/cli").timeout(deadline).header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString(form + "&tty=0&width=0&color=0")));
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(base + path)).timeout(DEADLINE).header("Authorization", "Bearer " + token);
    }

    private String send(HttpRequest.Builder request) throws IOException, InterruptedException {
        HttpResponse<String> response = client.send(request.build(), HttpResponse.BodyHandlers.ofString());
        return response.statusCode() + " " + response.body();
    }

    String openApi() throws IOException, InterruptedException {
        return get("/api/v1/openapi.json");
    }
}
