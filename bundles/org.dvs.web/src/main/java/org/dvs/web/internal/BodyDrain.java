package org.dvs.web.internal;

import java.util.concurrent.TimeUnit;

import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * Takes what is left of a request's body behind its answer. Who is refused before his body was read still sends it; if the
 * connection were closed on him, the bytes under way would reset it, and the answer that says why would be lost with them.
 *
 * <p>Bounded in bytes and time; no thread waits. What goes beyond is cut off.
 */
final class BodyDrain extends Handler.Wrapper {
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(5);

    /** Taken at once, before the answer is made. */
    private static final int MOST_CHUNKS = 16;

    private final long mostBytes;

    /** @param mostBytes that are taken and thrown away */
    BodyDrain(long mostBytes, Handler next) {
        super(next);
        this.mostBytes = mostBytes;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        // Who waits for a word before he sends his body has the answer in place of it, and sends none.
        boolean body = BodyDeadline.isExpected(request) && !request.getHeaders().contains(HttpHeader.EXPECT);
        return body ? super.handle(new Unfailed(request), response, new Behind(request, callback))
                : super.handle(request, response, callback);
    }

    /** Jetty gives a body up that is not there as a whole when the answer is made, and then it cannot be read any more. */
    private static final class Unfailed extends Request.Wrapper {
        Unfailed(Request request) {
            super(request);
        }

        /** @return false if more is to come: the answer then says that the connection ends with it */
        @Override
        public boolean consumeAvailable() {
            for (int i = 0; i < MOST_CHUNKS; i++) {
                Content.Chunk chunk = read();
                if (chunk == null) {
                    return false;
                }
                chunk.release();
                if (chunk.isLast()) {
                    return !Content.Chunk.isFailure(chunk);
                }
            }
            return false;
        }
    }

    /** What happens when the answer is written. */
    private final class Behind extends Callback.Nested {
        private final Request request;
        private long endNanos;
        private long left = mostBytes;

        Behind(Request request, Callback callback) {
            super(callback);
            this.request = request;
        }

        @Override
        public void succeeded() {
            endNanos = System.nanoTime() + PATIENCE_NANOS;
            drain();
        }

        private void drain() {
            while (true) {
                Content.Chunk chunk = request.read();
                if (chunk == null) {
                    // Silence ends by the connection's own idle timeout, which comes as a failure.
                    request.demand(this::drain);
                    return;
                }
                boolean over = Content.Chunk.isFailure(chunk) || chunk.isLast();
                left -= chunk.remaining();
                chunk.release();
                if (over || left < 0 || System.nanoTime() - endNanos >= 0) {
                    super.succeeded();
                    return;
                }
            }
        }
    }
}
