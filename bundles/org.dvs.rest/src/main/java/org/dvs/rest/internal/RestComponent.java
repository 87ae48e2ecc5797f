package org.dvs.rest.internal;

import java.util.List;
import java.util.Map;

import jakarta.servlet.Servlet;

import org.dvs.api.dispatch.Catalogue;
import org.dvs.api.dispatch.Dispatcher;
import org.dvs.api.security.Audit;
import org.dvs.cli.api.CommandLine;
import org.dvs.web.api.WebContext;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceRegistration;
import org.osgi.framework.Version;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.servlet.whiteboard.HttpWhiteboardConstants;

/** Puts the servlets into the protected context while there is a dispatcher to ask. */
@Component(service = {})
public final class RestComponent {
    private static final long HEARTBEAT_MS = 1_000;
    private static final int COMMANDS_AT_ONCE = 512;

    private final CommandPool pool = new CommandPool(COMMANDS_AT_ONCE);
    private final List<ServiceRegistration<Servlet>> registrations;

    @Activate
    public RestComponent(BundleContext context, @Reference Dispatcher dispatcher, @Reference Catalogue catalogue,
            @Reference CommandLine commandLine, @Reference Audit audit) {
        Version version = context.getBundle().getVersion();
        RequestRunner runner = new RequestRunner(dispatcher, commandLine, HEARTBEAT_MS);
        registrations = List.of(
                register(context, "cli", ApiServlet.BASE + "/cli", new CliServlet(commandLine, pool, HEARTBEAT_MS)),
                register(context, "api", ApiServlet.BASE + "/*", new ApiServlet(catalogue, runner, audit, version.toString())));
    }

    private static ServiceRegistration<Servlet> register(BundleContext context, String name, String pattern, Servlet servlet) {
        return context.registerService(Servlet.class, servlet, FrameworkUtil.asDictionary(Map.of(
                HttpWhiteboardConstants.HTTP_WHITEBOARD_SERVLET_NAME, "dvs-" + name,
                HttpWhiteboardConstants.HTTP_WHITEBOARD_SERVLET_PATTERN, pattern,
                HttpWhiteboardConstants.HTTP_WHITEBOARD_CONTEXT_SELECT, WebContext.SELECT)));
    }

    @Deactivate
    void stop() {
        registrations.forEach(ServiceRegistration::unregister);
        pool.close();
    }
}
