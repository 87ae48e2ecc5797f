package org.dvs.monitor.internal.web;

import java.io.IOException;
import java.util.Map;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;

import org.dvs.api.Caller;
import org.dvs.api.DvsException;
import org.dvs.api.Role;
import org.dvs.monitor.internal.login.Tickets;
import org.dvs.monitor.internal.model.Json;
import org.dvs.web.api.Problem;
import org.dvs.web.api.WebContext;

/**
 * For {@code dvs open}: who has a token gets a link that logs a browser in once, as the same user with the same roles. The word
 * stands
 * behind the # of the link, where neither a server nor a log ever sees it.
 */
final class LinkServlet extends HttpServlet {
    /** Its path, in the context of REST. */
    static final String PATH = "/api/v1/console/link";
    private static final long serialVersionUID = 1L;

    private final transient Tickets tickets;

    LinkServlet(Tickets tickets) {
        this.tickets = tickets;
    }

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
        if (!request.getMethod().equals("POST")) {
            response.setHeader("Allow", "POST");
            Problem.method(request.getMethod(), "POST").send(request, response);
            return;
        }
        try {
            Caller caller = WebContext.caller(request);
            caller.require(Role.VIEWER, "the console");
            String url = "https://" + request.getHeader("Host") + ConsoleContext.PATH + "/#/ticket/" + tickets.issue(caller);
            response.setContentType("application/json");
            response.getOutputStream().write(Json.bytes(Map.of("url", url, "seconds", tickets.good().toSeconds())));
        } catch (DvsException e) {
            Problem.of(e).send(request, response);
        }
    }
}
