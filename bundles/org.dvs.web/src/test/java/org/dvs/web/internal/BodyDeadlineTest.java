package org.dvs.web.internal;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

import javax.net.ssl.SSLSocket;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The deadline of a body … */
@Tag("R-CMD-17")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BodyDeadlineTest {
    private static final int IDLE_MS = 4_000;
    private static final int PAUSE_MS = 100;
    private TestServer server;

    /** Reads a body as the console's routes do it, or as those of REST do. */
    private static final class Reader extends HttpServlet {
        private static final long serialVersionUID = 1L;

        @Override
        protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
            int length = request.getPathInfo().equals("/form") ? request.getParameter("user").length()
                    : request.getInputStream().readAllBytes().length;
            response.getOutputStream().print("read " + length);
        }
    }

    @BeforeAll
    void start(@TempDir Path temp) throws Exception {
        // With the filter that stands before each servlet of a node.
        ErrorFilter filter = new ErrorFilter();
        Reader reader = new Reader();
        HttpServlet filtered = new HttpServlet() {
            private static final long serialVersionUID = 1L;

            @Override
            protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
                filter.doFilter(request, response, (asked, answer) -> reader.service(asked, answer));
            }
        };
        server = new TestServer(temp.resolve("keys"), new WebSettings("127.0.0.1", 0, List.of(), 100, 10, 16, 8192, 64 * 1024,
                IDLE_MS), filtered);
    }

    @AfterAll
    void stop() {
        server.close();
    }

    @ParameterizedTest
    @CsvSource({"/form, 300", "/stream, 8000"})
    void endsOneThatComesByteByByteHoweverOften(String path, int length) throws IOException {
        String answer = post(path, length, 1);
        assertTrue(answer.startsWith("HTTP/1.1 408"), answer);
        assertTrue(answer.contains("Connection: close"), answer);
        assertTrue(answer.contains("DVS-REQ-0061"), answer);
    }

    /** Nothing at all comes, so that the connection has been idle for as long. */
    @ParameterizedTest
    @CsvSource({"/form, 300", "/stream, 8000"})
    void endsOneThatDoesNotCome(String path, int length) throws IOException {
        try (SSLSocket socket = server.connect()) {
            socket.getOutputStream().write(head(path, length));
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertTrue(answer.startsWith("HTTP/1.1 408"), answer);
        }
    }

    private static byte[] head(String path, int length) {
        return ("POST " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: "
                + "application/x-www-form-urlencoded\r\nContent-Length: " + length + "\r\n\r\n").getBytes(
                        StandardCharsets.US_ASCII);
    }

    /** 6.4 s at the least, where one of a few bytes has four. */
    @Test
    void givesALongBodyMoreTime() throws IOException {
        String answer = post("/stream", 64 * 1024, 1024);
        assertTrue(answer.endsWith("read " + 64 * 1024), answer);
    }

    /** Sends a body in pieces, with a pause behind each, until the server closes. */
    private String post(String path, int length, int piece) throws IOException {
        StringBuilder answer = new StringBuilder();
        try (SSLSocket socket = server.connect()) {
            socket.startHandshake();
            socket.getOutputStream().write(head(path, length));
            byte[] bytes = ("user=" + "x".repeat(length)).getBytes(StandardCharsets.US_ASCII);
            InputStream in = socket.getInputStream();
            for (int sent = 0; sent < length && answer.isEmpty(); sent += piece) {
                try {
                    socket.getOutputStream().write(bytes, sent, piece);
                } catch (SocketException e) {
                    // Closed since the last look: the answer is there.
                    break;
                }
                socket.setSoTimeout(PAUSE_MS);
                try {
                    int first = in.read();
                    answer.append(first < 0 ? "" : (char) first);
                } catch (SocketTimeoutException e) {
                    // No answer yet.
                }
            }
            socket.setSoTimeout(TestServer.WAIT_MS);
            return answer + new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
