package org.dvs.agent.cgroup.internal;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.helper.api.Helper;
import org.dvs.helper.api.HelperRequest.NetProbe;

/**
 * Whether this machine can limit the traffic of groups: asked of the helper once, at the start, by a thread that ends with the
 * answer; asked again only while there was no helper to answer. Thread-safe.
 */
final class NetSupport {
    private static final long WAIT_MS = 10_000;
    private static final String BECAUSE = "not supported here, because control groups have no controller of networks, and ";

    private final Helper helper;
    private CompletableFuture<Optional<String>> lacking;

    NetSupport(Helper helper) {
        this.helper = helper;
        this.lacking = ask();
    }

    private CompletableFuture<Optional<String>> ask() {
        CompletableFuture<Optional<String>> answer = new CompletableFuture<>();
        Thread thread = new Thread(() -> {
            try {
                answer.complete(helper.ask(new NetProbe()).texts().stream().findFirst());
            } catch (DvsException e) {
                answer.completeExceptionally(e);
            } catch (InterruptedException e) {
                answer.completeExceptionally(new DvsException(ErrorCode.AGAIN, "the bundle stops", e));
            } catch (RuntimeException e) {
                answer.completeExceptionally(e);
            }
        }, "dvs-cgroup-probe-1");
        thread.setDaemon(true);
        thread.start();
        return answer;
    }

    /**
     * @return why it cannot; empty if it can
     * @throws DvsException if the helper gave no answer
     */
    Optional<String> missing() throws DvsException, InterruptedException {
        try {
            return current().get(WAIT_MS, TimeUnit.MILLISECONDS).map(BECAUSE::concat);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof DvsException refused) {
                throw new DvsException(refused.code(), refused.getMessage(), e);
            }
            throw new IllegalStateException(e);
        } catch (TimeoutException e) {
            throw new DvsException(ErrorCode.AGAIN, "it is still being found out whether this machine can limit traffic", e);
        }
    }

    private synchronized CompletableFuture<Optional<String>> current() {
        if (lacking.isCompletedExceptionally()) {
            lacking = ask();
        }
        return lacking;
    }

    /** @throws DvsException {@code NOSYS} with the reason where this machine cannot */
    void require() throws DvsException, InterruptedException {
        Optional<String> missing = missing();
        if (missing.isPresent()) {
            throw new DvsException(ErrorCode.NOSYS, missing.get());
        }
    }
}
