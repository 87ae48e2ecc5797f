package org.dvs.web.internal;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;

import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.Scheduler;

/**
 * Gives up a request's body that does not come in time: who reads it gets a 408. The idle time alone does not do, as each byte
 * begins it anew, and a thread may wait for each.
 *
 * <p>Jetty's handler of data rates is not used: it looks only when something comes, takes the bytes of all requests for those of
 * one, and has no patience with the first of them.
 */
final class BodyDeadline extends Handler.Wrapper {
    /** What the slowest honest line brings. */
    private static final long BYTES_A_SECOND = 8 * 1024;

    private final long patienceMs;
    private final long mostBytes;

    /**
     * @param patienceMs for any body; a longer one has more
     * @param mostBytes  that a body may have, and has if it does not say its length
     */
    BodyDeadline(long patienceMs, long mostBytes, Handler next) {
        super(next);
        this.patienceMs = patienceMs;
        this.mostBytes = mostBytes;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        if (!isExpected(request)) {
            return super.handle(request, response, callback);
        }
        long bytes = request.getLength() < 0 ? mostBytes : Math.min(request.getLength(), mostBytes);
        long ms = ms(patienceMs, bytes);
        Timed timed = new Timed(request, ms);
        Request.addCompletionListener(request, failure -> timed.timer.cancel());
        return super.handle(timed, response, callback);
    }

    /** What the slowest honest line needs for as many bytes, in milliseconds, after a patience for whatever else. */
    static long ms(long patienceMs, long bytes) {
        return patienceMs + TimeUnit.SECONDS.toMillis(bytes) / BYTES_A_SECOND;
    }

    /** Whether a body comes with the request. Without one HTTP/1.1 says no length, which is not the same as an unknown one. */
    static boolean isExpected(Request request) {
        return request.getLength() > 0 || request.getHeaders().contains(HttpHeader.TRANSFER_ENCODING);
    }

    /** Its reader is on one thread at a time, the timer on another. */
    private static final class Timed extends Request.Wrapper {
        private final long ms;
        private final Scheduler.Task timer;
        private volatile Content.Chunk late;
        private volatile Wait wait;
        /** Whether a demand is out of which the reader was woken by the timer: Jetty lets nobody read under it. */
        private volatile boolean abandoned;

        Timed(Request request, long ms) {
            super(request);
            this.ms = ms;
            timer = request.getComponents().getScheduler().schedule(this::expire, ms, TimeUnit.MILLISECONDS);
        }

        @Override
        public Content.Chunk read() {
            if (abandoned) {
                return late;
            }
            Content.Chunk chunk = super.read();
            if (Content.Chunk.isFailure(chunk) && chunk.getFailure() instanceof TimeoutException) {
                // The connection was idle for its time: to whoever reads it is the same.
                late = late();
                return late;
            }
            // What has come counts, however late somebody looks.
            if (chunk == null && late != null) {
                return late;
            }
            if (chunk != null && chunk.isLast()) {
                timer.cancel();
            }
            return chunk;
        }

        @Override
        public void demand(Runnable reader) {
            Wait mine = new Wait(reader);
            boolean out = late == null;
            if (out) {
                wait = mine;
                super.demand(mine);
                mine.demanded = true;
            }
            if (late != null) {
                giveUp(mine, out);
            }
        }

        private void giveUp(Wait waiting, boolean out) {
            if (waiting.claim()) {
                abandoned = out;
                waiting.reader.run();
            }
        }

        private Content.Chunk late() {
            return Content.Chunk.from(new HttpException.RuntimeException(HttpStatus.REQUEST_TIMEOUT_408,
                    "the body did not come within " + ms + " ms"), true);
        }

        private void expire() {
            late = late();
            // On the timer's thread: those of the server may all be waiting for what does not come.
            Wait now = wait;
            if (now != null && now.demanded) {
                giveUp(now, true);
            }
        }
    }

    /** A reader that waits; woken once, by what has come or by the timer. */
    private static final class Wait implements Runnable {
        private final Runnable reader;
        private final AtomicBoolean woken = new AtomicBoolean();
        /** Until then whoever demands looks at the time himself, so that nothing ends the request under him. */
        private volatile boolean demanded;

        Wait(Runnable reader) {
            this.reader = reader;
        }

        /** @return whether nobody has woken it before */
        boolean claim() {
            return woken.compareAndSet(false, true);
        }

        @Override
        public void run() {
            if (claim()) {
                reader.run();
            }
        }
    }
}
