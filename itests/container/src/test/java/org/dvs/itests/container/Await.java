package org.dvs.itests.container;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Waits for a condition, never longer than a machine under load needs. */
final class Await {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final long PAUSE_MS = 100;

    private Await() {
    }

    static void until(String what, Callable<Boolean> condition) throws Exception {
        until(what, condition, () -> "");
    }

    /** @param state what to tell beside {@code what} when patience is at its end */
    static void until(String what, Callable<Boolean> condition, Callable<String> state) throws Exception {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        CountDownLatch never = new CountDownLatch(1);
        while (!condition.call()) {
            if (System.nanoTime() - deadline > 0) {
                throw new AssertionError("waited " + PATIENCE.toSeconds() + " s for " + what + "; last: " + state.call());
            }
            never.await(PAUSE_MS, TimeUnit.MILLISECONDS);
        }
    }
}
