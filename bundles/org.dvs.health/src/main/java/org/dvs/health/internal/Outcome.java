package org.dvs.health.internal;

import java.util.Set;

import org.apache.felix.hc.api.Result;

/**
 * What one check found.
 *
 * @param tags   of the check, those of {@link Probe} among them
 * @param detail for people: cause and next step; a text of one line
 */
record Outcome(String name, Set<String> tags, Result.Status status, String detail) {

    Outcome {
        tags = Set.copyOf(tags);
    }

    /** OK and WARN: nothing that keeps the node from its work. */
    boolean passes() {
        return status.compareTo(Result.Status.TEMPORARILY_UNAVAILABLE) < 0;
    }
}
