package org.dvs.metrics.internal;

import java.util.Map;

import jakarta.servlet.Servlet;

import org.dvs.api.metrics.MetricSource;
import org.dvs.web.api.WebContext;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.servlet.whiteboard.HttpWhiteboardConstants;

/** Puts the servlet into the protected context; sources come and go while it stays. */
@Component(service = {})
public final class MetricsComponent {
    private final Scraper scraper = new Scraper();
    private final ServiceRegistration<Servlet> registration;

    @Activate
    public MetricsComponent(BundleContext context) {
        registration = context.registerService(Servlet.class, new MetricsServlet(scraper), FrameworkUtil.asDictionary(Map.of(
                HttpWhiteboardConstants.HTTP_WHITEBOARD_SERVLET_NAME, "dvs-metrics",
                HttpWhiteboardConstants.HTTP_WHITEBOARD_SERVLET_PATTERN, MetricsServlet.PATH,
                HttpWhiteboardConstants.HTTP_WHITEBOARD_CONTEXT_SELECT, WebContext.SELECT)));
    }

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    void addSource(MetricSource source) {
        scraper.add(source);
    }

    void removeSource(MetricSource source) {
        scraper.remove(source);
    }

    @Deactivate
    void stop() {
        registration.unregister();
    }
}
