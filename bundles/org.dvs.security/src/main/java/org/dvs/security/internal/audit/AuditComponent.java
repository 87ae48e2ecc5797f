package org.dvs.security.internal.audit;

import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;

import org.dvs.api.DvsException;
import org.dvs.api.metrics.Metric;
import org.dvs.api.metrics.MetricSource;
import org.dvs.api.security.Audit;
import org.dvs.api.security.AuditEntry;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.metatype.annotations.Designate;

/** Offers this node's {@link Audit}, kept in {@code data/audit}; also while that cannot be written, for then it refuses. */
@Component(service = {Audit.class, AuditComponent.class, MetricSource.class}, configurationPid = AuditConfig.PID)
@Designate(ocd = AuditConfig.class)
public final class AuditComponent implements Audit, MetricSource {
    private final AuditTrail trail;
    private final StartCheck check;

    @Activate
    public AuditComponent(BundleContext context, AuditConfig config) {
        this(Path.of(context.getProperty("karaf.data"), "audit"), config);
    }

    AuditComponent(Path folder, AuditConfig config) {
        trail = new AuditTrail(new Folder(folder), Clock.systemUTC(), settings(config));
        check = new StartCheck(trail, StartCheck.MOST_BYTES);
    }

    private static AuditTrail.Settings settings(AuditConfig config) {
        return new AuditTrail.Settings(config.reads(), config.linesAnHour(), new Chain.Limits(config.maxFileBytes(),
                config.maxFiles()));
    }

    @Modified
    void modified(AuditConfig config) {
        trail.configure(settings(config));
    }

    @Deactivate
    void stop() {
        check.close();
        trail.close();
    }

    AuditTrail trail() {
        return trail;
    }

    @Override
    public void before(AuditEntry entry) throws DvsException {
        trail.before(entry);
    }

    @Override
    public Optional<String> trouble() {
        return trail.trouble();
    }

    @Override
    public void after(AuditEntry entry) {
        trail.after(entry);
    }

    @Override
    public List<Metric> metrics() {
        return trail.counts().metrics();
    }

    @Override
    public void read(Sink sink) {
        trail.counts().read(sink);
    }
}
