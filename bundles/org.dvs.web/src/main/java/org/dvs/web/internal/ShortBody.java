package org.dvs.web.internal;

import java.nio.ByteBuffer;
import java.util.concurrent.RejectedExecutionException;

import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * Takes a short body as a whole before anybody is asked to answer: no thread waits for it. A login is one, so who has none could
 * else keep a thread for each form that he announces and does not send.
 *
 * <p>A longer body is nobody's who has not logged in, and goes on as it comes.
 */
final class ShortBody extends Handler.Wrapper {
    /** What a form may have that needs no login. */
    static final int MOST_BYTES = 4 * 1024;

    ShortBody(Handler next) {
        super(next);
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        if (request.getLength() <= 0 || request.getLength() > MOST_BYTES) {
            return super.handle(request, response, callback);
        }
        Whole whole = new Whole(request);
        if (whole.gather(() -> later(whole, response, callback))) {
            return super.handle(whole, response, callback);
        }
        return true;
    }

    /** On a thread that may be kept: the one that brings the body's end has more to bring. */
    private void later(Whole whole, Response response, Callback callback) {
        try {
            whole.getComponents().getExecutor().execute(() -> {
                try {
                    if (!super.handle(whole, response, callback)) {
                        Response.writeError(whole, response, callback, HttpStatus.NOT_FOUND_404);
                    }
                } catch (Throwable e) {
                    Response.writeError(whole, response, callback, e);
                }
            });
        } catch (RejectedExecutionException e) {
            // The server stops.
            callback.failed(e);
        }
    }

    /** The request, with a body that is there. Gathered by one thread at a time, then read by one at a time. */
    private static final class Whole extends Request.Wrapper {
        private final ByteBuffer body;
        /** What there is to read: the body, then its end; or the failure for ever. */
        private Content.Chunk next;

        Whole(Request request) {
            super(request);
            body = ByteBuffer.allocate((int) request.getLength());
        }

        /** @param then done once all is there, unless it is now. @return whether it is */
        boolean gather(Runnable then) {
            while (true) {
                Content.Chunk chunk = super.read();
                if (chunk == null) {
                    super.demand(() -> {
                        if (gather(then)) {
                            then.run();
                        }
                    });
                    return false;
                }
                if (Content.Chunk.isFailure(chunk)) {
                    next = Content.Chunk.from(chunk.getFailure(), true);
                    return true;
                }
                body.put(chunk.getByteBuffer());
                chunk.release();
                if (chunk.isLast()) {
                    next = Content.Chunk.from(body.flip(), true);
                    return true;
                }
            }
        }

        @Override
        public Content.Chunk read() {
            Content.Chunk chunk = next;
            next = Content.Chunk.next(chunk);
            return chunk;
        }

        @Override
        public void demand(Runnable reader) {
            getComponents().getExecutor().execute(reader);
        }

        @Override
        public void fail(Throwable failure) {
            next = Content.Chunk.from(failure, true);
            super.fail(failure);
        }
    }
}
