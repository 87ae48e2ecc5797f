package org.dvs.monitor.internal;

import java.time.Duration;

/** {@link MonitorConfig} as plain values; see there. */
public record Settings(Duration sessionIdle, Duration sessionMax, Duration link, Duration refresh, int maxPages) {

    static Settings of(MonitorConfig config) {
        return new Settings(Duration.ofSeconds(config.sessionIdleSeconds()), Duration.ofSeconds(config.sessionMaxSeconds()),
                Duration.ofSeconds(config.linkSeconds()), Duration.ofMillis(config.refreshMs()), config.maxPages());
    }
}
