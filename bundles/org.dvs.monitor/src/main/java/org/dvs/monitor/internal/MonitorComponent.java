package org.dvs.monitor.internal;

import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import jakarta.servlet.Servlet;

import org.dvs.api.dispatch.Catalogue;
import org.dvs.api.dispatch.CatalogueListener;
import org.dvs.api.dispatch.Dispatcher;
import org.dvs.api.dispatch.NodeDirectory;
import org.dvs.api.request.RequestSpec;
import org.dvs.api.security.Accounts;
import org.dvs.api.security.Authenticator;
import org.dvs.cli.api.CommandLine;
import org.dvs.cli.api.OrderReader;
import org.dvs.cluster.api.Cluster;
import org.dvs.cluster.api.ViewEvent;
import org.dvs.cluster.api.ViewListener;
import org.dvs.monitor.internal.live.Hub;
import org.dvs.monitor.internal.live.Watch;
import org.dvs.monitor.internal.login.Sessions;
import org.dvs.monitor.internal.login.Tickets;
import org.dvs.monitor.internal.model.Trees;
import org.dvs.monitor.internal.web.Console;
import org.dvs.monitor.internal.web.ConsoleContext;
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
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.servlet.context.ServletContextHelper;
import org.osgi.service.servlet.whiteboard.HttpWhiteboardConstants;

/**
 * Offers the console to the whiteboard while there is a dispatcher to ask, and passes on what it hears of members and requests.
 */
@Component(service = {ViewListener.class, CatalogueListener.class}, configurationPid = "org.dvs.monitor", immediate = true)
@Designate(ocd = MonitorConfig.class)
public final class MonitorComponent implements ViewListener, CatalogueListener {
    private final Hub hub;
    private final Watch watch;
    private final List<ServiceRegistration<?>> registrations = new ArrayList<>();
    private volatile Cluster cluster;

    @Activate
    public MonitorComponent(BundleContext context, MonitorConfig config, @Reference Dispatcher dispatcher,
            @Reference Catalogue catalogue, @Reference NodeDirectory directory, @Reference OrderReader orders,
            @Reference CommandLine commandLine, @Reference Authenticator authenticator, @Reference Accounts accounts) {
        Settings settings = Settings.of(config);
        SecureRandom random = new SecureRandom();
        Sessions sessions = new Sessions(settings.sessionIdle(), settings.sessionMax(), System::nanoTime, random, accounts);
        Tickets tickets = new Tickets(settings.link(), System::nanoTime, random);
        hub = new Hub(settings.maxPages());
        watch = new Watch(dispatcher, hub, sessions::isOpen, settings.refresh(), System::nanoTime);
        Console console = new Console(
                new Console.Services(dispatcher, catalogue, directory, orders, commandLine, authenticator, accounts), sessions, tickets,
                hub, this::overview, watch::lookSoon, context.getBundle().getVersion().toString());
        watch.start();
        registrations.add(context.registerService(ServletContextHelper.class, console.context(),
                FrameworkUtil.asDictionary(Map.of(
                HttpWhiteboardConstants.HTTP_WHITEBOARD_CONTEXT_NAME, ConsoleContext.NAME,
                HttpWhiteboardConstants.HTTP_WHITEBOARD_CONTEXT_PATH, ConsoleContext.PATH))));
        registrations.add(servlet(context, console.servlet(), "console", "/*",
                '(' + HttpWhiteboardConstants.HTTP_WHITEBOARD_CONTEXT_NAME + '=' + ConsoleContext.NAME + ')'));
        registrations.add(servlet(context, console.linkServlet(), "console-link", Console.linkPath(), WebContext.SELECT));
    }

    private static ServiceRegistration<Servlet> servlet(BundleContext context, Servlet servlet, String name, String pattern,
            String select) {
        return context.registerService(Servlet.class, servlet, FrameworkUtil.asDictionary(Map.of(
                HttpWhiteboardConstants.HTTP_WHITEBOARD_SERVLET_NAME, "dvs-" + name,
                HttpWhiteboardConstants.HTTP_WHITEBOARD_SERVLET_PATTERN, pattern,
                HttpWhiteboardConstants.HTTP_WHITEBOARD_SERVLET_ASYNC_SUPPORTED, true,
                HttpWhiteboardConstants.HTTP_WHITEBOARD_CONTEXT_SELECT, select)));
    }

    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void bindCluster(Cluster now) {
        cluster = now;
        tellCluster();
    }

    void unbindCluster(Cluster gone) {
        if (cluster == gone) {
            cluster = null;
        }
    }

    private Map<String, Object> overview() {
        Map<String, Object> tree = new LinkedHashMap<>(watch.known());
        Cluster now = cluster;
        tree.put("cluster", now == null ? null : Trees.cluster(now));
        watch.lookSoon();
        return tree;
    }

    private void tellCluster() {
        Cluster now = cluster;
        if (now != null) {
            hub.publish("cluster", Trees.cluster(now));
            watch.lookSoon();
        }
    }

    @Override
    public void happened(ViewEvent event) {
        tellCluster();
    }

    @Override
    public void offered(RequestSpec spec) {
        hub.publish("catalogue", Map.of("offered", spec.name()));
    }

    @Override
    public void withdrawn(RequestSpec spec) {
        hub.publish("catalogue", Map.of("withdrawn", spec.name()));
    }

    @Deactivate
    void stop() {
        registrations.forEach(ServiceRegistration::unregister);
        watch.close();
        hub.close();
    }
}
