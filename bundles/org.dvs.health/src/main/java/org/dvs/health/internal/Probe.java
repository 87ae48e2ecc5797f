package org.dvs.health.internal;

import java.util.Arrays;
import java.util.Optional;

/** The questions that machines ask. A check answers one by bearing its tag. Source: conventions 6. */
enum Probe {
    /** Does the process work? If not, it should be restarted. Depends on nothing outside it. */
    LIVE("live", "/livez"),
    /** May it be used now? */
    READY("ready", "/readyz", "/healthz"),
    /** Has it come up? */
    STARTUP("startup", "/startupz");

    private final String tag;
    private final String[] paths;

    Probe(String tag, String... paths) {
        this.tag = tag;
        this.paths = paths;
    }

    String tag() {
        return tag;
    }

    String[] paths() {
        return paths.clone();
    }

    static Optional<Probe> of(String path) {
        return Arrays.stream(values()).filter(probe -> Arrays.asList(probe.paths).contains(path)).findFirst();
    }
}
