package org.dvs.cluster.jgroups.internal.engine;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

import org.dvs.api.DvsException;
import org.dvs.api.LogField;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/** Writes refusals to the log, the same one at most once a minute, and remembers why this node was refused. Thread-safe. */
final class RefusalLog {
    private static final Logger LOG = LoggerFactory.getLogger(RefusalLog.class);
    private static final long AGAIN_AFTER_NS = TimeUnit.MINUTES.toNanos(1);
    private static final int REMEMBERED = 256;

    private final LongSupplier nanoTime;
    private final Map<String, Long> told = new LinkedHashMap<>();
    private DvsException ofThisNode;

    RefusalLog(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /** @param thisNode true if this node was kept out; false if it kept another one out */
    synchronized void note(boolean thisNode, DvsException why) {
        if (thisNode) {
            ofThisNode = why;
        }
        // Strangers have a new port each time; their address is what counts.
        String key = why.code() + why.getMessage().replaceAll(":[0-9]+", "");
        Long before = told.get(key);
        if (before != null && nanoTime.getAsLong() - before < AGAIN_AFTER_NS) {
            return;
        }
        told.remove(key);
        told.put(key, nanoTime.getAsLong());
        if (told.size() > REMEMBERED) {
            told.remove(told.keySet().iterator().next());
        }
        try (MDC.MDCCloseable code = MDC.putCloseable(LogField.CODE, why.code().code())) {
            LOG.warn("{} {}", why.code().code(), why.getMessage().replaceAll("\\p{Cntrl}", "?"));
        }
    }

    synchronized Optional<DvsException> ofThisNode() {
        return Optional.ofNullable(ofThisNode);
    }

    /** This node is in. */
    synchronized void clear() {
        ofThisNode = null;
    }
}
