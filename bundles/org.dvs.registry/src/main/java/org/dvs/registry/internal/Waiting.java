package org.dvs.registry.internal;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;

/** Waits for what the cluster engine promises, never without a deadline. */
public final class Waiting {
    private Waiting() {
    }

    /**
     * @param late code when the limit passes first
     * @param what for the message then
     */
    public static <T> T on(CompletableFuture<T> promise, Duration limit, ErrorCode late, String what)
            throws DvsException, InterruptedException {
        try {
            return promise.get(Math.max(0, limit.toMillis()), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof DvsException failure) {
                throw failure;
            }
            throw new DvsException(ErrorCode.GENERIC, what + ": " + e.getCause(), e);
        } catch (TimeoutException e) {
            throw new DvsException(late, what + ": no answer in " + Math.max(0, limit.toMillis()) + " ms", e);
        }
    }
}
