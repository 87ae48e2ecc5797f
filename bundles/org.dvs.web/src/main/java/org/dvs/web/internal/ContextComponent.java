package org.dvs.web.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import jakarta.servlet.Filter;

import org.dvs.api.security.Authenticator;
import org.dvs.web.api.WebContext;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceFactory;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.servlet.context.ServletContextHelper;
import org.osgi.service.servlet.whiteboard.HttpWhiteboardConstants;

/**
 * Offers the protected context, also in place of the whiteboard's default one: a servlet that names no context is behind the
 * same login. Around all servlets of both is the {@link ErrorFilter}.
 */
@Component(service = {})
public final class ContextComponent {
    private final List<ServiceRegistration<?>> registrations = new ArrayList<>();

    @Activate
    public ContextComponent(BundleContext context, @Reference Authenticator authenticator) {
        registrations.add(errorFilter(context));
        Login login = new Login(authenticator);
        for (String name : List.of(WebContext.NAME, HttpWhiteboardConstants.HTTP_WHITEBOARD_DEFAULT_CONTEXT_NAME)) {
            registrations.add(context.registerService(ServletContextHelper.class, new ServiceFactory<>() {
                @Override
                public ServletContextHelper getService(Bundle user, ServiceRegistration<ServletContextHelper> registration) {
                    return new ProtectedContext(login, user);
                }

                @Override
                public void ungetService(Bundle user, ServiceRegistration<ServletContextHelper> registration, ServletContextHelper helper) {
                    // Holds nothing.
                }
            }, FrameworkUtil.asDictionary(Map.of(
                    HttpWhiteboardConstants.HTTP_WHITEBOARD_CONTEXT_NAME, name,
                    HttpWhiteboardConstants.HTTP_WHITEBOARD_CONTEXT_PATH, "/",
                    Constants.SERVICE_RANKING, Integer.MAX_VALUE))));
        }
    }

    /** Outermost around every servlet, in every context. */
    private static ServiceRegistration<Filter> errorFilter(BundleContext context) {
        return context.registerService(Filter.class, new ErrorFilter(), FrameworkUtil.asDictionary(Map.of(
                HttpWhiteboardConstants.HTTP_WHITEBOARD_FILTER_NAME, "dvs-errors",
                HttpWhiteboardConstants.HTTP_WHITEBOARD_FILTER_PATTERN, "/*",
                HttpWhiteboardConstants.HTTP_WHITEBOARD_FILTER_ASYNC_SUPPORTED, true,
                HttpWhiteboardConstants.HTTP_WHITEBOARD_CONTEXT_SELECT,
                '(' + HttpWhiteboardConstants.HTTP_WHITEBOARD_CONTEXT_NAME + "=*)",
                Constants.SERVICE_RANKING, Integer.MAX_VALUE)));
    }

    @Deactivate
    void stop() {
        registrations.forEach(ServiceRegistration::unregister);
    }
}
