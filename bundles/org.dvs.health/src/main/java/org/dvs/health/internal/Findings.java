package org.dvs.health.internal;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;

import org.apache.felix.hc.api.Result;

/**
 * What all checks found, at one moment.
 *
 * @param atNanos when, of {@link System#nanoTime}
 * @param checks  by name
 */
record Findings(long atNanos, List<Outcome> checks) {
    private static final String CHECKS = "checks";

    Findings {
        checks = checks.stream().sorted(Comparator.comparing(Outcome::name)).toList();
    }

    Optional<Outcome> check(String name) {
        return checks.stream().filter(check -> check.name().equals(name)).findFirst();
    }

    /**
     * Those that answer a probe, without some.
     *
     * @param maxAgeNanos what is older than this is not believed: then one check says so
     */
    List<Outcome> of(Probe probe, Set<String> exclude, long nowNanos, long maxAgeNanos) {
        if (nowNanos - atNanos > maxAgeNanos) {
            return List.of(new Outcome(CHECKS, Set.of(probe.tag()), Result.Status.HEALTH_CHECK_ERROR,
                    "the checks have not ended for " + (nowNanos - atNanos) / 1_000_000_000
                            + " s. Look for what holds them up: the log, a thread dump"));
        }
        List<Outcome> those = checks.stream().filter(check -> check.tags().contains(probe.tag())).toList();
        if (those.isEmpty()) {
            return List.of(new Outcome(CHECKS, Set.of(probe.tag()), Result.Status.TEMPORARILY_UNAVAILABLE,
                    "no check has run yet. Ask again in a second"));
        }
        return those.stream().filter(check -> !exclude.contains(check.name())).toList();
    }

    /** OK without any. */
    static Result.Status worst(List<Outcome> outcomes) {
        return outcomes.stream().map(Outcome::status).max(Comparator.naturalOrder()).orElse(Result.Status.OK);
    }
}
