package org.dvs.registry.internal;

import java.time.Duration;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.cluster.api.AgreedState;

/**
 * Whether this node has heard once from a majority what is agreed. Before that its own log may lack anything, and nothing must
 * be done on its word. Used by one thread.
 */
public final class Hearing {
    private static final Duration LIMIT = Duration.ofSeconds(5);

    private final AgreedState state;
    private boolean heard;

    public Hearing(AgreedState state) {
        this.state = state;
    }

    /** Returns at once after it has succeeded once. @throws DvsException {@code NOTREADY}, {@code INTR} */
    public void once() throws DvsException {
        try {
            if (!heard) {
                Waiting.on(state.sync(), LIMIT, ErrorCode.NOTREADY, "reading the agreed state");
                heard = true;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new DvsException(ErrorCode.INTR, "interrupted while reading the agreed state", e);
        }
    }
}
