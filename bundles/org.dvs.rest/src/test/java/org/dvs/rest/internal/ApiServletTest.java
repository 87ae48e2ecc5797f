package org.dvs.rest.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.awaitility.Awaitility;
import org.dvs.api.Caller;
import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.api.Role;
import org.dvs.api.dispatch.Order;
import org.dvs.api.dispatch.Pace;
import org.dvs.api.dispatch.Selection;
import org.dvs.api.request.RequestSpec;
import org.dvs.cli.api.CommandLine;
import org.dvs.cli.api.Invocation;
import org.dvs.cli.api.Output;
import org.dvs.web.api.Problem;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The REST face … */
@Tag("R-CMD-17")
class ApiServletTest {
    @AutoClose
    private final RestFixture rest = new RestFixture();

    @Test
    void sendsAReadingRequestFromTheQuery() throws Exception {
        HttpResponse<String> answer = rest.get(
                "/host/df?all&min_size=1GiB&mounts=/a&mounts=/b&limit=5&ratio=0.5&local=true&timeout=5s&type=xfs");

        assertEquals(200, answer.statusCode(), answer.body());
        assertEquals("application/json", answer.headers().firstValue("Content-Type").orElse(""));
        assertEquals(List.of(new Order("RQST_DF", Map.of("min_size", 1L << 30, "mounts", List.of("/a", "/b"), "limit", 5L,
                "ratio", 0.5,
                "local", true, "type", "xfs"), Selection.ALL, Duration.ofSeconds(5), Pace.DEFAULT, rest.caller, "id-1")),
                        rest.orders);
    }

    @Test
    void sendsARequestFromTheBody() throws Exception {
        HttpResponse<String> answer = rest.post("/lb/server/drain", """
                {"nodes":"node[0-2]","exclude":"node1","groups":["web"],"pick":2,"timeout":"1m","fanout":8,
                 "batch":"50%","maxFail":"1",
                 "values":{"server":"web1","wait":"30s"}}""");

        assertEquals(200, answer.statusCode(), answer.body());
        assertEquals(List.of(new Order("RQST_DRAIN", Map.of("server", "web1", "wait", 30_000L),
                new Selection("node[0-2]", "node1", List.of("web"), false, 2), Duration.ofMinutes(1), new Pace(8, "50%", "1"),
                        rest.caller,
                "id-1")), rest.orders);
    }

    @Test
    void asksTheNodeThatWasAskedUnlessOthersAreNamed() throws Exception {
        rest.post("/host/df", "");
        rest.post("/host/df", "{}");
        rest.get("/host/df");

        assertEquals(List.of(Selection.LOCAL, Selection.LOCAL, Selection.LOCAL), rest.orders.stream().map(Order::selection)
                .toList());
        assertEquals(Order.DEFAULT_TIMEOUT, rest.orders.get(0).timeout());
    }

    @Test
    void takesAnEmptyNodeSetForNoNodesAndNotForTheNodeThatWasAsked() throws Exception {
        for (HttpResponse<String> answer : List.of(rest.get("/host/df?nodes="), rest.get("/host/df?nodes=%20"),
                rest.post("/host/df", "{\"nodes\":\"\"}"), rest.post("/host/df", "{\"nodes\":\" \"}"))) {
            assertEquals(404, answer.statusCode(), answer.body());
            assertTrue(answer.body().contains("the node set is empty"), answer.body());
        }
        assertEquals(List.of(), rest.orders);
    }

    @Test
    void givesTheAnswerAsTheCommandLineWritesIt() throws Exception {
        HttpResponse<String> answer = rest.get("/host/df");

        assertEquals("{\"words\":\"job info node0-1-1 -o json\",\n\"caller\":\"ada\"}\n", answer.body());
        assertFalse(rest.invocations.get(0).terminal());
    }

    @Test
    void isNotSilentWhileNodesAreOutAndStaysJson() throws Exception {
        rest.hang = true;
        try (Socket socket = request("GET /api/v1/host/df HTTP/1.1")) {
            String head = read(socket, "\r\n\r\n");
            assertTrue(head.startsWith("HTTP/1.1 200"), head);
            assertTrue(read(socket, " ").endsWith(" "), "a blank");
        }
    }

