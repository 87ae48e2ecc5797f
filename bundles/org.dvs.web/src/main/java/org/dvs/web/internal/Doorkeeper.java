package org.dvs.web.internal;

import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.dvs.api.LogField;
import org.dvs.web.api.WebContext;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.slf4j.MDC;

/** The first to see a request: gives it an id, checks for whom and from where it comes, and sets the headers of the response. */
final class Doorkeeper extends Handler.Wrapper {
    private static final Pattern REQUEST_ID = Pattern.compile("[A-Za-z0-9._-]{1,64}");
    /** Version, id of the trace, id of its part, flags. Source: W3C Trace Context. */
    private static final Pattern TRACE = Pattern.compile("00-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}");
    private static final String TRACE_PARENT = "traceparent";

    private final String node;
    private final HostRules hosts;

    Doorkeeper(String node, HostRules hosts, Handler next) {
        super(next);
        this.node = node;
        this.hosts = hosts;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        String given = request.getHeaders().get(ResponseHeaders.REQUEST_ID);
        String id = given != null && REQUEST_ID.matcher(given).matches() ? given : UUID.randomUUID().toString();
        request.setAttribute(WebContext.REQUEST_ID, id);
        request.setAttribute(WebContext.NODE, node);
        ResponseHeaders.put(response.getHeaders());
        response.getHeaders().put(ResponseHeaders.REQUEST_ID, id);

        if (!hosts.host(request.getHttpURI().getHost())) {
            Response.writeError(request, response, callback, HttpStatus.MISDIRECTED_REQUEST_421, "this node is not called "
                    + request.getHttpURI().getHost() + "; see hosts in org.dvs.web.cfg");
            return true;
        }
        String origin = request.getHeaders().get(HttpHeader.ORIGIN);
        if (origin != null && !hosts.origin(origin)) {
            Response.writeError(request, response, callback, HttpStatus.FORBIDDEN_403, "pages of " + origin
                    + " may not call this node");
            return true;
        }
        // What is logged on the way says which request it was. What goes on later on other threads says so itself.
        MDC.put(LogField.REQUEST, id);
        MDC.put(LogField.SOURCE, Request.getRemoteAddr(request));
        String parent = request.getHeaders().get(TRACE_PARENT);
        Matcher trace = TRACE.matcher(parent == null ? "" : parent);
        if (trace.matches()) {
            MDC.put(LogField.TRACE, trace.group(1));
        }
        try {
            return super.handle(request, response, callback);
        } finally {
            MDC.remove(LogField.REQUEST);
            MDC.remove(LogField.SOURCE);
            MDC.remove(LogField.TRACE);
        }
    }
}
