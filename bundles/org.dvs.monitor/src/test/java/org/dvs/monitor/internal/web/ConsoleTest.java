package org.dvs.monitor.internal.web;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.InputStream;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.awaitility.Awaitility;
import org.dvs.api.Caller;
import org.dvs.api.ErrorCode;
import org.dvs.api.Role;
import org.dvs.api.dispatch.NodeAnswer;
import org.dvs.api.dispatch.NodeState;
import org.dvs.monitor.internal.web.ConsoleFixture.Browser;
import org.dvs.testkit.PlannedJob;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Names finish the sentence "the console …". */
class ConsoleTest {
    private final ConsoleFixture fixture = new ConsoleFixture();

    @AfterEach
    void close() throws Exception {
        fixture.close();
    }

    @Test
    void logsInWithACookieThatOnlyItsOwnPagesSend() throws Exception {
        HttpResponse<String> in = fixture.post(Browser.NEW, "/api/login", "user", "operator", "password", "right");

        String cookie = in.headers().firstValue("Set-Cookie").orElseThrow();
        assertTrue(cookie.matches("__Host-dvs-\\d+=[A-Za-z0-9_-]{43}; Path=/; Secure; HttpOnly; SameSite=Strict"), cookie);
        assertTrue(in.body().contains("\"roles\":[\"operator\"]"), in.body());
        assertEquals(401, fixture.post(Browser.NEW, "/api/login", "user", "operator", "password", "wrong").statusCode());
        assertEquals(403, fixture.post(Browser.NEW, "/api/login", "user", "nobody", "password", "right").statusCode());
    }

    @Test
    void givesANewIdAtEachLoginAndNoneAfterALogout() throws Exception {
        Browser first = fixture.login("viewer");
        Browser second = ConsoleFixture.browser(fixture.post(first, "/api/login", "user", "viewer", "password", "right"));

        assertEquals(401, fixture.get(first, "/api/session").statusCode());
        assertEquals(200, fixture.get(second, "/api/session").statusCode());
        assertEquals(200, fixture.post(second, "/api/logout").statusCode());
        assertEquals(401, fixture.get(second, "/api/session").statusCode());
    }

    @Test
    void sendsNothingOfAPageForSomebodyElseWhoHasLoggedInMeanwhile() throws Exception {
        Browser page = fixture.login("viewer");
        Browser other = ConsoleFixture.browser(fixture.post(page, "/api/login", "user", "operator", "password", "right"));

        Browser old = new Browser(other.cookie(), page.csrf());

        HttpResponse<String> refused = fixture.post(old, "/api/jobs", "w", "host", "w", "df");
        assertEquals(403, refused.statusCode());
        assertTrue(refused.body().contains("the page is not of the login that this browser has now"), refused.body());
        assertTrue(refused.body().contains(ErrorCode.OTHERPAGE.sentence()), "not of a role: " + refused.body());
        assertTrue(fixture.jobs.isEmpty());
        BlockingQueue<String> lines = listen(old);
        expect(lines, "event: session");
        expect(lines, "data: {\"user\":\"operator\"}");
    }

    @Test
    void opensByALinkOnce() throws Exception {
        HttpResponse<String> link = fixture.send(fixture.request(Console.linkPath()).POST(HttpRequest.BodyPublishers.noBody()));
        Matcher word = Pattern.compile("/console/#/ticket/([A-Za-z0-9_-]+)").matcher(link.body());
        assertTrue(word.find(), link.body());

        Browser browser = ConsoleFixture.browser(fixture.post(Browser.NEW, "/api/ticket", "ticket", word.group(1)));
        assertTrue(fixture.get(browser, "/api/session").body().contains("\"user\":\"token\""));
        assertEquals(401, fixture.post(Browser.NEW, "/api/ticket", "ticket", word.group(1)).statusCode());
        assertEquals(405, fixture.send(fixture.request(Console.linkPath()).GET()).statusCode());
    }

    @Test
    void servesItsFilesUnderAPolicyThatRunsNothingElse() throws Exception {
        HttpResponse<String> page = fixture.get(Browser.NEW, "/");

        String policy = page.headers().firstValue("Content-Security-Policy").orElseThrow();
        assertTrue(policy.startsWith("default-src 'none';") && !policy.contains("unsafe"), policy);
        assertFalse(Pattern.compile("<script(?![^>]* src=)|\\son[a-z]+=|style=|https?://").matcher(page.body()).find(),
                page.body());
        String tag = page.headers().firstValue("ETag").orElseThrow();
        assertEquals(304, fixture.send(fixture.request("/console/").header("If-None-Match", tag).GET()).statusCode());
        assertEquals("/console/", fixture.get(Browser.NEW, "").headers().firstValue("Location")
                .map(to -> to.replaceAll("^https?://[^/]*", ""))
                .orElseThrow());
    }