    @Test
    @Tag("R-CMD-06")
    void cancelsTheJobOfAClientThatHasGone() throws Exception {
        rest.hang = true;
        try (Socket socket = request("GET /api/v1/host/df HTTP/1.1")) {
            read(socket, "\r\n\r\n");
            assertEquals(0, rest.cancelled.get());
        }
        Awaitility.await().atMost(RestFixture.WAIT).until(() -> rest.cancelled.get() == 1);
    }

    @Test
    void cutsAnAnswerThatFailsBehindItsFirstBlank() throws Exception {
        rest.hang = true;
        rest.commands = new FailingCommands();
        try (Socket socket = request("GET /api/v1/host/df HTTP/1.1")) {
            read(socket, "\r\n\r\n");
            read(socket, " ");
            rest.jobs().get(0).cancel();
            String left = new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
            assertFalse(left.contains("0\r\n\r\n"), "no last chunk: " + left);
        }
    }

    /** Has forgotten each job. */
    private static final class FailingCommands implements CommandLine {
        @Override
        public int run(Invocation invocation, Output out) {
            out.err("DVS-REQ-1007 There is no such job on this node: '" + invocation.words().get(2) + "'");
            return 1;
        }

        @Override
        public List<String> complete(List<String> words) {
            return List.of();
        }
    }

    private Socket request(String line) throws IOException {
        Socket socket = new Socket("127.0.0.1", rest.port());
        socket.setSoTimeout((int) RestFixture.WAIT.toMillis());
        socket.getOutputStream().write((line + "\r\nHost: localhost\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
        return socket;
    }

    private static String read(Socket socket, String end) throws IOException {
        StringBuilder text = new StringBuilder();
        while (text.indexOf(end) < 0) {
            int next = socket.getInputStream().read();
            assertTrue(next >= 0, () -> "the end after: " + text);
            text.append((char) next);
        }
        return text.toString();
    }

    @Test
    void saysWhatItWouldSend() throws Exception {
        HttpResponse<String> answer = rest.post("/dvs/end", "{\"dryRun\":true,\"nodes\":\"node[0-1]\"}");

        assertEquals("{\"dryRun\":true,\"request\":\"RQST_DVSEND\",\"target\":{"
                + "\"requested\":\"node[0-1]\",\"resolved\":\"node[0-1]\","
                + "\"count\":2},\"values\":{},\"role\":\"admin\",\"changes\":true,\"destructive\":true,\"timeoutMs\":30000}",
                        answer.body());
        assertEquals(List.of(), rest.orders);
    }

    @Test
    void destroysNothingWithoutConfirmation() throws Exception {
        HttpResponse<String> refused = rest.post("/dvs/end", "{}");
        problem(refused, 409, "DVS-CLI-1002", "RQST_DVSEND on node[0-1] needs");
        assertEquals(List.of(), rest.orders);

        assertEquals(200, rest.post("/dvs/end", "{\"confirm\":true}").statusCode());
        assertEquals(1, rest.orders.size());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "limit=0 | DVS-REQ-0338 | limit: 0 is not in range 1..100",
        "limit=ten | DVS-REQ-0339 | limit: 'ten' is not a number",
        "limit=1&limit=2 | DVS-REQ-0022 | limit must be given once",
        "type=fat | DVS-REQ-0339 | type: 'fat' is not one of ext4, xfs",
        "mounts=relative | DVS-REQ-0339 | does not match",
        "min_size=5 | DVS-REQ-0339 | is not a size such as",
        "colour=red | DVS-REQ-0022 | RQST_DF has no parameter 'colour'",
        "timeout=5 | DVS-REQ-0339 | timeout: '5' is not a duration",
        "all=maybe | DVS-REQ-0339 | all: 'maybe' is not true or false",
        "pick=-1 | DVS-REQ-0338 | pick: -1 is less than 0",
        "fanout=0 | DVS-REQ-0338 | fanout: 0 is less than 1",
        "pick=many | DVS-REQ-0339 | pick: 'many' is not a whole number"})
    void saysWhatIsWrongInAQuery(String query, String code, String detail) throws Exception {
        problem(rest.get("/host/df?" + query), 400, code, detail);
        assertEquals(List.of(), rest.orders);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "[] | DVS-REQ-0022 | the body is not a JSON object",
        "{ | DVS-REQ-0022 | the body is not JSON at line 1",
        "{} {} | DVS-REQ-0022 | something stands after the JSON object",
        "{\"nodes\":1} | DVS-REQ-0339 | nodes is not text",
        "{\"all\":\"x\"} | DVS-REQ-0339 | all: 'x' is not true or false",
        "{\"groups\":[1]} | DVS-REQ-0339 | groups is not text",
        "{\"noses\":\"*\"} | DVS-REQ-0022 | there is no member 'noses'",
        "{\"values\":[]} | DVS-REQ-0339 | values is not an object",
        "{\"values\":{\"colour\":1}} | DVS-REQ-0022 | RQST_DF has no parameter 'colour'",
        "{\"values\":{\"limit\":1.5}} | DVS-REQ-0339 | limit: 1.5 is not of type INTEGER",
        "{\"values\":{\"limit\":99999999999999999999}} | DVS-REQ-0022 | the body is not JSON",
        "{\"values\":{\"min_size\":1024}} | DVS-REQ-0339 | is not a size such as",
        "{\"values\":{\"mounts\":[\"\\ud800\"]}} | DVS-REQ-0022 | half of a surrogate pair in the text at line 1, column 22",
        "{\"values\":{\"mounts\":[\"/a\",7]}} | DVS-REQ-0339 | 7 is not text",
        "{\"values\":{\"limit\":{\"a\":1}}} | DVS-REQ-0339 | is not of type INTEGER",
        "{ | DVS-REQ-0022 | (start marker at line 1, column 1)",
        "{\"all\":true,\"all\":false} | DVS-REQ-0022 | the body is not JSON"})
    void saysWhatIsWrongInABody(String body, String code, String detail) throws Exception {
        problem(rest.post("/host/df", body), 400, code, detail);
        assertEquals(List.of(), rest.orders);
    }

