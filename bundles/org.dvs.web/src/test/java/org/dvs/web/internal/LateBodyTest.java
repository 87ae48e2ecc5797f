package org.dvs.web.internal;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

import org.awaitility.Awaitility;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.LocalConnector;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.util.Callback;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Around the deadline of its body a request … */
@Tag("R-CMD-17")
class LateBodyTest {
    private static final int WAIT_MS = 20_000;
    private static final int MOST_BYTES = 64 * 1024;

    private final Server server = new Server();
    private final LocalConnector connector = new LocalConnector(server);

    /** Answers as a test says. */
    private abstract static class Answering extends Handler.Abstract {
        @Override
        public boolean handle(Request request, Response response, Callback callback) throws Exception {
            answer(request, response, callback);
            return true;
        }

        abstract void answer(Request request, Response response, Callback callback) throws Exception;
    }

    private void start(Handler handler) throws Exception {
        // The deadline of the body is what ends it here.
        connector.setIdleTimeout(10L * WAIT_MS);
        server.addConnector(connector);
        server.setHandler(handler);
        server.start();
    }

    @AfterEach
    void stop() throws Exception {
        server.stop();
    }

    private static String post(int length, String sent) {
        return "POST /x HTTP/1.1\r\nHost: localhost\r\nContent-Length: " + length + "\r\n\r\n" + sent;
    }

    @Test
    void isReadThoughItIsLookedAtAfterIt() throws Exception {
        start(new BodyDeadline(1, MOST_BYTES, new Answering() {
            @Override
            void answer(Request request, Response response, Callback callback) throws Exception {
                // The scheduler has one thread, so the deadline has passed.
                CountDownLatch passed = new CountDownLatch(1);
                request.getComponents().getScheduler().schedule(passed::countDown, 100, TimeUnit.MILLISECONDS);
                assertTrue(passed.await(WAIT_MS, TimeUnit.MILLISECONDS));
                Content.Sink.write(response, true, "read " + Content.Source.asString(request), callback);
            }
        }));
        String answer = connector.getResponse(post(5, "whole"), WAIT_MS, TimeUnit.MILLISECONDS);
        assertTrue(answer.endsWith("read whole"), answer);
    }

    @Test
    void thatWasRefusedKeepsItsAnswerAndLosesItsConnection() throws Exception {
        start(new BodyDeadline(300, MOST_BYTES, new BodyDrain(MOST_BYTES, new Answering() {
            @Override
            void answer(Request request, Response response, Callback callback) {
                response.setStatus(HttpStatus.FORBIDDEN_403);
                response.write(true, ByteBuffer.allocate(0), callback);
            }
        })));
        LocalConnector.LocalEndPoint client = connector.executeRequest(post(100, "a part"));
        String answer = client.getResponse(false, WAIT_MS, TimeUnit.MILLISECONDS);
        assertTrue(answer.startsWith("HTTP/1.1 403"), answer);
        Awaitility.await().atMost(WAIT_MS, TimeUnit.MILLISECONDS).until(() -> !client.isOpen());
    }

    @Test
    void thatHasNoBodyHasNoDeadline() throws Exception {
        AtomicBoolean wrapped = new AtomicBoolean();
        start(new BodyDeadline(WAIT_MS, MOST_BYTES, new BodyDrain(MOST_BYTES, new Answering() {
            @Override
            void answer(Request request, Response response, Callback callback) {
                wrapped.set(request instanceof Request.Wrapper);
                callback.succeeded();
            }
        })));
        String answer = connector.getResponse("GET /x HTTP/1.1\r\nHost: localhost\r\n\r\n", WAIT_MS, TimeUnit.MILLISECONDS);
        assertTrue(answer.startsWith("HTTP/1.1 200"), answer);
        assertFalse(wrapped.get());
    }
}
