package org.dvs.health.internal.check;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.util.Arrays;
import java.util.Objects;
import java.util.stream.Collectors;

import org.apache.felix.hc.api.HealthCheck;
import org.apache.felix.hc.api.Result;
import org.osgi.service.component.annotations.Component;

/** Threads that wait for each other for ever. Looked for every 10 s, since it stops all threads for a moment. */
@Component(immediate = true, property = {HealthCheck.NAME + "=deadlock", HealthCheck.TAGS + "=live",
        HealthCheck.RESULT_CACHE_TTL_IN_MS + ":Long=10000"})
public final class DeadlockCheck implements HealthCheck {
    @Override
    public Result execute() {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        long[] locked = threads.findDeadlockedThreads();
        if (locked == null) {
            return new Result(Result.Status.OK, "none");
        }
        String names = Arrays.stream(threads.getThreadInfo(locked)).filter(Objects::nonNull).map(ThreadInfo::getThreadName)
                .sorted().collect(Collectors.joining(", "));
        return new Result(Result.Status.CRITICAL, "these wait for each other for ever: " + names
                + ". Keep a thread dump (jstack), then restart the node");
    }
}
