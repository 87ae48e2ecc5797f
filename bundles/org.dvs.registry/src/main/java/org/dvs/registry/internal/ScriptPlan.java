package org.dvs.registry.internal;

import java.time.Duration;
import java.util.Map;

import org.dvs.cluster.api.ViewEvent;

/**
 * Which script runs at an event.
 *
 * @param script   absolute, or relative to the scripts folder; empty for none
 * @param timeout  after which it is ended with all it started
 * @param lowest   true if only the member with the lowest id runs it
 */
record ScriptPlan(String script, Duration timeout, boolean lowest) {

    /** The plans of a configuration. */
    static Map<ViewEvent.Kind, ScriptPlan> of(RegistryConfig config) {
        return Map.of(ViewEvent.Kind.JOIN, plan(config.joinScript(), config.joinTimeoutMs(), config.joinOnlyOn()),
                ViewEvent.Kind.DISCONNECT, plan(config.disconnectScript(), config.disconnectTimeoutMs(),
                        config.disconnectOnlyOn()),
                ViewEvent.Kind.PARTITION, plan(config.partitionScript(), config.partitionTimeoutMs(), config.partitionOnlyOn()),
                ViewEvent.Kind.MERGE, plan(config.mergeScript(), config.mergeTimeoutMs(), config.mergeOnlyOn()));
    }

    private static ScriptPlan plan(String script, long timeoutMs, OnlyOn onlyOn) {
        return new ScriptPlan(script.trim(), Duration.ofMillis(timeoutMs), onlyOn == OnlyOn.lowest);
    }
}
