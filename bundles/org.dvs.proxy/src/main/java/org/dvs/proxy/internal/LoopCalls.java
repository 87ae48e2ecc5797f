package org.dvs.proxy.internal;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.transport.api.Loop;

/**
 * Has something done by a loop. Who waits for it and gives up takes it back: it never runs after that, as by then somebody else
 * may be at the same things. Thread-safe; whoever waits is not the loop.
 */
final class LoopCalls {
    private final Loop loop;

    LoopCalls(Loop loop) {
        this.loop = loop;
    }

    /** Begun by the loop or taken back by who has asked, whoever claims it first. */
    private static final class Call<T> implements Runnable {
        private final AtomicBoolean claimed = new AtomicBoolean();
        private final CompletableFuture<T> answer = new CompletableFuture<>();
        private final Supplier<T> what;

        Call(Supplier<T> what) {
            this.what = what;
        }

        boolean claim() {
            return claimed.compareAndSet(false, true);
        }

        @Override
        public void run() {
            if (!claim()) {
                return;
            }
            try {
                answer.complete(what.get());
            } catch (RuntimeException | Error e) {
                answer.completeExceptionally(e);
            }
        }
    }

    private <T> Call<T> begin(Supplier<T> what) {
        Call<T> call = new Call<>(what);
        if (!loop.execute(call)) {
            call.answer.completeExceptionally(new DvsException(ErrorCode.SHUTDOWN, "the transport takes no more tasks"));
        }
        return call;
    }

    /** Does not wait. @return completes on the loop; exceptionally as {@link #get}, or with what was thrown */
    <T> CompletableFuture<T> ask(Supplier<T> what) {
        return begin(what).answer;
    }

    /**
     * @param patienceMs until it is taken back; what has begun by then is waited for once more as long
     * @throws DvsException {@code TIMEDOUT}; {@code SHUTDOWN} if the loop takes no more tasks, or the caller is interrupted
     * @throws IllegalStateException for what was thrown, which is its cause
     */
    <T> T get(Supplier<T> what, int patienceMs) throws DvsException {
        Call<T> call = begin(what);
        try {
            return call.answer.get(patienceMs, TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            if (call.claim()) {
                throw new DvsException(ErrorCode.TIMEDOUT,
                        "the loop of the proxies did not come to it within " + patienceMs + " ms", e);
            }
            return begun(call, patienceMs);
        } catch (InterruptedException e) {
            call.claim();
            throw interrupted(e);
        } catch (ExecutionException e) {
            throw thrown(e);
        }
    }

    /** @throws DvsException as {@link #get} */
    void run(Runnable task, int patienceMs) throws DvsException {
        get(() -> {
            task.run();
            return null;
        }, patienceMs);
    }

    private static <T> T begun(Call<T> call, int patienceMs) throws DvsException {
        try {
            return call.answer.get(patienceMs, TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new DvsException(ErrorCode.TIMEDOUT, "the loop of the proxies has been at it for " + patienceMs + " ms", e);
        } catch (InterruptedException e) {
            throw interrupted(e);
        } catch (ExecutionException e) {
            throw thrown(e);
        }
    }

    private static DvsException interrupted(InterruptedException e) {
        Thread.currentThread().interrupt();
        return new DvsException(ErrorCode.SHUTDOWN, "interrupted", e);
    }

    private static DvsException thrown(ExecutionException e) {
        if (e.getCause() instanceof DvsException refused) {
            return refused;
        }
        throw new IllegalStateException(e.getCause());
    }
}
