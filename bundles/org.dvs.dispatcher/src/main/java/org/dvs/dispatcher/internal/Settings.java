package org.dvs.dispatcher.internal;

/**
 * Limits of the dispatcher on this node. Meaning, default and range of each: {@link Config}.
 *
 * @param maxJobs          jobs under way at once
 * @param maxWaitingJobs   jobs that wait for one of these to end
 * @param maxReplyBytes    rows of one node, as encoded
 * @param maxJobBytes      rows of one job
 * @param maxTotalBytes    rows of all jobs under way
 * @param keptJobs         jobs kept after their end
 * @param keptJobBytes     rows of all kept jobs
 * @param workers          requests that read, executed at once
 * @param maxQueued        requests that read, waiting for a worker
 * @param maxQueuedChanges requests that change something, waiting for their turn
 * @param besideWorkers    requests that change something beside others, executed at once
 * @param maxQueuedBeside  requests that change something beside others, waiting for a worker
 * @param chunkBytes       rows in one message, bytes
 * @param chunkRows        rows in one message
 * @param stuckAfterMs     from the interruption of a handler until its thread counts as lost
 * @param maxStuckWorkers  lost threads that are replaced
 */
public record Settings(int maxJobs, int maxWaitingJobs, long maxReplyBytes, long maxJobBytes, long maxTotalBytes, int keptJobs,
                       long keptJobBytes, int workers, int maxQueued, int maxQueuedChanges, int besideWorkers,
                       int maxQueuedBeside, int chunkBytes, int chunkRows, long stuckAfterMs, int maxStuckWorkers) {

    static Settings of(Config config) {
        return new Settings(config.maxJobs(), config.maxWaitingJobs(), config.maxReplyBytes(), config.maxJobBytes(),
                config.maxTotalBytes(), config.keptJobs(), config.keptJobBytes(), config.workers(), config.maxQueued(),
                config.maxQueuedChanges(), config.besideWorkers(), config.maxQueuedBeside(), config.chunkBytes(),
                config.chunkRows(), config.stuckAfterMs(), config.maxStuckWorkers());
    }
}
