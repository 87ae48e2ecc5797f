package org.dvs.dispatcher.internal;

/** Settings for tests: the defaults, and a way to change one. */
public final class Limits {
    private Limits() {
    }

    public static Settings defaults() {
        return new Settings(64, 1024, 1 << 20, 64 << 20, 128 << 20, 256, 32 << 20, 8, 1024, 1024, 32 << 10, 256, 1000, 16);
    }

    /** @param waiting jobs that may wait */
    public static Settings jobs(int running, int waiting) {
        Settings s = defaults();
        return new Settings(running, waiting, s.maxReplyBytes(), s.maxJobBytes(), s.maxTotalBytes(), s.keptJobs(), s.keptJobBytes(),
                s.workers(), s.maxQueued(), s.maxQueuedChanges(), s.chunkBytes(), s.chunkRows(), s.stuckAfterMs(),
                s.maxStuckWorkers());
    }

    public static Settings kept(int jobs, long bytes) {
        Settings s = defaults();
        return new Settings(s.maxJobs(), s.maxWaitingJobs(), s.maxReplyBytes(), s.maxJobBytes(), s.maxTotalBytes(), jobs, bytes,
                s.workers(), s.maxQueued(), s.maxQueuedChanges(), s.chunkBytes(), s.chunkRows(), s.stuckAfterMs(),
                s.maxStuckWorkers());
    }

    public static Settings bytes(long reply, long job, long total) {
        Settings s = defaults();
        return new Settings(s.maxJobs(), s.maxWaitingJobs(), reply, job, total, s.keptJobs(), s.keptJobBytes(), s.workers(),
                s.maxQueued(), s.maxQueuedChanges(), s.chunkBytes(), s.chunkRows(), s.stuckAfterMs(), s.maxStuckWorkers());
    }

    public static Settings workers(int workers, int queued, long stuckAfterMs, int maxStuck) {
        Settings s = defaults();
        return new Settings(s.maxJobs(), s.maxWaitingJobs(), s.maxReplyBytes(), s.maxJobBytes(), s.maxTotalBytes(), s.keptJobs(),
                s.keptJobBytes(), workers, queued, queued, s.chunkBytes(), s.chunkRows(), stuckAfterMs, maxStuck);
    }

    public static Settings chunks(int bytes, int rows) {
        Settings s = defaults();
        return new Settings(s.maxJobs(), s.maxWaitingJobs(), s.maxReplyBytes(), s.maxJobBytes(), s.maxTotalBytes(), s.keptJobs(),
                s.keptJobBytes(), s.workers(), s.maxQueued(), s.maxQueuedChanges(), bytes, rows, s.stuckAfterMs(),
                s.maxStuckWorkers());
    }
}
