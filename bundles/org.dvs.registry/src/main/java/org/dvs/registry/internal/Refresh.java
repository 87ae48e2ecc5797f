package org.dvs.registry.internal;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.cluster.api.AgreedState;
import org.dvs.cluster.api.Member;

/** Catches up with what is agreed, before it is read. Thread-safe. */
public final class Refresh {
    /** A read waits no longer for the majority before it takes what is here. */
    private static final Duration READ_LIMIT = Duration.ofSeconds(2);
    /** A node that has just started finds the others within seconds; nobody shall wait much longer for one that does not. */
    private static final Duration START_LIMIT = Duration.ofSeconds(10);

    private final AgreedState state;
    private final Member local;
    private final Supplier<CompletableFuture<?>> joined;
    private final LongSupplier nanoTime;

    /**
     * @param joined   completes when there is somebody to ask for what is agreed
     * @param nanoTime monotonic clock
     */
    public Refresh(AgreedState state, Member local, Supplier<CompletableFuture<?>> joined, LongSupplier nanoTime) {
        this.state = state;
        this.local = local;
        this.joined = joined;
        this.nanoTime = nanoTime;
    }

    /**
     * @return zero if what is here is what is agreed; else how old it is, because there is no majority to ask
     * @throws DvsException {@code NOTREADY} if this node never knew the whole state since it started: what its own log
     *                      holds may lack anything, so nothing can be told from it
     */
    public Duration within(Duration limit) throws DvsException, InterruptedException {
        long deadline = nanoTime.getAsLong() + limit.toNanos();
        try {
            Waiting.on(state.sync(), shorter(left(deadline), READ_LIMIT), ErrorCode.TIMEDOUT, "reading the agreed state");
            return Duration.ZERO;
        } catch (DvsException e) {
            Duration age = state.age();
            if (age.compareTo(AgreedState.NEVER) < 0) {
                return age.plusMillis(1);
            }
        }
        long start = Math.min(deadline, nanoTime.getAsLong() + START_LIMIT.toNanos());
        try {
            Waiting.on(joined.get(), left(start), ErrorCode.NOTREADY, "joining the cluster");
            Waiting.on(state.sync(), left(start), ErrorCode.NOTREADY, "reading the agreed state");
            return Duration.ZERO;
        } catch (DvsException e) {
            throw new DvsException(ErrorCode.NOTREADY, local.name() + " does not know yet what is agreed: " + e.getMessage(), e);
        }
    }

    private Duration left(long deadline) {
        return Duration.ofNanos(deadline - nanoTime.getAsLong());
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }
}
