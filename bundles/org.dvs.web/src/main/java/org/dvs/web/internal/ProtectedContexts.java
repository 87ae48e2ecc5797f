package org.dvs.web.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import jakarta.servlet.Filter;

import org.dvs.web.api.WebContext;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceFactory;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.servlet.context.ServletContextHelper;
import org.osgi.service.servlet.whiteboard.HttpWhiteboardConstants;

/**
 * Offers the protected context to the whiteboard, also in place of the whiteboard's default one: a servlet that names no context
 * is behind the same login. Around all servlets of both is the {@link ErrorFilter}.
 *
 * <p>Make it before the whiteboard looks for services and close it afterwards: in between there would be an open default context.
 */
final class ProtectedContexts implements AutoCloseable {
    private final List<ServiceRegistration<?>> registrations = new ArrayList<>();

    ProtectedContexts(BundleContext context, Login login) {
        registrations.add(errorFilter(context));
        for (String name : List.of(WebContext.NAME, HttpWhiteboardConstants.HTTP_WHITEBOARD_DEFAULT_CONTEXT_NAME)) {
            registrations.add(context.registerService(ServletContextHelper.class, new PerBundle(login),
                    FrameworkUtil.asDictionary(Map.of(
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

    @Override
    public void close() {
        registrations.forEach(ServiceRegistration::unregister);
    }

    /** Each bundle has a context of its own that finds the bundle's resources. */
    private record PerBundle(Login login) implements ServiceFactory<ServletContextHelper> {
        @Override
        public ServletContextHelper getService(Bundle user, ServiceRegistration<ServletContextHelper> registration) {
            return new ProtectedContext(login, user);
        }

        @Override
        public void ungetService(Bundle user, ServiceRegistration<ServletContextHelper> registration,
                ServletContextHelper helper) {
            // Holds nothing.
        }
    }
}
