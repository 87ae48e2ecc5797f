package org.dvs.api.dispatch;

import java.util.concurrent.CompletableFuture;

/** An order on its way. Thread-safe. */
public interface Job {
    /** Unique in the cluster: node name, incarnation and number. */
    String id();

    Plan plan();

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
