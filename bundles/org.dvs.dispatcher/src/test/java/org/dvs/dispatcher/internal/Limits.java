package org.dvs.dispatcher.internal;

import java.util.Map;

import org.dvs.testkit.Configured;

/** Settings for tests: the defaults, and a way to change some. */
public final class Limits {
    private Limits() {
    }

    public static Settings defaults() {
        return of(Map.of());
    }

    /** @param waiting jobs that may wait */
    public static Settings jobs(int running, int waiting) {
        return of(Map.of("maxJobs", running, "maxWaitingJobs", waiting));
    }

    public static Settings kept(int jobs, long bytes) {
        return of(Map.of("keptJobs", jobs, "keptJobBytes", bytes));
    }

    public static Settings bytes(long reply, long job, long total) {
        return of(Map.of("maxReplyBytes", reply, "maxJobBytes", job, "maxTotalBytes", total));
    }

    /** @param queued requests that may wait, of those that read and of those that change */
    public static Settings workers(int workers, int queued, long stuckAfterMs, int maxStuck) {
        return of(Map.of("workers", workers, "maxQueued", queued, "maxQueuedChanges", queued, "stuckAfterMs", stuckAfterMs,
                "maxStuckWorkers", maxStuck));
    }

    public static Settings beside(int workers) {
        return of(Map.of("besideWorkers", workers));
    }

    public static Settings chunks(int bytes, int rows) {
        return of(Map.of("chunkBytes", bytes, "chunkRows", rows));
    }

    private static Settings of(Map<String, Object> changed) {
        return Settings.of(config(changed));
    }

    /** @param changed by name; of the exact type */
    static Config config(Map<String, Object> changed) {
        return Configured.settings(Config.class, changed);
    }
}
