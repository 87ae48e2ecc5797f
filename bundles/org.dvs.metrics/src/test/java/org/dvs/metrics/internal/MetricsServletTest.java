package org.dvs.metrics.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;

import org.dvs.api.Caller;
import org.dvs.api.Role;
import org.dvs.api.metrics.Metric;
import org.dvs.testkit.Exposition;
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
import org.junit.jupiter.params.provider.EnumSource;

/** Names finish the sentence "the resource of metrics …". */
class MetricsServletTest {
    private static final Metric UP = Metric.gauge("dvs_up", "Up.");
    private static final Duration WAIT = Duration.ofSeconds(30);

    private final Server server = new Server();
    private final ServerConnector connector = new ServerConnector(server, 1, 1);
    private final Scraper scraper = new Scraper();
    private volatile Caller caller = caller(Set.of(Role.VIEWER));

    private static Caller caller(Set<Role> roles) {
        return new Caller("ada", roles, "rest", "127.0.0.1");
    }

    @BeforeEach
    void start() throws Exception {
        connector.setHost("127.0.0.1");
        server.addConnector(connector);
        ServletContextHandler context = new ServletContextHandler("/", false, false);
        Filter login = (request, response, chain) -> {
            request.setAttribute(WebContext.CALLER, caller);
            chain.doFilter(request, response);
        };
        context.addFilter(new FilterHolder(login), "/*", EnumSet.of(DispatcherType.REQUEST));
        context.addServlet(new ServletHolder(new MetricsServlet(scraper)), MetricsServlet.PATH);
        server.setHandler(context);
        server.start();
        scraper.add(new FakeSource(List.of(UP), sink -> sink.put(UP, 1)));
    }

    @AfterEach
    void stop() throws Exception {
        server.stop();
    }

    private HttpResponse<String> ask(String method, String accept) throws Exception {
        URI uri = URI.create("http://127.0.0.1:" + connector.getLocalPort() + MetricsServlet.PATH);
        HttpRequest.Builder request = HttpRequest.newBuilder(uri)
                .timeout(WAIT).method(method, HttpRequest.BodyPublishers.noBody());
        if (!accept.isEmpty()) {
            request.header("Accept", accept);
        }
        return HttpClient.newHttpClient().send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
            "''", "text/plain", "*/*", "application/openmetrics-text;q=0.1,text/plain;q=0.5", "application/openmetrics-text;q=0",
            "application/openmetrics-text;q=nothing", "application/json"})
    void isPrometheusTextForWhoDoesNotPreferAnother(String accept) throws Exception {
        HttpResponse<String> response = ask("GET", accept);
        assertEquals("text/plain;version=0.0.4;charset=utf-8",
                response.headers().firstValue("Content-Type").orElseThrow().replace(" ", ""));
        assertEquals(1, Exposition.prometheus(response.body()).get("dvs_up").value());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"application/openmetrics-text",
            "application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,"
            + "text/plain;version=0.0.4;q=0.5,*/*;q=0.1"})
    void isOpenMetricsForWhoPrefersIt(String accept) throws Exception {
        HttpResponse<String> response = ask("GET", accept);
        assertEquals("application/openmetrics-text;version=1.0.0;charset=utf-8",
                response.headers().firstValue("Content-Type").orElseThrow().replace(" ", ""));
        assertEquals(1, Exposition.openMetrics(response.body()).get("dvs_up").value());
    }

    @ParameterizedTest
    @EnumSource(Role.class)
    void isForEveryRoleThatIncludesTheViewer(Role role) throws Exception {
        caller = caller(Set.of(role));
        assertEquals(200, ask("GET", "").statusCode());
    }

    @Test
    void isNotForWhoHasNoRole() throws Exception {
        caller = caller(Set.of());
        HttpResponse<String> response = ask("GET", "");
        assertEquals(403, response.statusCode());
        assertTrue(response.body().contains("DVS-SEC-0335"), response.body());
        assertFalse(response.body().contains("dvs_up"), response.body());
    }

    @Test
    void canOnlyBeRead() throws Exception {
        assertEquals(405, ask("POST", "").statusCode());
        assertEquals("GET, HEAD", ask("DELETE", "").headers().firstValue("Allow").orElseThrow());
        HttpResponse<String> head = ask("HEAD", "");
        assertEquals("", head.body());
        assertTrue(Integer.parseInt(head.headers().firstValue("Content-Length").orElseThrow()) > 0);
    }
}
