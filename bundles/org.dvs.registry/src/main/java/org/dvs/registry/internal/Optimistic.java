package org.dvs.registry.internal;

import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.cluster.api.AgreedState;
import org.dvs.cluster.api.Change;

/** Changes the agreed state by reading it, deciding, and trying again when somebody else got through meanwhile. Thread-safe. */
public final class Optimistic {
    /** Tries after a conflict. Each conflict means that another node got through. */
    private static final int MAX_TRIES = 64;

    private final AgreedState state;
    private final LongSupplier nanoTime;

    /** Decides on a change from what is agreed now, which it names as conditions. */
    @FunctionalInterface
    public interface Decision {
        /** @return empty if there is nothing to do @throws DvsException to refuse */
        Optional<Change> decide() throws DvsException;
    }

    /** @param nanoTime monotonic clock */
    public Optimistic(AgreedState state, LongSupplier nanoTime) {
        this.state = state;
        this.nanoTime = nanoTime;
    }

    /**
     * @param what for messages, e.g. {@code "ending DC 3"}
     * @throws DvsException what the decision throws; {@code NOTREADY}, {@code TIMEDOUT} before anything was changed;
     *                      {@code UNKNOWNOUTCOME}; {@code CONFLICT} after many tries
     */
    public void change(Decision decision, Duration limit, String what) throws DvsException, InterruptedException {
        long deadline = nanoTime.getAsLong() + limit.toNanos();
        for (int tries = 1;; tries++) {
            Waiting.on(state.sync(), left(deadline), ErrorCode.TIMEDOUT, "reading the agreed state");
            Optional<Change> change = decision.decide();
            if (change.isEmpty()) {
                return;
            }
            try {
                Waiting.on(state.commit(change.get()), left(deadline), ErrorCode.UNKNOWNOUTCOME, what);
                return;
            } catch (DvsException e) {
                if (e.code() != ErrorCode.CONFLICT || tries == MAX_TRIES) {
                    throw e;
                }
            }
        }
    }

    private Duration left(long deadline) {
        return Duration.ofNanos(deadline - nanoTime.getAsLong());
    }
}
