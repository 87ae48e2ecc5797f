package org.dvs.itests.nodes;

import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.dvs.testkit.Ports;
import org.junit.jupiter.api.Assumptions;

/** Prometheus itself, with the files that are shipped for it. Where this machine has none, the test is skipped and says why. */
final class Prometheus implements AutoCloseable {
    private static final Path SHIPPED = Path.of(System.getProperty("dvs.project", "../.."))
            .resolve("karaf-assembly/src/main/resources/monitoring");
    private static final String CONFIGURATION = "prometheus.yml";
    private static final int END_SECONDS = 20;

    private final HttpClient client = HttpClient.newHttpClient();
    private final Path folder;
    private final Process process;
    private final String url;

    /** Reads and judges each second what it would each 15 s or each minute; the token is the operator's. */
    Prometheus(LocalCluster cluster) throws IOException {
        folder = Files.createTempDirectory(cluster.home(), "prometheus");
        Path alerts = SHIPPED.resolve("alerts.yml");
        Files.copy(alerts, folder.resolve(alerts.getFileName().toString()));
        List<String> places = cluster.dvs("status", "-o", "json").json().findValuesAsText("https").stream()
                .map(https -> '\'' + https.replace("https://", "") + '\'').toList();
        Files.writeString(folder.resolve(CONFIGURATION), "global: {evaluation_interval: 1s}\n" + shipped(CONFIGURATION)
                .replace("scrape_interval: 15s", "scrape_interval: 1s")
                .replace("/etc/prometheus/dvs-ca.pem", cluster.home().resolve("keys/ca.pem").toString())
                .replace("/etc/prometheus/dvs.token", cluster.home().resolve("keys/operator.token").toString())
                .replaceAll("targets: \\[.*]", "targets: " + places));
        int port = Ports.free();
        url = "http://127.0.0.1:" + port;
        process = new ProcessBuilder(program("prometheus"), "--config.file=" + CONFIGURATION, "--storage.tsdb.path=data",
                "--web.listen-address=127.0.0.1:" + port, "--log.level=warn").directory(folder.toFile())
                .redirectErrorStream(true).redirectOutput(folder.resolve("log").toFile()).start();
    }

    static String shipped(String file) throws IOException {
        return Files.readString(SHIPPED.resolve(file));
    }

    private static String program(String name) {
        return Stream.of(System.getenv("PATH").split(":")).map(each -> new File(each, name)).filter(File::canExecute)
                .findFirst().map(File::toString)
                .orElseGet(() -> Assumptions.abort("no " + name + ": install prometheus to have it read the nodes"));
    }

    /** Runs {@code promtool} on a file of that text. @return what it prints, behind its exit code */
    static String promtool(Path folder, String text, String... words) throws IOException, InterruptedException {
        Path file = Files.writeString(Files.createTempFile(folder, "promtool", ".txt"), text);
        List<String> command = Stream.concat(Stream.of(program("promtool")), Stream.of(words)).toList();
        Process tool = new ProcessBuilder(command).redirectErrorStream(true).directory(folder.toFile())
                .redirectInput(file.toFile()).start();
        String printed = new String(tool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return tool.waitFor() + " " + printed.strip();
    }

    /** Where its files are. */
    Path folder() {
        return folder;
    }

    /** @return what the expression gives now, an element for each series; an error as it tells it */
    JsonNode query(String expression) throws IOException, InterruptedException {
        JsonNode answer = get("/api/v1/query?query=" + URLEncoder.encode(expression, StandardCharsets.UTF_8));
        if (!answer.path("status").asText().equals("success")) {
            throw new AssertionError(expression + ": " + answer);
        }
        return answer.path("data").path("result");
    }

    /** @return what it says of the places that it reads */
    JsonNode targets() throws IOException, InterruptedException {
        return get("/api/v1/targets?state=active").path("data").path("activeTargets");
    }

    private JsonNode get(String path) throws IOException, InterruptedException {
        return new ObjectMapper().readTree(client.send(HttpRequest.newBuilder(URI.create(url + path)).build(),
                HttpResponse.BodyHandlers.ofString()).body());
    }

    @Override
    public void close() throws InterruptedException {
        process.destroy();
        if (!process.waitFor(END_SECONDS, TimeUnit.SECONDS)) {
            process.destroyForcibly().waitFor();
        }
    }
}
