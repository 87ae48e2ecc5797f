package org.dvs.web.internal;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import javax.net.ssl.SSLSocket;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A client that takes its time … */
@Tag("R-CMD-17")
class SlowClientTest {
    private static final int IDLE_MS = 4_000;
    private static final int THREADS = 8;
    private static final int ANSWER_BYTES = 8 * 1024;
    /** More than the system keeps for one connection. */
    private static final int ANSWERS = 2_000;

    @TempDir
    Path temp;
    private final CountDownLatch cut = new CountDownLatch(1);

    /** Answers at length, or reads a form. */
    private final class Slow extends HttpServlet {
        private static final long serialVersionUID = 1L;

        @Override
        protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
            if (request.getMethod().equals("POST")) {
                response.getOutputStream().print("user " + request.getParameter("user"));
                return;
            }
            try {
                response.setContentLength(ANSWER_BYTES);
                response.getOutputStream().write(new byte[ANSWER_BYTES]);
                response.getOutputStream().close();
            } catch (IOException e) {
                cut.countDown();
                throw e;
            }
        }
    }

    private TestServer server(int idleMs) throws Exception {
        return new TestServer(temp.resolve("keys"), new WebSettings("127.0.0.1", 0, List.of(), 100, 100, THREADS, 8192, 64 * 1024,
                idleMs), new Slow());
    }

    @Test
    void losesItsConnectionIfItHardlyReads() throws Exception {
        Socket plain = new Socket();
        plain.setReceiveBufferSize(2_048);
        try (TestServer server = server(IDLE_MS); SSLSocket socket = server.over(plain)) {
            socket.getOutputStream().write("GET /x HTTP/1.1\r\nHost: localhost\r\n\r\n".repeat(ANSWERS).getBytes(
                    StandardCharsets.US_ASCII));
            // Past TLS: as slowly as it can, and never so long silent that the connection counts as idle.
            InputStream in = plain.getInputStream();
            try {
                for (int i = 0; i < 150 && !cut.await(200, TimeUnit.MILLISECONDS); i++) {
                    in.readNBytes(256);
                }
            } catch (IOException e) {
                // It was cut off, as it should be.
            }
            assertTrue(cut.await(TestServer.WAIT_MS, TimeUnit.MILLISECONDS), "a thread is still kept");
        }
    }

    @Test
    void keepsNoThreadByFormsThatItAnnounces() throws Exception {
        List<SSLSocket> waiting = new ArrayList<>();
        // None of them is idle for long enough that a thread would be free again in time.
        try (TestServer server = server(4 * TestServer.WAIT_MS)) {
            String form = "POST /form HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\n"
                    + "Content-Length: 10\r\nConnection: close\r\n\r\nuser=";
            for (int i = 0; i < 2 * THREADS; i++) {
                SSLSocket socket = server.connect();
                waiting.add(socket);
                socket.getOutputStream().write(form.getBytes(StandardCharsets.US_ASCII));
            }
            assertTrue(server.exchange(form + "other").endsWith("user other"));
            SSLSocket last = waiting.get(waiting.size() - 1);
            last.getOutputStream().write("later".getBytes(StandardCharsets.US_ASCII));
            String answer = new String(last.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertTrue(answer.endsWith("user later"), answer);
        } finally {
            for (SSLSocket each : waiting) {
                each.close();
            }
        }
    }
}
