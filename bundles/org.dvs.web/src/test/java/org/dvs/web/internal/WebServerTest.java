package org.dvs.web.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.BindException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;

import org.awaitility.Awaitility;
import org.dvs.web.api.WebContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The HTTP server … */
@Tag("R-CMD-17")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class WebServerTest {
    private static final String END = "Host: localhost\r\nConnection: close\r\n\r\n";
    private TestServer server;

    @BeforeAll
    void start(@TempDir Path temp) throws Exception {
        server = new TestServer(temp.resolve("keys"), TestServer.settings(), new EchoServlet());
    }

    @AfterAll
    void stop() {
        server.close();
    }

    /** Answers with what it got. */
    private static final class EchoServlet extends HttpServlet {
        private static final long serialVersionUID = 1L;

        @Override
        protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
            switch (request.getPathInfo()) {
                case "/defect" -> throw new IllegalStateException("secret of the inside");
                case "/refused" -> response.setStatus(403);
                case "/missing" -> response.sendError(404);
                default -> {
                    byte[] body = request.getInputStream().readAllBytes();
                    response.getOutputStream().print("echo " + request.getMethod() + ' ' + request.getPathInfo() + ' '
                            + body.length + ' '
                            + WebContext.requestId(request) + ' ' + WebContext.node(request));
                }
            }
        }
    }

    @Test
    void answersARequestWithTheHeadersThatKeepItSafe() throws IOException {
        String answer = server.exchange("GET /x HTTP/1.1\r\nX-Request-Id: my-id.1\r\n" + END);

        assertTrue(answer.startsWith("HTTP/1.1 200"), answer);
        assertTrue(answer.endsWith("echo GET /x 0 my-id.1 node0"), answer);
        Map<String, String> expected = Map.of("Cache-Control", "no-store", "X-Content-Type-Options", "nosniff",
                "Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'", "X-Frame-Options", "DENY",
                        "X-Request-Id", "my-id.1");
        expected.forEach((name, value) -> assertTrue(answer.contains("\r\n" + name + ": " + value + "\r\n"), name + " in "
                + answer));
        assertFalse(answer.toLowerCase(Locale.ROOT).contains("jetty"), answer);
        assertFalse(answer.contains("\r\nServer:"), answer);
    }

    /** Sent in pieces, so that most of it comes when the answer has long been written. */
    @ParameterizedTest
    @CsvSource({"/refused, Content-Length: 61440, 403", "/refused, Transfer-Encoding: chunked, 403",
            "/missing, Content-Length: 61440, 404", "/missing, Transfer-Encoding: chunked, 404"})
    void takesTheBodyOfWhomItRefusesSoThatTheAnswerIsRead(String path, String length, int status) throws IOException {
        boolean chunked = length.startsWith("Transfer");
        byte[] piece = ((chunked ? "400\r\n" : "") + "x".repeat(1024) + (chunked ? "\r\n" : "")).getBytes(
                StandardCharsets.US_ASCII);
        try (SSLSocket socket = server.connect()) {
            OutputStream out = socket.getOutputStream();
            InputStream in = socket.getInputStream();
            out.write(("POST " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n" + length + "\r\n\r\n")
                    .getBytes(StandardCharsets.US_ASCII));
            out.flush();
            assertEquals('H', in.read(), "the answer does not wait for the body");
            for (int i = 0; i < 60; i++) {
                out.write(piece);
                out.flush();
            }
            out.write((chunked ? "0\r\n\r\n" : "").getBytes(StandardCharsets.US_ASCII));
            out.flush();
            String answer = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            assertTrue(answer.startsWith("TTP/1.1 " + status), answer);
        }
    }

    @Test
    void cutsOffABodyBehindARefusalThatHasNoEnd() throws IOException {
        try (SSLSocket socket = server.connect()) {
            OutputStream out = socket.getOutputStream();
            out.write("POST /refused HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n".getBytes(
                    StandardCharsets.US_ASCII));
            byte[] chunk = ("400\r\n" + "x".repeat(1024) + "\r\n").getBytes(StandardCharsets.US_ASCII);
            assertThrows(IOException.class, () -> {
                for (int i = 0; i < 1_000_000; i++) {
                    out.write(chunk);
                    out.flush();
                }
            });
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"a b", "x\u007f", "0123456789012345678901234567890123456789012345678901234567890123456789", "a\"b"})
    void givesARequestAnIdOfItsOwnInPlaceOfOneThatIsNone(String id) throws IOException {
        String answer = server.exchange("GET /x HTTP/1.1\r\nX-Request-Id: " + id + "\r\n" + END);
        assertFalse(answer.contains(id), answer);
    }

    /** name, request, least number of answers that must not be exceeded: always one, and the connection is closed after it. */
    static Stream<Arguments> malformed() {
        String next = "GET /smuggled HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
        String chunks = "POST /x HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n";
        return Stream.of(
                Arguments.of("TE and CL",
                        "POST /x HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n0\r\n\r\n"
                        + next),
                Arguments.of("CL and TE",
                        "POST /x HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
                        + next),
                Arguments.of("two CL that differ",
                        "POST /x HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab" + next),
                Arguments.of("two CL alike",
                        "POST /x HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\na" + next),
                Arguments.of("CL list", "POST /x HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1, 1\r\n\r\na" + next),
                Arguments.of("CL signed", "POST /x HTTP/1.1\r\nHost: localhost\r\nContent-Length: +1\r\n\r\na" + next),
                Arguments.of("CL negative", "POST /x HTTP/1.1\r\nHost: localhost\r\nContent-Length: -1\r\n\r\n" + next),
                Arguments.of("CL too large", "POST /x HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99999999999999999999\r\n\r\n"
                        + next),
                Arguments.of("TE unknown", "POST /x HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n"
                        + next),
                Arguments.of("TE twice",
                        "POST /x HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n" + next),
                Arguments.of("bare LF", "GET /x HTTP/1.1\nHost: localhost\n\n" + next),
                Arguments.of("bare LF in a header", "GET /x HTTP/1.1\r\nHost: localhost\nX: y\r\n\r\n" + next),
                Arguments.of("obs-fold", "GET /x HTTP/1.1\r\nHost: localhost\r\nX: a\r\n b\r\n\r\n" + next),
                Arguments.of("space before the colon", "GET /x HTTP/1.1\r\nHost: localhost\r\nContent-Length : 3\r\n\r\nabc"
                        + next),
                Arguments.of("no host", "GET /x HTTP/1.1\r\n\r\n" + next),
                Arguments.of("two hosts", "GET /x HTTP/1.1\r\nHost: localhost\r\nHost: localhost\r\n\r\n" + next),
                Arguments.of("control character", "GET /x HTTP/1.1\r\nHost: localhost\r\nX: a\u0000b\r\n\r\n" + next),
                Arguments.of("chunk length that is none", chunks + "zz\r\nabc\r\n0\r\n\r\n" + next),
                Arguments.of("chunk length with a sign", chunks + "-1\r\n\r\n0\r\n\r\n" + next),
                Arguments.of("chunk length too large", chunks + "fffffffffffffffff\r\nabc\r\n0\r\n\r\n" + next),
                // CVE-2026-2332: stock parsers took the line's end inside the quote and gave two answers.
                Arguments.of("unclosed quote in a chunk extension", chunks + "1;a=\"\r\nX\r\n0\r\n\r\n" + next
                        + "\"\r\nY\r\n0\r\n\r\n"),
                Arguments.of("HTTP/0.9", "GET /x\r\n\r\n" + next),
                Arguments.of("HTTP/3.7", "GET /x HTTP/3.7\r\nHost: localhost\r\n\r\n" + next),
                Arguments.of("not HTTP", "\u0016\u0003\u0001 hello\r\n\r\n" + next));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("malformed")
    void refusesAMalformedRequestOnceAndCloses(String name, String request) throws IOException {
        String answer = server.exchange(request);

        assertEquals(1, answers(answer).size(), answer);
        assertFalse(answer.contains("smuggled"), answer);
        int status = Integer.parseInt(answers(answer).get(0));
        assertTrue(status == 400 || status == 501 || status == 505 || status == 426, answer);
    }

    private static List<String> answers(String text) {
        List<String> found = new ArrayList<>();
        Matcher matcher = Pattern.compile("HTTP/1\\.[01] (\\d{3})").matcher(text);
        while (matcher.find()) {
            found.add(matcher.group(1));
        }
        return found;
    }

    @ParameterizedTest
    @ValueSource(strings = {"/%2e%2e/etc/passwd", "/a/../../etc/passwd", "/a%2fb", "/a;x=y/..;/b", "/a%00b", "/%zz"})
    void leadsNoPathOutOfItsRoot(String path) throws IOException {
        String answer = server.exchange("GET " + path + " HTTP/1.1\r\n" + END);
        assertTrue(answer.startsWith("HTTP/1.1 400") || answer.contains("echo GET /etc/passwd 0")
                || answer.contains("echo GET /a"), answer);
        assertFalse(answer.contains(".."), answer);
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost", "LOCALHOST", "localhost:8443", "127.0.0.1", "127.0.0.1:1", "[::1]", "[::1]:8443",
            "node0",
        "dvs.example.org"})
    void answersToItsOwnNames(String host) throws IOException {
        assertTrue(server.exchange("GET /x HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n")
                .startsWith("HTTP/1.1 200"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"evil.example.org", "localhost.evil.example.org", "127.0.0.2", "[::2]", "10.0.0.1:8443"})
    void refusesRequestsForOtherNames(String host) throws IOException {
        String answer = server.exchange("GET /x HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n");
        assertTrue(answer.startsWith("HTTP/1.1 421"), answer);
        assertTrue(answer.contains("this node is not called"), answer);
    }

    @ParameterizedTest
    @ValueSource(strings = {"https://evil.example.org", "http://localhost", "null", "https://", "::"})
    void refusesPagesOfOthers(String origin) throws IOException {
        String answer = server.exchange("POST /x HTTP/1.1\r\nOrigin: " + origin + "\r\nContent-Length: 0\r\n" + END);
        assertTrue(answer.startsWith("HTTP/1.1 403"), answer);
        assertTrue(answer.contains("DVS-SEC-1015"), answer);
    }

    @Test
    void takesItsOwnPages() throws IOException {
        assertTrue(server.exchange("POST /x HTTP/1.1\r\nOrigin: https://localhost:8443\r\nContent-Length: 0\r\n" + END)
                .startsWith("HTTP/1.1 200"));
    }

    @Test
    void limitsTheHeader() throws IOException {
        String answer = server.exchange("GET /x HTTP/1.1\r\nX: " + "a".repeat(9_000) + "\r\n" + END);
        assertTrue(answer.startsWith("HTTP/1.1 431"), answer);
        assertTrue(answer.contains("DVS-REQ-0007"), answer);
    }

    @Test
    void limitsTheBodyByItsLengthAndByWhatComes() throws IOException {
        int limit = TestServer.settings().maxBodyBytes();
        String announced = server.exchange("POST /x HTTP/1.1\r\nContent-Length: " + (limit + 1) + "\r\n" + END);
        assertTrue(announced.startsWith("HTTP/1.1 413"), announced);

        String chunk = Integer.toHexString(limit / 2) + "\r\n" + "a".repeat(limit / 2) + "\r\n";
        String streamed = server.exchange("POST /x HTTP/1.1\r\nTransfer-Encoding: chunked\r\n" + END + chunk + chunk
                + "1\r\na\r\n0\r\n\r\n");
        assertTrue(streamed.startsWith("HTTP/1.1 413"), streamed);
        assertTrue(streamed.contains("DVS-REQ-0007"), streamed);

        String fits = server.exchange("POST /x HTTP/1.1\r\nTransfer-Encoding: chunked\r\n" + END + chunk + chunk + "0\r\n\r\n");
        assertTrue(fits.contains("echo POST /x " + limit), fits);
    }

    @Test
    void saysErrorsAsProblemsWithoutTellingOfItsInside() throws IOException {
        String defect = server.exchange("GET /defect HTTP/1.1\r\nX-Request-Id: my-id\r\n" + END);
        assertTrue(defect.startsWith("HTTP/1.1 500"), defect);
        assertTrue(defect.contains("Content-Type: application/problem+json"), defect);
        assertTrue(defect.contains("\"requestId\":\"my-id\"") && defect.contains("\"node\":\"node0\""), defect);
        assertTrue(defect.contains("\r\nX-Content-Type-Options: nosniff"), defect);
        for (String inside : List.of("secret", "Exception", "jetty", "\tat ")) {
            assertFalse(defect.contains(inside), defect);
        }
        assertTrue(server.exchange("GET /missing HTTP/1.1\r\n" + END).contains("\"status\":404"));
    }

    @Test
    void speaksOnlyCurrentTls() throws IOException {
        try (SSLSocket socket = server.connect()) {
            socket.startHandshake();
            assertEquals("TLSv1.3", socket.getSession().getProtocol());
        }
        try (SSLSocket socket = server.connect()) {
            socket.setEnabledProtocols(new String[] {"TLSv1.2"});
            socket.startHandshake();
            assertTrue(socket.getSession().getCipherSuite().matches(".*(GCM|POLY1305).*"), socket.getSession().getCipherSuite());
        }
        try (SSLSocket socket = server.connect()) {
            socket.setEnabledProtocols(new String[] {"TLSv1.2"});
            socket.setEnabledCipherSuites(Arrays.stream(socket.getSupportedCipherSuites())
                    .filter(suite -> suite.contains("_CBC_"))
                    .toArray(String[]::new));
            assertThrows(SSLException.class, socket::startHandshake);
        }
    }

    @Test
    void namesThePortThatIsTaken(@TempDir Path temp) {
        WebSettings taken = new WebSettings("127.0.0.1", server.port(), List.of(), 10, 10, 16, 8192, 65_536, 10_000);
        IOException e = assertThrows(IOException.class, () -> new TestServer(temp.resolve("keys"), taken, new EchoServlet()));
        assertTrue(e.getMessage().contains("127.0.0.1:" + server.port()), e.getMessage());
        assertTrue(causes(e).anyMatch(BindException.class::isInstance));
    }

    private static Stream<Throwable> causes(Throwable e) {
        return Stream.iterate(e, Objects::nonNull, Throwable::getCause);
    }

    @Test
    void leavesNoThreadWhenItStops(@TempDir Path temp) throws Exception {
        // Its threads are of the group of the one that makes it: the server of the other tests may start some meanwhile.
        ThreadGroup its = new ThreadGroup("its");
        FutureTask<TestServer> made = new FutureTask<>(() -> new TestServer(temp.resolve("keys"), TestServer.settings(),
                new EchoServlet()));
        new Thread(its, made).start();
        TestServer other = made.get(60, TimeUnit.SECONDS);
        other.exchange("GET /x HTTP/1.1\r\n" + END);
        assertFalse(threads(its).isEmpty());
        try (SSLSocket idle = other.connect(); InputStream in = idle.getInputStream()) {
            idle.getOutputStream().write("GET /x HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            // With its answer the server has taken all that came: what it had not would make a reset of the end.
            StringBuilder answer = new StringBuilder();
            while (answer.indexOf(" node0") < 0) {
                int next = in.read();
                assertTrue(next >= 0, () -> "the end after: " + answer);
                answer.append((char) next);
            }
            other.close();
            assertEquals(-1, in.read(), "an idle connection is closed");
        }
        Awaitility.await().atMost(60, TimeUnit.SECONDS).until(() -> threads(its).isEmpty());
    }

    private static List<Thread> threads(ThreadGroup its) {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("dvs-web-") && thread.getThreadGroup() == its).toList();
    }
}
