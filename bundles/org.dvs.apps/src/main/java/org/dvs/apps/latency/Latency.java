package org.dvs.apps.latency;

import java.util.Arrays;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.apps.AdvisedException;
import org.dvs.apps.Running;
import org.dvs.kernel.api.AsyncEndpoint;
import org.dvs.kernel.api.DvsHandler;
import org.dvs.kernel.api.DvsProgram;
import org.dvs.kernel.api.Endpoint;
import org.dvs.kernel.api.EndpointNumbers;
import org.dvs.kernel.api.IpcException;
import org.dvs.kernel.api.Message;

/**
 * The program <em>latency</em>: a client asks, a server answers, and the time of each round trip is taken. Runs the same inside
 * and outside the container. Source: upstream-results reference 7 and 9.1; R-PXY-14.
 */
public final class Latency {
    /** Most round trips in one run. */
    public static final int MAX_LOOPS = 1_000_000;
    /** As the original: so many come first and do not count. */
    static final int WARM_UP = 10;
    private static final int REQUEST = 1;
    /** In a millisecond. */
    private static final long NANOS = 1_000_000;

    private Latency() {
    }

    /**
     * Asks so many times, after a few that do not count; fewer times when the time for it is over. All of it, also where nobody
     * answers, has ended when {@code runMs} and {@code graceMs} are over.
     *
     * @param loops   1 to {@link #MAX_LOOPS}
     * @param runMs   after which no round trip begins but the first that counts
     * @param graceMs that the last one may take longer
     * @throws IpcException     of the round trip that failed, with the figures of those before it; {@code PACKSIZE} if an answer
     *                          is that of another request
     * @throws AdvisedException {@code BADSRCDST} if the server is none of latency
     */
    public static Figures ask(Endpoint self, int server, int loops, long runMs, long graceMs) throws DvsException {
        Message message = new Message();
        long start = System.nanoTime();
        for (int i = 0; i < WARM_UP; i++) {
            once(self, server, i, message, left(start, System.nanoTime(), runMs + graceMs));
        }
        long[] samples = new long[loops];
        long begin = System.nanoTime();
        long before = begin;
        int counted = 0;
        try {
            while (counted < loops && (counted == 0 || left(start, before, runMs) > 0)) {
                once(self, server, counted, message, left(start, before, runMs + graceMs));
                long now = System.nanoTime();
                samples[counted++] = now - before;
                before = now;
            }
        } catch (IpcException e) {
            throw counted == 0 ? e : new IpcException(e.code(), e.getMessage() + "; until then "
                    + Figures.of(Arrays.copyOf(samples, counted), before - begin));
        }
        return Figures.of(counted == loops ? samples : Arrays.copyOf(samples, counted), before - begin);
    }

    /** Milliseconds, 0 when they are over. */
    private static long left(long start, long now, long milliseconds) {
        return Math.max(0, milliseconds - (now - start) / NANOS);
    }

    private static void once(Endpoint self, int server, int number, Message message, long timeoutMs) throws DvsException {
        self.sendrec(server, message.type(REQUEST).putInt(Message.M1_I1, number), Math.max(1, timeoutMs));
        if (message.type() != REQUEST) {
            throw new AdvisedException(ErrorCode.BADSRCDST, "another program serves at " + server + ", not latency: its answer to"
                    + " request " + number + " has type " + message.type() + ", not " + REQUEST,
                    "Check the server's endpoint with 'dvs proc list DCID'.");
        }
        if (message.getInt(Message.M1_I1) != number) {
            throw new IpcException(ErrorCode.PACKSIZE, "the answer to request " + number + " is that to "
                    + message.getInt(Message.M1_I1));
        }
    }

    /** A server with a thread; answers until it is interrupted or told to end. */
    public static DvsProgram server() {
        return self -> {
            Message message = new Message();
            for (;;) {
                self.receive(EndpointNumbers.ANY, message, Endpoint.FOREVER);
                if (message.type() == REQUEST) {
                    Running.answer(self, message, Endpoint.FOREVER);
                }
            }
        };
    }

    /** A server without one. */
    public static DvsHandler handler() {
        return (Message message, AsyncEndpoint self) -> {
            if (message.type() == REQUEST) {
                self.reply(message.source(), message, Endpoint.FOREVER, rcode -> { });
            }
        };
    }
}
