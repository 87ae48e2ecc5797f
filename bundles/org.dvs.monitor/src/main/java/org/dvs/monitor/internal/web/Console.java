package org.dvs.monitor.internal.web;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

import jakarta.servlet.Servlet;

import org.dvs.api.dispatch.Catalogue;
import org.dvs.api.dispatch.Dispatcher;
import org.dvs.api.dispatch.NodeDirectory;
import org.dvs.api.security.Accounts;
import org.dvs.api.security.Authenticator;
import org.dvs.cli.api.CommandLine;
import org.dvs.cli.api.OrderReader;
import org.dvs.monitor.internal.live.Hub;
import org.dvs.monitor.internal.login.Sessions;
import org.dvs.monitor.internal.login.Tickets;

/** All routes of the console behind one {@link Gate}. */
public final class Console {
    private final Gate gate;
    private final Tickets tickets;

    /** What answers. */
    public record Services(Dispatcher dispatcher, Catalogue catalogue, NodeDirectory directory, OrderReader orders,
                           CommandLine commandLine, Authenticator authenticator, Accounts accounts) {
    }

    /** @param overview and {@code soon} as for {@link LiveRoutes} */
    public Console(Services services, Sessions sessions, Tickets tickets, Hub hub, Supplier<Map<String, Object>> overview,
            Runnable soon, String version) {
        this.tickets = tickets;
        List<Route> routes = new ArrayList<>(new Pages().routes());
        routes.addAll(new LoginRoutes(services.authenticator(), services.accounts(), sessions, tickets, version).routes());
        ResultRoutes results = new ResultRoutes(services.dispatcher(), services.commandLine(), hub);
        routes.addAll(new JobRoutes(services.dispatcher(), services.catalogue(), services.directory(), services.orders(), results)
                .routes());
        routes.addAll(results.routes());
        routes.addAll(new LiveRoutes(hub, overview, soon).routes());
        gate = new Gate(routes, sessions);
    }

    Gate gate() {
        return gate;
    }

    public ConsoleContext context() {
        return new ConsoleContext(gate);
    }

    /** Serves everything in that context. */
    public Servlet servlet() {
        return new ConsoleServlet();
    }

    /** Serves {@link #linkPath} in the context of REST. */
    public Servlet linkServlet() {
        return new LinkServlet(tickets);
    }

    public static String linkPath() {
        return LinkServlet.PATH;
    }
}