    @Test
    void refusesABodyNestedTooDeep() throws Exception {
        problem(rest.post("/host/df", "{\"values\":" + "{\"a\":".repeat(64) + "1" + "}".repeat(65)), 400, "DVS-REQ-0022",
                "the body is not JSON");
    }

    @Test
    void refusesABodyThatIsNotJson() throws Exception {
        HttpResponse<String> answer = rest.post("/host/df", "text/plain", "{}");
        problem(answer, 415, "DVS-REQ-0022", "the body must be application/json");
        assertEquals(200, rest.post("/host/df", "application/json; charset=utf-8", "{}").statusCode());
    }

    @Test
    void takesNoQueryWithABody() throws Exception {
        problem(rest.post("/host/df?all", "{}"), 400, "DVS-REQ-0022", "nothing behind the ?");
    }

    @ParameterizedTest
    @CsvSource({"GET, /lb/server/drain, POST", "DELETE, /host/df, 'GET, POST'", "POST, /requests, GET", "PUT, /openapi.json, GET",
        "GET, /cli, POST", "POST, /jobs, GET", "POST, /jobs/x, 'GET, DELETE'", "OPTIONS, /host/df, 'GET, POST'"})
    void namesTheMethodsItTakes(String method, String path, String allowed) throws Exception {
        HttpResponse<String> answer = rest.send(HttpRequest.newBuilder(rest.uri(path))
                .method(method, HttpRequest.BodyPublishers.noBody()));
        assertEquals(405, answer.statusCode());
        assertEquals(allowed, answer.headers().firstValue("Allow").orElse(""));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "/", "/host", "/host/df/", "/host/df/x", "/host/ps", "/requests/x", "/jobs/a/b",
            "/lb/server-drain", "/RQST_DF"})
    void servesNothingElse(String path) throws Exception {
        problem(rest.get(path), 404, "DVS-REQ-0107", "nothing is served at /api/v1" + path);
    }

    @ParameterizedTest
    @EnumSource(value = ErrorCode.class, names = {"NONODES", "BADNODEID", "AGAIN", "NOTREADY", "PRIVILEGES", "TOOBIG", "CONFLICT",
            "TIMEDOUT"})
    void givesWhatTheDispatcherSaysWithItsStatus(ErrorCode code) throws Exception {
        rest.refusal = new DvsException(code, "as told");
        HttpResponse<String> answer = rest.get("/host/df");
        problem(answer, Problem.status(code), code.code(), "as told");
        assertTrue(answer.body().contains("\"node\":\"node0\",\"requestId\":\"id-1\""), answer.body());
    }

    @ParameterizedTest
    @CsvSource({"/host/df, VIEWER, 200", "/host/df, OPERATOR, 200", "/host/df, ADMIN, 200", "/host/df, AUDITOR, 200",
            "/host/df, , 403",
        "/requests, VIEWER, 200", "/requests, AUDITOR, 200", "/requests, , 403", "/openapi.json, VIEWER, 200",
                "/openapi.json, , 403",
        "/lb/server/drain, VIEWER, 403", "/lb/server/drain, OPERATOR, 200", "/lb/server/drain, ADMIN, 200",
                "/lb/server/drain, AUDITOR, 403",
        "/lb/server/drain, , 403", "/dvs/end, OPERATOR, 403", "/dvs/end, ADMIN, 200", "/dvs/end, AUDITOR, 403"})
    @Tag("R-CMD-18")
    void letsEachRoleDoWhatItMay(String path, Role role, int status) throws Exception {
        rest.caller = new Caller("x", role == null ? Set.of() : Set.of(role), "rest", "127.0.0.1");
        boolean changes = path.startsWith("/lb") || path.startsWith("/dvs");
        String body = path.startsWith("/lb") ? "{\"values\":{\"server\":\"web1\"}}" : "{\"confirm\":true}";
        assertEquals(status, (changes ? rest.post(path, body) : rest.get(path)).statusCode());
        assertEquals(status == 200 && path.split("/").length > 2 ? 1 : 0, rest.orders.size());
    }

    @Test
    @Tag("R-CMD-05")
    void describesWhatIsServedNow() throws Exception {
        String before = rest.get("/requests").body();
        assertTrue(before.contains("\"name\":\"RQST_DF\""), before);
        assertTrue(before.contains("{\"name\":\"limit\",\"type\":\"integer\",\"help\":\"rows at the most\",\"required\":false,"
                + "\"default\":10,"
                + "\"min\":1,\"max\":100,\"operand\":false}"), before);

        rest.specs.add(RequestSpec.named("RQST_NEW").command("host new").help("new").build());
        assertTrue(rest.get("/requests").body().contains("RQST_NEW"));
        assertTrue(rest.get("/openapi.json").body().contains("/host/new"));
        assertEquals(200, rest.get("/host/new").statusCode());

        rest.specs.remove(RestFixture.DF);
        assertFalse(rest.get("/requests").body().contains("RQST_DF"));
        assertFalse(rest.get("/openapi.json").body().contains("/host/df"));
        problem(rest.get("/host/df"), 404, "DVS-REQ-0107", "nothing is served");
    }

    @Test
    void asksTheCommandLineAboutJobs() throws Exception {
        assertTrue(rest.get("/jobs").body().contains("job list -o json"));
        assertTrue(rest.get("/jobs/node0-1-7").body().contains("job info node0-1-7 -o json"));
        HttpResponse<String> cancelled = rest.send(HttpRequest.newBuilder(rest.uri("/jobs/node0-1-7")).DELETE());
        assertTrue(cancelled.body().contains("job cancel node0-1-7"), cancelled.body());
        problem(rest.get("/jobs/unknown"), 404, "DVS-REQ-1007", "\"detail\":\"'unknown'\"");
        problem(rest.get("/jobs/--help"), 404, "DVS-REQ-1007", "'--help'");
    }

    private static void problem(HttpResponse<String> answer, int status, String code, String detail) {
        assertEquals(status, answer.statusCode(), answer.body());
        assertEquals("application/problem+json", answer.headers().firstValue("Content-Type").orElse(""));
        assertTrue(answer.body().contains("\"code\":\"" + code + "\""), answer.body());
        assertTrue(answer.body().contains(detail), answer.body());
    }
}