    @Test
    void weighsLessThanThreeHundredKilobytesAndNamesNoOtherAddress() throws Exception {
        long bytes = 0;
        for (Route route : new Pages().routes()) {
            String body = fixture.get(Browser.NEW, route.pattern()).body();
            bytes += body.getBytes(StandardCharsets.UTF_8).length;
            String foreign = body.replace("http://www.w3.org/2000/svg", "");
            assertFalse(foreign.contains("http://") || foreign.contains("https://") || foreign.contains("innerHTML"),
                    route.pattern());
        }
        assertTrue(bytes < 300_000, bytes + " bytes");
    }

    @Test
    @Tag("R-CMD-05")
    void showsWhatBecameOfAJobFoldedAndByTheRow() throws Exception {
        Browser browser = fixture.login("viewer");
        assertTrue(fixture.post(browser, "/api/plan", "w", "host", "w", "df").body().contains("\"folded\":\"node[0-1]\""));
        HttpResponse<String> started = fixture.post(browser, "/api/jobs", "w", "host", "w", "df");
        assertTrue(started.body().contains("\"states\":{\"node0\":\"out\",\"node1\":\"out\"}"), started.body());

        ((PlannedJob) fixture.jobs.get(0)).end(node -> new NodeAnswer(node, NodeState.OK, 0, "", 5,
                List.of(List.of("<b>/</b>"), List.of("/var"))));

        String job = fixture.get(browser, "/api/jobs/node0-1-1").body();
        assertTrue(job.contains("\"groups\":[{\"nodes\":\"node[0-1]\",\"count\":2,\"state\":\"ok\",\"rows\":2"), job);
        String rows = fixture.get(browser, "/api/jobs/node0-1-1/rows?filter=VAR").body();
        assertEquals("{\"total\":2,\"count\":1,\"offset\":0,\"rows\":[[\"/var\"]]}", rows);
        assertEquals(400, fixture.get(browser, "/api/jobs/node0-1-1/rows?limit=5000").statusCode());
        assertTrue(fixture.get(browser, "/api/jobs/node0-1-1/rows?group=-1").body().contains("[[\"node[0-1]\",\"<b>/</b>\"]"));
        String differs = fixture.get(browser, "/api/jobs/node0-1-1/diff").body();
        assertTrue(differs.contains("\"rows\":[]") && differs.contains("\"by\":[0]"), differs);
        assertEquals(400, fixture.get(browser, "/api/jobs/node0-1-1/diff?by=1").statusCode());
        assertEquals(400, fixture.get(browser, "/api/jobs/node0-1-1/stream").statusCode(), "its rows come at once");
        HttpResponse<String> file = fixture.get(browser, "/api/jobs/node0-1-1/download?format=csv");
        assertEquals("printed: job info node0-1-1 -o csv\n", file.body());
        assertEquals("attachment; filename=\"node0-1-1.csv\"", file.headers().firstValue("Content-Disposition").orElseThrow());
    }

    @Test
    void cancelsAndRunsAgainAndAsksBeforeItDestroys() throws Exception {
        Browser browser = fixture.login("admin");
        fixture.post(browser, "/api/jobs", "w", "host", "w", "df");
        assertTrue(fixture.post(browser, "/api/jobs/node0-1-1/cancel").body().contains("\"skipped\":2"));
        assertEquals(200, fixture.post(browser, "/api/jobs/node0-1-1/retry").statusCode());
        assertEquals("RQST_DF", fixture.retried.get(0).request());

        assertEquals(409, fixture.post(browser, "/api/jobs", "w", "dvs", "w", "end").statusCode());
        assertEquals(2, fixture.jobs.size());
        assertEquals(200, fixture.post(browser, "/api/jobs", "w", "dvs", "w", "end", "confirm", "yes").statusCode());
        assertEquals(403, fixture.post(fixture.login("operator"), "/api/jobs", "w", "dvs", "w", "end", "confirm", "yes")
                .statusCode());
    }

    @Test
    @Tag("R-CMD-17")
    void letsADemotedAccountDoWhatItMayDoNow() throws Exception {
        Browser browser = fixture.login("admin");
        fixture.changed.put("admin", Set.of("viewer"));
        assertEquals(403, fixture.post(browser, "/api/jobs", "w", "dvs", "w", "end", "confirm", "yes").statusCode());
        assertEquals(200, fixture.get(browser, "/api/jobs").statusCode());
        assertTrue(fixture.jobs.isEmpty());
    }

    @Test
    @Tag("R-CMD-17")
    void endsTheSessionAndThePagesOfAnAccountThatIsGone() throws Exception {
        Browser browser = fixture.login("admin");
        BlockingQueue<String> lines = listen(browser);
        expect(lines, "retry: 1000");
        fixture.changed.put("admin", Set.of());
        fixture.hub.expire(fixture.sessions::isOpen);
        expect(lines, "event: ended");
        Browser removed = fixture.login("operator");
        fixture.changed.put("operator", Set.of());
        HttpResponse<String> refused = fixture.post(removed, "/api/jobs", "w", "host", "w",
                "df");
        assertEquals(401, refused.statusCode());
        assertTrue(refused.body().contains("the account of 'operator' has been removed from this node; the session has ended"),
                refused.body());
        fixture.changed.clear();
        assertEquals(401, fixture.get(browser, "/api/session").statusCode(), "it does not come back with the account");
    }

