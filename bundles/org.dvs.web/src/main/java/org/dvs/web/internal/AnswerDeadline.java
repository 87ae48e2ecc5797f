package org.dvs.web.internal;

import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;

import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.Scheduler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Cuts the connection of a client that does not take an answer in time. The idle time alone does not do, as each byte taken
 * begins it anew, and the thread that writes waits for each.
 *
 * <p>It is for answers whose length is known when they begin, as all are that need no login. Streams have an end of their own.
 */
final class AnswerDeadline extends Handler.Wrapper {
    private static final Logger LOG = LoggerFactory.getLogger(AnswerDeadline.class);

    private final long patienceMs;

    /** @param patienceMs for any answer; a longer one has more, as the body of a request has */
    AnswerDeadline(long patienceMs, Handler next) {
        super(next);
        this.patienceMs = patienceMs;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        Timed timed = new Timed(request, response);
        Request.addCompletionListener(request, failure -> timed.end());
        return super.handle(request, timed, callback);
    }

    /** Written by one thread at a time. */
    private final class Timed extends Response.Wrapper {
        private boolean begun;
        private volatile Scheduler.Task timer = () -> false;

        Timed(Request request, Response response) {
            super(request, response);
        }

        @Override
        public void write(boolean last, ByteBuffer content, Callback callback) {
            if (!begun) {
                begun = true;
                begin(last, content);
            }
            super.write(last, content, !last ? callback : new Callback.Nested(callback) {
                @Override
                public void completed() {
                    end();
                }
            });
        }

        private void begin(boolean last, ByteBuffer content) {
            long said = getHeaders().getLongField(HttpHeader.CONTENT_LENGTH);
            long bytes = last && content != null ? Math.max(said, content.remaining()) : said;
            if (bytes >= 0) {
                long ms = BodyDeadline.ms(patienceMs, bytes);
                EndPoint client = getRequest().getConnectionMetaData().getConnection().getEndPoint();
                timer = getRequest().getComponents().getScheduler().schedule(() -> {
                    LOG.info("A connection of {} is cut: it did not take an answer within {} ms", client.getRemoteSocketAddress(),
                            ms);
                    client.close();
                }, ms, TimeUnit.MILLISECONDS);
            }
        }

        void end() {
            timer.cancel();
        }
    }
}
