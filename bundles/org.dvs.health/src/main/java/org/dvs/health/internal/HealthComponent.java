package org.dvs.health.internal;

import java.util.List;
import java.util.Map;

import jakarta.servlet.Servlet;

import org.apache.felix.hc.api.execution.HealthCheckExecutor;
import org.dvs.api.metrics.Metric;
import org.dvs.api.metrics.MetricSource;
import org.dvs.web.api.WebContext;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.servlet.whiteboard.HttpWhiteboardConstants;

/** Puts the servlet into the protected context, and the checks' results among the metrics. */
@Component(immediate = true)
public final class HealthComponent implements MetricSource {
    private static final Metric STATUS = Metric.gauge("dvs_health_check_status",
            "What a health check found: 0 OK, 1 WARN, 2 TEMPORARILY_UNAVAILABLE, 3 CRITICAL, 4 HEALTH_CHECK_ERROR.", "service");

    private final Refresher refresher;
    private final ServiceRegistration<Servlet> registration;

    @Activate
    public HealthComponent(BundleContext context, @Reference HealthCheckExecutor executor) {
        refresher = new Refresher(executor);
        refresher.start();
        registration = context.registerService(Servlet.class, new HealthServlet(refresher::findings),
                FrameworkUtil.asDictionary(Map.of(
                HttpWhiteboardConstants.HTTP_WHITEBOARD_SERVLET_NAME, "dvs-health",
                HttpWhiteboardConstants.HTTP_WHITEBOARD_SERVLET_PATTERN, HealthServlet.patterns(),
                HttpWhiteboardConstants.HTTP_WHITEBOARD_CONTEXT_SELECT, WebContext.SELECT)));
    }

    @Override
    public List<Metric> metrics() {
        return List.of(STATUS);
    }

    @Override
    public void read(Sink sink) {
        refresher.findings().checks().forEach(check -> sink.put(STATUS, check.status().ordinal(), check.name()));
    }

    @Deactivate
    void stop() {
        registration.unregister();
        refresher.close();
    }
}
