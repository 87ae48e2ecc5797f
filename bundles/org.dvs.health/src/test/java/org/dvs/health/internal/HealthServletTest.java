package org.dvs.health.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;

import org.apache.felix.hc.api.Result;
import org.dvs.api.Caller;
import org.dvs.api.Role;
import org.dvs.web.api.WebContext;
import org.eclipse.jetty.ee10.servlet.FilterHolder;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Names finish the sentence "who asks for health …". */
class HealthServletTest {
    private static final Duration WAIT = Duration.ofSeconds(30);

    private final Server server = new Server();
    private final ServerConnector connector = new ServerConnector(server, 1, 1);
    private volatile Caller caller = new Caller("ada", Set.of(Role.VIEWER), "rest", "127.0.0.1");
    private volatile Findings findings;

    private void found(Result.Status heap, Result.Status quorum, Result.Status boot) {
        findings = new Findings(System.nanoTime(), List.of(new Outcome("heap", Set.of("live"), heap, "3 of 4 MiB"),
                new Outcome("quorum", Set.of("ready"), quorum, "2 of 3\nvoters"),
                new Outcome("boot", Set.of("startup", "ready"), boot, ""),
                new Outcome("certificate", Set.of("advice"), Result.Status.CRITICAL, "it ends tomorrow")));
    }

    @BeforeEach
    void start() throws Exception {
        found(Result.Status.OK, Result.Status.OK, Result.Status.OK);
        connector.setHost("127.0.0.1");
        server.addConnector(connector);
        ServletContextHandler context = new ServletContextHandler("/", false, false);
        Filter login = (request, response, chain) -> {
            request.setAttribute(WebContext.CALLER, caller);
            chain.doFilter(request, response);
        };
        context.addFilter(new FilterHolder(login), "/*", EnumSet.of(DispatcherType.REQUEST));
        ServletHolder holder = new ServletHolder(new HealthServlet(() -> findings));
        for (String pattern : HealthServlet.patterns()) {
            context.addServlet(holder, pattern);
        }
        server.setHandler(context);
        server.start();
    }

    @AfterEach
    void stop() throws Exception {
        server.stop();
    }

    private HttpResponse<String> ask(String method, String path) throws Exception {
        URI uri = URI.create("http://127.0.0.1:" + connector.getLocalPort() + path);
        return HttpClient.newHttpClient().send(HttpRequest.newBuilder(uri)
                .timeout(WAIT).method(method, HttpRequest.BodyPublishers.noBody()).build(), HttpResponse.BodyHandlers.ofString());
    }

    private String answer(String path) throws Exception {
        HttpResponse<String> response = ask("GET", path);
        return response.statusCode() + " " + response.body();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/livez", "/readyz", "/healthz", "/startupz"})
    void hearsOkInPlainText(String path) throws Exception {
        assertEquals("200 OK\n", answer(path));
        assertEquals("text/plain;charset=utf-8",
                ask("GET", path).headers().firstValue("Content-Type").orElseThrow().replace(" ", ""));
    }

    @ParameterizedTest
    @CsvSource({"OK,200", "WARN,200", "TEMPORARILY_UNAVAILABLE,503", "CRITICAL,503", "HEALTH_CHECK_ERROR,503"})
    void hears200OnlyWhileTheWorstIsNoMoreThanAWarning(Result.Status status, int code) throws Exception {
        found(Result.Status.OK, status, Result.Status.OK);
        assertEquals(code + " " + status + "\n", answer("/readyz"));
        assertEquals(code + " " + status + "\n", answer("/healthz"));
        assertEquals("200 OK\n", answer("/livez"));
        assertEquals("200 OK\n", answer("/startupz"));
    }

    @Test
    void hearsEachCheckInALineOfItsOwnIfHeWantsIt() throws Exception {
        found(Result.Status.WARN, Result.Status.CRITICAL, Result.Status.OK);
        assertEquals("503 [+] boot: OK\n[-] quorum: CRITICAL, 2 of 3\\nvoters\nCRITICAL\n", answer("/readyz?verbose"));
        assertEquals("200 [+] heap: WARN, 3 of 4 MiB\nWARN\n", answer("/livez?verbose"));
    }

    @Test
    void mayLeaveChecksOut() throws Exception {
        found(Result.Status.OK, Result.Status.CRITICAL, Result.Status.OK);
        assertEquals("200 [+] boot: OK\nOK\n", answer("/readyz?verbose&exclude=quorum&exclude=unknown"));
        assertEquals("503 CRITICAL\n", answer("/readyz?exclude=boot"));
    }

    @Test
    void mayAskForOneCheckAlsoForAnAdviceThatIsInNoProbe() throws Exception {
        assertEquals("200 [+] quorum: OK, 2 of 3\\nvoters\n", answer("/health/checks/quorum"));
        assertEquals("503 [-] certificate: CRITICAL, it ends tomorrow\n", answer("/health/checks/certificate"));
        assertEquals("200 OK\n", answer("/readyz"));
        HttpResponse<String> unknown = ask("GET", "/health/checks/nothing");
        assertEquals(404, unknown.statusCode());
        assertTrue(unknown.body().contains("DVS-REQ-0107"), unknown.body());
        assertEquals(404, ask("GET", "/health/checks").statusCode());
    }

    @Test
    void isNotToldThatAllIsWellByChecksThatDidNotRun() throws Exception {
        findings = new Findings(System.nanoTime(), List.of());
        assertEquals("503 TEMPORARILY_UNAVAILABLE\n", answer("/livez"));
        found(Result.Status.OK, Result.Status.OK, Result.Status.OK);
        findings = new Findings(System.nanoTime() - TimeUnit.SECONDS.toNanos(31), findings.checks());
        assertEquals("503 HEALTH_CHECK_ERROR\n", answer("/livez"));
    }

    @Test
    void needsARoleAndMayOnlyRead() throws Exception {
        assertEquals(405, ask("POST", "/livez").statusCode());
        caller = new Caller("ada", Set.of(), "rest", "127.0.0.1");
        for (String path : new String[] {"/livez", "/readyz", "/healthz", "/startupz", "/health/checks/quorum"}) {
            assertEquals(403, ask("GET", path).statusCode(), path);
        }
        for (Role role : Role.values()) {
            caller = new Caller("ada", Set.of(role), "rest", "127.0.0.1");
            assertEquals(200, ask("GET", "/livez").statusCode(), role::word);
        }
    }
}
