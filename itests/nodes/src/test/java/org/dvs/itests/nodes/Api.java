package org.dvs.itests.nodes;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;

import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** A node's HTTPS without the script: the endpoint of the command line for many calls at once, and single resources. */
final class Api {
    private static final Duration DEADLINE = Duration.ofSeconds(90);

    private final HttpClient client;
    private final String url;
    private final String authorization;

    /** As the operator, with the token that the script uses. */
    Api(LocalCluster cluster, String node) throws IOException, GeneralSecurityException {
        this(cluster, node, "Bearer " + Files.readString(cluster.home().resolve("keys/operator.token")).strip());
    }

    /** As the admin, with name and password. */
    static Api asAdmin(LocalCluster cluster, String node) throws IOException, GeneralSecurityException {
        String login = "admin:" + Files.readString(cluster.home().resolve("keys/admin.password")).strip();
        return new Api(cluster, node, "Basic " + Base64.getEncoder().encodeToString(login.getBytes(StandardCharsets.UTF_8)));
    }

    /** With a token that {@code dvs keys token} has made. */
    static Api withToken(LocalCluster cluster, String node, String name) throws IOException, GeneralSecurityException {
        return new Api(cluster, node, "Bearer " + Files.readString(cluster.home().resolve("keys/" + name + ".token")).strip());
    }

    /** With a token that no node knows: five times in a minute and no more. */
    static Api withUnknownToken(LocalCluster cluster, String node) throws IOException, GeneralSecurityException {
        return new Api(cluster, node, "Bearer nobody-knows-this");
    }

    /** Without a login: refused each time, and not as the sixth failure of one name in a minute is. */
    static Api asStranger(LocalCluster cluster, String node) throws IOException, GeneralSecurityException {
        return new Api(cluster, node, "");
    }

    /** @param authorization header, empty for none */
    private Api(LocalCluster cluster, String node, String authorization) throws IOException, GeneralSecurityException {
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        try (InputStream authority = Files.newInputStream(cluster.folder(node).resolve("keys/ca.pem"))) {
            trusted.setCertificateEntry("authority", CertificateFactory.getInstance("X.509").generateCertificate(authority));
        }
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);
        SSLContext tls = SSLContext.getInstance("TLS");
        tls.init(null, trust.getTrustManagers(), null);
        client = HttpClient.newBuilder().sslContext(tls).connectTimeout(DEADLINE)
                .version(HttpClient.Version.HTTP_1_1).build();
        this.authorization = authorization;
        url = urlOf(cluster, node);
    }

    private static String urlOf(LocalCluster cluster, String node) {
        for (var each : cluster.dvs("status", "-o", "json").json()) {
            if (each.path("node").asText().equals(node)) {
                return each.path("https").asText();
            }
        }
        throw new AssertionError("no " + node);
    }

    /** @return the lines of the answer, the exit code last; the HTTP status alone if it is not 200 */
    CompletableFuture<List<String>> call(String... words) {
        String form = List.of(words).stream().map(word -> "w=" + URLEncoder.encode(word, StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
        HttpRequest request = request("/api/v1/cli").header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString(form + "&tty=0&width=0&color=0")).build();
        return client.sendAsync(request, HttpResponse.BodyHandlers.ofLines())
                .thenApply(response -> response.statusCode() == 200 ? response.body().toList() : List.of("HTTP " + response.statusCode()));
    }

    private HttpRequest.Builder request(String path) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url + path)).timeout(DEADLINE);
        return authorization.isEmpty() ? request : request.header("Authorization", authorization);
    }

    /** What a command has written to its standard output, out of the lines of its answer. */
    static String out(List<String> lines) {
        return lines.stream().filter(line -> line.startsWith("o")).map(line -> line.substring(1)).collect(Collectors.joining("\n"));
    }

    /** @param accept header, empty for none */
    HttpResponse<String> get(String path, String accept) throws IOException, InterruptedException {
        HttpRequest.Builder request = request(path);
        return client.send((accept.isEmpty() ? request : request.header("Accept", accept)).build(),
                HttpResponse.BodyHandlers.ofString());
    }

    /**
     * What a page of the console does.
     *
     * @param cookie as {@code Set-Cookie} had it, empty for none
     * @param form   empty to GET
     */
    HttpResponse<String> page(String path, String cookie, String form) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url + path)).timeout(DEADLINE)
                .header("Origin", url).header("Cookie", cookie).header("Content-Type", "application/x-www-form-urlencoded");
        return client.send((form.isEmpty() ? request.GET() : request.POST(HttpRequest.BodyPublishers.ofString(form))).build(),
                HttpResponse.BodyHandlers.ofString());
    }

    /** @return status, a blank, body */
    String post(String path, String json) throws IOException, InterruptedException {
        return send(path, "POST", HttpRequest.BodyPublishers.ofString(json));
    }

    /** @return status, a blank, body */
    String get(String path) throws IOException, InterruptedException {
        return send(path, "GET", HttpRequest.BodyPublishers.noBody());
    }

    private String send(String path, String method, HttpRequest.BodyPublisher body) throws IOException, InterruptedException {
        HttpRequest request = request("/api/v1" + path).header("Content-Type", "application/json").method(method, body).build();
        HttpResponse<String> response = client.send(request, HttpResponse.BodyHandlers.ofString());
        return response.statusCode() + " " + response.body();
    }
}
