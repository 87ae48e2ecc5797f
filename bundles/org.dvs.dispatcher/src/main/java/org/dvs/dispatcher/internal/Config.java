package org.dvs.dispatcher.internal;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** Settings of PID {@value #PID}; the only table of them. */
@ObjectClassDefinition(name = "DVS dispatcher", description = "Requests to nodes and their execution on this node")
@interface Config {
    String PID = "org.dvs.dispatcher";

    @AttributeDefinition(name = "maxJobs", min = "1", max = "1024",
            description = "Jobs of this node under way at once; the next one waits.")
    int maxJobs() default 64;

    @AttributeDefinition(name = "maxWaitingJobs", min = "0", max = "100000",
            description = "Jobs that wait for their turn; one more is refused with AGAIN.")
    int maxWaitingJobs() default 1024;

    @AttributeDefinition(name = "maxReplyBytes", min = "1024", max = "268435456",
            description = "Bytes of rows in one node's answer; what is larger ends as MSGSIZE with the rows so far. Holds where the "
                    + "request is executed and where it was asked.")
    long maxReplyBytes() default 1024 * 1024;

    @AttributeDefinition(name = "maxJobBytes", min = "1024", max = "4294967296",
            description = "Bytes of rows in one job, all nodes together; nodes beyond it end as MSGSIZE.")
    long maxJobBytes() default 64 * 1024 * 1024;

    @AttributeDefinition(name = "maxTotalBytes", min = "1024", max = "4294967296",
            description = "Bytes of rows in all jobs under way on this node; nodes beyond it end as MSGSIZE.")
    long maxTotalBytes() default 128 * 1024 * 1024;

    @AttributeDefinition(name = "keptJobs", min = "1", max = "10000",
            description = "Jobs kept after their end, the last to end, for --retry and for the job list.")
    int keptJobs() default 256;

    @AttributeDefinition(name = "keptJobBytes", min = "0", max = "4294967296",
            description = "Bytes of rows in all kept jobs; those that ended first go first, the last always stays.")
    long keptJobBytes() default 32 * 1024 * 1024;

    @AttributeDefinition(name = "workers", min = "1", max = "256",
            description = "Requests that only read, executed at once on this node.")
    int workers() default 8;

    @AttributeDefinition(name = "maxQueued", min = "1", max = "100000",
            description = "Requests that only read, waiting for a worker; one more is answered AGAIN.")
    int maxQueued() default 1024;

    @AttributeDefinition(name = "maxQueuedChanges", min = "1", max = "100000",
            description = "Requests that change something, waiting for their turn; one more is answered AGAIN.")
    int maxQueuedChanges() default 1024;

    @AttributeDefinition(name = "besideWorkers", min = "1", max = "256",
            description = "Requests that change something and hold up no others, executed at once on this node; they may take long.")
    int besideWorkers() default 4;

    @AttributeDefinition(name = "maxQueuedBeside", min = "1", max = "100000",
            description = "Requests that change something and hold up no others, waiting for a worker; one more is answered AGAIN.")
    int maxQueuedBeside() default 16;

    @AttributeDefinition(name = "chunkBytes", min = "1024", max = "262144",
            description = "Bytes of rows in one message of a long answer.")
    int chunkBytes() default 32 * 1024;

    @AttributeDefinition(name = "chunkRows", min = "1", max = "4096",
            description = "Rows in one message of a long answer.")
    int chunkRows() default 256;

    @AttributeDefinition(name = "stuckAfterMs", min = "10", max = "60000",
            description = "Milliseconds from the interruption of a handler until its thread counts as lost and is replaced.")
    long stuckAfterMs() default 1000;

    @AttributeDefinition(name = "maxStuckWorkers", min = "1", max = "256",
            description = "Lost threads that are replaced; from then on lost ones reduce the workers.")
    int maxStuckWorkers() default 16;
}
