package org.dvs.agent.host.internal;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

import org.dvs.api.DvsException;
import org.dvs.api.Units;
import org.dvs.api.request.Parameter;
import org.dvs.api.request.Request;
import org.dvs.api.request.RequestSpec;
import org.dvs.api.request.ValueType;

/**
 * Requests that tell of one interval after the other: counters are read, time passes, they are read again, and what happened
 * between leaves at once. The way time enters is a parameter.
 */
final class Intervals {
    /** Waits. */
    @FunctionalInterface
    interface Pause {
        void millis(long millis) throws InterruptedException;
    }

    /** Tells what happened in an interval. */
    @FunctionalInterface
    interface Teller {
        /**
         * @param timeMs  the interval's end, since the epoch
         * @param elapsed nanoseconds since the interval before ended
         */
        void tell(long timeMs, long elapsed) throws DvsException, InterruptedException;
    }

    private final Pause pause;
    private final LongSupplier nanoTime;
    private final LongSupplier timeMs;

    Intervals() {
        this(millis -> new CountDownLatch(1).await(millis, TimeUnit.MILLISECONDS), System::nanoTime, System::currentTimeMillis);
    }

    Intervals(Pause pause, LongSupplier nanoTime, LongSupplier timeMs) {
        this.pause = pause;
        this.nanoTime = nanoTime;
        this.timeMs = timeMs;
    }

    /** The parameters that {@link #run} reads. */
    static RequestSpec.Builder parameters(RequestSpec.Builder spec) {
        return spec
                .parameter(Parameter.of("interval", ValueType.DURATION, "time that one row tells of").range(100, 60_000)
                        .byDefault(1_000L))
                .parameter(Parameter.of("count", ValueType.INTEGER, "number of intervals").range(1, 60).byDefault(1L));
    }

    /**
     * @param teller is called at the end of each interval; it has read its counters once before
     * @throws DvsException {@code INVAL} if not all intervals are over at the request's deadline
     */
    void run(Request request, Teller teller) throws DvsException, InterruptedException {
        long interval = request.number("interval");
        long count = request.number("count");
        request.needs(Duration.ofMillis(interval * count), count + " rows of " + Units.durationText(interval));
        long before = nanoTime.getAsLong();
        for (long row = 0; row < count; row++) {
            pause.millis(interval);
            long now = nanoTime.getAsLong();
            teller.tell(timeMs.getAsLong(), now - before);
            before = now;
        }
    }
}
