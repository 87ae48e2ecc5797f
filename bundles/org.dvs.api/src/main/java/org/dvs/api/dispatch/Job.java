package org.dvs.api.dispatch;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;

import org.dvs.api.Caller;

/** An order on its way. Thread-safe. */
public interface Job {
    /** Unique in the cluster: node name, incarnation and number. */
    String id();

    Plan plan();

    /** Who asked. */
    Caller caller();

    /** Time since it was taken, by a clock that nobody sets. */
    Duration age();

    /** From now on the listener hears of this job; first of what has come by now. */
    void listen(JobListener listener);

    /** What has come so far, or the final answer. */
    Answer soFar();

    /** Completes, never exceptionally, once every target has ended: at the deadline at the latest. */
    CompletableFuture<Answer> answer();

    /**
     * Ends the job: nodes still out become skipped or silent, and are told to stop their work.
     *
     * @return false if it had ended already
     */
    boolean cancel();
}
