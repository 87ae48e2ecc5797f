package org.dvs.monitor.internal.web;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;

import org.dvs.api.ErrorCode;
import org.dvs.api.Role;
import org.dvs.monitor.internal.web.ConsoleFixture.Browser;
import org.dvs.testkit.PlannedJob;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Names finish the sentence "a route …". */
@Tag("R-CMD-01")
class RoutesTest {
    private static final List<String> WHO = List.of("", "nobody", "viewer", "operator", "admin", "auditor");
    private final ConsoleFixture fixture = new ConsoleFixture();

    @AfterEach
    void close() throws Exception {
        fixture.close();
    }

    /** A path of the route that leads somewhere. */
    private String path(Route route) {
        return route.pattern().replace("{job}", "node0-1-1");
    }

    private Browser browser(String who) throws Exception {
        if (who.isEmpty()) {
            return Browser.NEW;
        }
        if (who.equals("nobody")) {
            // Cannot log in; a session is made behind the console's back.
            var opened = fixture.sessions.open(fixture.password(who, "right".toCharArray(), "web", "local"));
            return new Browser("__Host-dvs-" + fixture.port() + '=' + opened.id(), opened.session().csrf());
        }
        return fixture.login(who);
    }

    private static boolean may(String who, Route route) {
        return route.role().isEmpty()
                || Stream.of(Role.values()).anyMatch(role -> role.word().equals(who) && role.includes(route.role().get()));
    }

    private int status(Browser browser, Route route) throws Exception {
        if (Set.of("/api/events", "/api/pairs", "/api/jobs/{job}/stream").contains(route.pattern())) {
            // It does not end: the head tells.
            HttpRequest request = fixture.request("/console" + path(route)).timeout(Duration.ofSeconds(20)).header("Cookie",
                    browser.cookie())
                    .GET().build();
            HttpResponse<Stream<String>> response = fixture.client().send(request, HttpResponse.BodyHandlers.ofLines());
            response.body().close();
            return response.statusCode();
        }
        return (route.changes() ? fixture.post(browser, path(route)) : fixture.get(browser, path(route))).statusCode();
    }

    @Test
    void isOpenToExactlyTheRolesItNames() throws Exception {
        fixture.jobs.add(new PlannedJob("node0-1-1", fixture.plan(fixture.order(List.of("host", "df"),
                fixture.password("viewer", "right".toCharArray(), "web", "local")))));
        for (Route route : fixture.console.gate().routes()) {
            for (String who : WHO) {
                int status = status(browser(who), route);
                String what = route.method() + ' ' + route.pattern() + " as '" + who + "': " + status;
                if (may(who, route)) {
                    // The routes by which one logs in refuse an empty form, also with 401.
                    assertTrue(route.role().isEmpty() || status != 401 && status != 403, what);
                } else {
                    assertEquals(who.isEmpty() ? 401 : 403, status, what);
                }
            }
        }
    }

    @Test
    void thatChangesSomethingIsOnlyForOurOwnPages() throws Exception {
        Browser browser = fixture.login("admin");
        for (Route route : fixture.console.gate().routes().stream().filter(Route::changes).toList()) {
            String what = route.method() + ' ' + route.pattern();
            assertOtherPage(what, fixture.posting(browser, path(route)).setHeader("Origin", "https://127.0.0.1:1"));
            assertOtherPage(what, fixture.posting(browser, path(route)).setHeader("Sec-Fetch-Site", "same-site"));
            if (route.role().isPresent()) {
                assertOtherPage(what, fixture.posting(browser, path(route)).setHeader(Gate.CSRF, "guessed"));
            }
        }
        assertEquals(200, fixture.get(browser, "/api/session").statusCode(), "none of them logged out");
        assertOtherPage("a page that reads", fixture.request("/console/api/jobs").header("Cookie", browser.cookie())
                .header("Sec-Fetch-Site", "cross-site").GET());
    }

    @Test
    void thatNeedsNoLoginTakesOnlyShortFormsThatSayTheirLength() throws Exception {
        byte[] fits = "x".repeat(Gate.STRANGERS_BYTES).getBytes(StandardCharsets.US_ASCII);
        for (Route route : fixture.console.gate().routes().stream().filter(Route::changes)
                .filter(each -> each.role().isEmpty()).toList()) {
            assertEquals(401, fixture.send(fixture.posting(Browser.NEW, path(route)).POST(BodyPublishers.ofByteArray(fits)))
                    .statusCode(), route.pattern());
            assertEquals("HTTP/1.1 413", begun(path(route), "Content-Length: " + (Gate.STRANGERS_BYTES + 1)), route.pattern());
            assertEquals("HTTP/1.1 413", begun(path(route), "Transfer-Encoding: chunked"), route.pattern());
        }
    }

    /** The answer to a form of which nothing comes but that it will: whoever sent more could have the answer cut off by that. */
    private String begun(String path, String length) throws Exception {
        try (Socket socket = new Socket("127.0.0.1", fixture.port())) {
            socket.setSoTimeout(20_000);
            socket.getOutputStream().write(("POST /console" + path + " HTTP/1.1\r\nHost: 127.0.0.1:" + fixture.port()
                    + "\r\nOrigin: " + fixture.origin() + "\r\nContent-Type: application/x-www-form-urlencoded\r\n" + length + "\r\n\r\n")
                    .getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readNBytes("HTTP/1.1 413".length()), StandardCharsets.US_ASCII);
        }
    }

    private void assertOtherPage(String what, HttpRequest.Builder request) throws Exception {
        HttpResponse<String> answer = fixture.send(request);
        assertEquals(403, answer.statusCode(), what);
        assertTrue(answer.body().contains(ErrorCode.OTHERPAGE.code()), what + ": " + answer.body());
    }

    @Test
    void isTheOnlyThingServed() throws Exception {
        Browser browser = fixture.login("admin");
        for (String path : List.of("/nothing", "/api", "/api/jobs/", "/api/jobs/a%20b", "/app.js/", "/console", "/app.js.map",
                "/API/session")) {
            assertEquals(404, fixture.get(browser, path).statusCode(), path);
        }
        HttpResponse<String> wrong = fixture.send(fixture.request("/console/api/jobs").header("Cookie", browser.cookie())
                .method("DELETE", HttpRequest.BodyPublishers.noBody()));
        assertEquals(405, wrong.statusCode());
        assertEquals("GET, POST", wrong.headers().firstValue("Allow").orElseThrow());
    }

    @Test
    void standsInTheBundlesPageWithItsRole() throws Exception {
        String page = Files.readString(Path.of("../../docs/bundles/org.dvs.monitor.md"));
        for (Route route : fixture.console.gate().routes()) {
            if (route.pattern().startsWith("/api/")) {
                String row = "| `" + route.method() + ' ' + route.pattern() + "` | "
                        + route.role().map(role -> role.name().toLowerCase(Locale.ROOT)).orElse("everybody") + " |";
                assertTrue(page.contains(row), row);
            }
        }
    }
}
