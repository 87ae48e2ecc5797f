package org.dvs.testkit;

import java.util.concurrent.CompletableFuture;

/** A thread of a test, whose failure is not lost. */
public final class Background {
    private Background() {
    }

    /** What the thread does. */
    @FunctionalInterface
    public interface Body {
        void run() throws Exception;
    }

    /**
     * Starts a daemon thread.
     *
     * @return its end; exceptionally with whatever it throws
     */
    public static CompletableFuture<Void> run(Body body) {
        CompletableFuture<Void> end = new CompletableFuture<>();
        Thread thread = new Thread(() -> {
            try {
                body.run();
                end.complete(null);
            } catch (Throwable e) {
                end.completeExceptionally(e);
            }
        });
        thread.setDaemon(true);
        thread.start();
        return end;
    }
}
