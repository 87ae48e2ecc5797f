package org.dvs.health.internal;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import org.apache.felix.hc.api.Result;
import org.apache.felix.hc.api.execution.HealthCheckExecutionOptions;
import org.apache.felix.hc.api.execution.HealthCheckExecutionResult;
import org.apache.felix.hc.api.execution.HealthCheckExecutor;
import org.apache.felix.hc.api.execution.HealthCheckMetadata;
import org.apache.felix.hc.api.execution.HealthCheckSelector;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs all checks once a second, on a thread of its own, {@code dvs-health-refresh-1}. The log has a line when
 * one changes its status.
 */
final class Refresher implements AutoCloseable {
    /** Of checks that answer no probe and are worth a look now and then. */
    static final String ADVICE = "advice";

    private static final Logger LOG = LoggerFactory.getLogger(Refresher.class);
    private static final long EVERY_MS = 1_000;
    /** Nobody waits for them here: a machine under load is slow, not sick. */
    private static final int TIMEOUT_MS = 10_000;
    private static final String[] TAGS =
            Stream.concat(Stream.of(Probe.values()).map(Probe::tag), Stream.of(ADVICE)).toArray(String[]::new);

    private final HealthCheckExecutor executor;
    private final ScheduledThreadPoolExecutor thread = new ScheduledThreadPoolExecutor(1, task -> {
        Thread made = new Thread(task, "dvs-health-refresh-1");
        made.setDaemon(true);
        return made;
    });
    private volatile Findings findings = new Findings(System.nanoTime(), List.of());

    Refresher(HealthCheckExecutor executor) {
        this.executor = executor;
    }

    void start() {
        thread.scheduleWithFixedDelay(this::run, 0, EVERY_MS, TimeUnit.MILLISECONDS);
    }

    Findings findings() {
        return findings;
    }

    private void run() {
        try {
            Findings now = new Findings(System.nanoTime(), all());
            tell(findings, now);
            findings = now;
        } catch (RuntimeException | LinkageError e) {
            LOG.warn("The health checks cannot be run", e);
        }
    }

    private List<Outcome> all() {
        List<Outcome> outcomes = new ArrayList<>();
        for (HealthCheckExecutionResult result : executor.execute(HealthCheckSelector.tags(TAGS),
                new HealthCheckExecutionOptions().setCombineTagsWithOr(true).setOverrideGlobalTimeout(TIMEOUT_MS))) {
            StringBuilder detail = new StringBuilder();
            result.getHealthCheckResult()
                    .forEach(entry -> detail.append(detail.isEmpty() ? "" : "; ").append(entry.getMessage()));
            HealthCheckMetadata check = result.getHealthCheckMetadata();
            outcomes.add(new Outcome(check.getName(), new HashSet<>(check.getTags()),
                    result.getHealthCheckResult().getStatus(), detail.toString()));
        }
        return outcomes;
    }

    private static void tell(Findings before, Findings now) {
        for (Outcome check : now.checks()) {
            Result.Status was = before.check(check.name()).map(Outcome::status).orElse(Result.Status.OK);
            if (check.status() != was) {
                LOG.info("Health check {} is {}, was {}: {}", check.name(), check.status(), was, check.detail());
            }
        }
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
