package org.dvs.monitor.internal.log;

import java.io.IOException;
import java.util.List;
import java.util.Map;

import org.ops4j.pax.logging.spi.PaxAppender;
import org.ops4j.pax.logging.spi.PaxLoggingEvent;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the newest events of the node's log: those that {@code etc/org.ops4j.pax.logging.cfg} gives to {@code PaxOsgi}. What it
 * has when it goes, the next version of this bundle begins with, or this one after a restart of the node.
 */
@Component(service = LogTap.class, immediate = true)
public final class LogTap implements PaxAppender {
    /** Pax Logging calls the appenders that a configuration names, and {@code *} names all. */
    private static final String NAME = "org.ops4j.pax.logging.appender.name";

    private static final String KEPT = "log-lines";
    private static final Logger LOG = LoggerFactory.getLogger(LogTap.class);

    private final LogRing ring = new LogRing(System.currentTimeMillis());
    private final KeptLines kept;
    private final ServiceRegistration<PaxAppender> registration;

    @Activate
    public LogTap(BundleContext context) {
        kept = new KeptLines(context.getDataFile(KEPT).toPath());
        List<LogLine> before = before();
        ring.begin(before);
        registration = context.registerService(PaxAppender.class, this, FrameworkUtil.asDictionary(Map.of(NAME, "DvsMonitor")));
        LOG.info("{} lines of the log are taken over", before.size());
    }

    private List<LogLine> before() {
        try {
            return kept.read();
        } catch (IOException e) {
            LOG.warn("The log that is shown begins with this start: {}", e.toString());
            return List.of();
        }
    }

    LogRing ring() {
        return ring;
    }

    @Override
    public void doAppend(PaxLoggingEvent event) {
        String[] trace = event.getThrowableStrRep();
        ring.add(event.getTimeStamp(), event.getLevel().toString(), event.getLoggerName(), event.getThreadName(),
                event.getMessage(), trace == null ? "" : String.join("\n", trace));
    }

    @Deactivate
    void stop() {
        try {
            registration.unregister();
        } finally {
            leave(ring.all());
        }
    }

    private void leave(List<LogLine> lines) {
        try {
            kept.write(lines);
            LOG.info("{} lines of the log are left for the next start", lines.size());
        } catch (IOException e) {
            LOG.warn("The log that the next start shows lacks this one's lines: {}", e.toString());
        }
    }
}