    @Test
    @Tag("R-CMD-17")
    void looksTheAccountUpWhenALinkIsUsed() throws Exception {
        String link = fixture.tickets.issue(new Caller("eve", Set.of(Role.ADMIN, Role.VIEWER), "rest", "127.0.0.1"));
        fixture.changed.put("eve", Set.of("viewer"));
        String in = fixture.post(Browser.NEW, "/api/ticket", "ticket", link).body();
        assertTrue(in.contains("\"roles\":[\"viewer\"]"), in);
        String second = fixture.tickets.issue(new Caller("eve", Set.of(Role.ADMIN, Role.VIEWER), "rest", "127.0.0.1"));
        fixture.changed.put("eve", Set.of());
        assertEquals(401, fixture.post(Browser.NEW, "/api/ticket", "ticket", second).statusCode());
        String old = fixture.tickets.issue(new Caller("ada", Set.of(Role.VIEWER), "rest", "127.0.0.1", "old"));
        assertEquals(401, fixture.post(Browser.NEW, "/api/ticket", "ticket", old).statusCode(), "made with a token of yesterday");
    }

    private BlockingQueue<String> listen(Browser browser) {
        BlockingQueue<String> lines = new LinkedBlockingQueue<>();
        HttpRequest request = fixture.request("/console/api/events").timeout(Duration.ofMinutes(1)).header("Cookie",
                browser.cookie()).GET().build();
        CompletableFuture<HttpResponse<Stream<String>>> response = fixture.client().sendAsync(request,
                HttpResponse.BodyHandlers.ofLines());
        // A thread for each: those that all share are fewer than a machine has processors, and a stream keeps its own to the end.
        response.thenAcceptAsync(answer -> answer.body().forEach(lines::add), task -> new Thread(task).start())
                .whenComplete((done, failure) -> lines.add("end"));
        return lines;
    }

    private static void expect(BlockingQueue<String> lines, String line) throws InterruptedException {
        String next = "";
        while (!line.equals(next)) {
            next = lines.poll(20, TimeUnit.SECONDS);
            assertTrue(next != null && !next.equals("end") || line.equals("end"), "no " + line);
        }
    }

    @Test
    void streamsTheRowsOfAJobThatHasEndedThenSaysSoAndEnds() throws Exception {
        Browser browser = fixture.login("viewer");
        fixture.post(browser, "/api/jobs", "w", "host", "w", "stat");
        ((PlannedJob) fixture.jobs.get(0)).end(node -> new NodeAnswer(node, NodeState.OK, 0, "", 1, List.of(List.of("/"))));
        String stream = fixture.get(browser, "/api/jobs/node0-1-1/stream").body();
        List<String> events = stream.lines().filter(line -> line.startsWith("event: ")).toList();
        assertEquals(List.of("event: rows", "event: rows", "event: done"), events);
        Awaitility.await().atMost(ConsoleFixture.WAIT).until(() -> fixture.hub.size() == 0);
    }

    @Test
    void tellsOpenPagesWhatHappensAtOnce() throws Exception {
        BlockingQueue<String> lines = listen(fixture.login("viewer"));
        expect(lines, "retry: 1000");

        fixture.hub.publish("cluster", Map.of("view", 7));

        expect(lines, "event: cluster");
        expect(lines, "data: {\"view\":7}");
    }

    @Test
    void refusesPagesBeyondItsLimit() throws Exception {
        Browser browser = fixture.login("viewer");
        for (int i = 0; i < 3; i++) {
            expect(listen(browser), "retry: 1000");
        }
        assertEquals(3, fixture.hub.size());
        HttpResponse<String> fourth = fixture.get(browser, "/api/events");
        assertEquals(503, fourth.statusCode(), fourth.body());
    }

    @Test
    void dropsABrowserThatDoesNotRead() throws Exception {
        Browser browser = fixture.login("viewer");
        try (Socket socket = new Socket("127.0.0.1", fixture.port())) {
            socket.getOutputStream().write(("GET /console/api/events HTTP/1.1\r\nHost: 127.0.0.1:" + fixture.port()
                    + "\r\nCookie: "
                    + browser.cookie() + "\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
            InputStream in = socket.getInputStream();
            assertEquals('H', in.read());
            Awaitility.await().atMost(ConsoleFixture.WAIT).until(() -> fixture.hub.size() == 1);
            Map<String, String> big = Map.of("text", "x".repeat(4_000));

            // More than the buffers of both sides and the queue can hold.
            Awaitility.await().atMost(ConsoleFixture.WAIT).pollInterval(Duration.ofMillis(10)).until(() -> {
                for (int i = 0; i < 500; i++) {
                    fixture.hub.publish("job", big);
                }
                return fixture.hub.size() == 0;
            });
        }
    }
}
