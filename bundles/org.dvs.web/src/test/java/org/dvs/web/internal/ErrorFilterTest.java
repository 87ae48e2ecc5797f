package org.dvs.web.internal;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicReference;

import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;

import org.dvs.testkit.Logged;
import org.eclipse.jetty.io.EofException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The filter around all servlets … */
@Tag("R-CMD-17")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ErrorFilterTest {
    private static final String END = "Host: localhost\r\nX-Request-Id: my-id\r\nConnection: close\r\n\r\n";
    private TestServer server;

    /** The filter around a servlet that fails as its path says. */
    private static final class Failing extends HttpServlet {
        private static final long serialVersionUID = 1L;
        private final transient ErrorFilter filter = new ErrorFilter();

        @Override
        protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
            filter.doFilter(request, response, (req, res) -> fail(request, response));
        }

        private static void fail(HttpServletRequest request, HttpServletResponse response) throws IOException, ServletException {
            response.setHeader("X-Half-Made", "yes");
            switch (request.getPathInfo()) {
                case "/read" -> response.getOutputStream().print("read " + request.getInputStream().readAllBytes().length);
                case "/wrapped" -> {
                    try {
                        request.getInputStream().readAllBytes();
                    } catch (RuntimeException e) {
                        throw new ServletException(e);
                    }
                }
                case "/defect" -> throw new IllegalStateException("secret of the inside");
                case "/replaced" -> throw new ServletException("Servlet has been unregistered");
                case "/broken" -> throw new IOException("a disk");
                case "/gone" -> {
                    response.getOutputStream().print("half an answer");
                    response.flushBuffer();
                    throw new EofException("closed");
                }
                default -> {
                    response.getOutputStream().print("half an answer");
                    response.flushBuffer();
                    throw new IllegalStateException("secret of the inside");
                }
            }
        }
    }

    @BeforeAll
    void start(@TempDir Path temp) throws Exception {
        server = new TestServer(temp.resolve("keys"), TestServer.settings(), new Failing());
    }

    @AfterAll
    void stop() {
        server.close();
    }

    @ParameterizedTest
    @CsvSource({"/read", "/wrapped"})
    void saysThatABodyIsTooLargeThoughItsLengthWasNotAnnounced(String path) throws IOException {
        String chunk = "10000\r\n" + "a".repeat(0x10000) + "\r\n";
        String answer = server.exchange("POST " + path + " HTTP/1.1\r\nTransfer-Encoding: chunked\r\n" + END + chunk + chunk
                + "0\r\n\r\n");
        assertTrue(answer.startsWith("HTTP/1.1 413"), answer);
        assertTrue(answer.contains("DVS-REQ-0007") && answer.contains("; maxBodyBytes in org.dvs.web.cfg\""), answer);
        assertFalse(answer.contains("X-Half-Made"), answer);
    }

    @Test
    void saysThatABodyIsMalformed() throws IOException {
        String answer = server.exchange("POST /read HTTP/1.1\r\nTransfer-Encoding: chunked\r\n" + END + "5\r\nhello\r\nzz\r\n");
        assertTrue(answer.startsWith("HTTP/1.1 400"), answer);
    }

    @Test
    void saysADefectWithoutItsInsideAndWithTheHeadersThatKeepItSafe() throws Exception {
        AtomicReference<String> exchanged = new AtomicReference<>();
        String logged = Logged.during(() -> exchanged.set(server.exchange("GET /defect HTTP/1.1\r\n" + END)));
        assertTrue(logged.contains("IllegalStateException: secret of the inside\n\tat "), logged);
        String answer = exchanged.get();
        assertTrue(answer.startsWith("HTTP/1.1 500"), answer);
        for (String expected : new String[] {"application/problem+json", "\"requestId\":\"my-id\"", "X-Request-Id: my-id",
                "nosniff", "no-store"}) {
            assertTrue(answer.contains(expected), answer);
        }
        assertFalse(answer.contains("secret"), answer);
    }

    @Test
    void cutsAnAnswerThatHasBegun() throws IOException {
        String answer = server.exchange("GET /half HTTP/1.1\r\n" + END.replace("Connection: close\r\n", ""));
        assertTrue(answer.contains("half an answer"), answer);
        assertFalse(answer.endsWith("0\r\n\r\n"), "no last chunk: " + answer);
    }

    @Test
    void saysTryAgainWhenTheServletIsBeingReplacedAndDoesNotTakeItForADefect() throws Exception {
        AtomicReference<String> exchanged = new AtomicReference<>();
        String logged = Logged.during(() -> exchanged.set(server.exchange("GET /replaced HTTP/1.1\r\n" + END)));
        assertTrue(exchanged.get().startsWith("HTTP/1.1 503"), exchanged.get());
        assertTrue(exchanged.get().contains("DVS-REQ-0011"), exchanged.get());
        assertFalse(logged.contains("ERROR"), logged);
    }

    @Test
    void takesAFailedReadInsideForADefect() throws IOException {
        assertTrue(server.exchange("GET /broken HTTP/1.1\r\n" + END).startsWith("HTTP/1.1 500"));
    }

    @Test
    void saysNothingToAClientThatHasGone() throws IOException {
        String answer = server.exchange("GET /gone HTTP/1.1\r\n" + END.replace("Connection: close\r\n", ""));
        assertTrue(answer.contains("half an answer"), answer);
        assertFalse(answer.contains("problem"), answer);
    }
}
