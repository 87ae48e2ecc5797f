package org.dvs.web.api;

import jakarta.servlet.http.HttpServletRequest;

import org.dvs.api.Caller;

/**
 * The one protected root. Register a {@code jakarta.servlet.Servlet} service with the property
 * {@code osgi.http.whiteboard.context.select} = {@link #SELECT} and a pattern: only requests of somebody who has logged in
 * reach it. What a caller may do is the servlet's or the dispatcher's to check.
 */
public final class WebContext {
    /** Name of the whiteboard context. */
    public static final String NAME = "dvs";
    /** The filter that selects it. */
    public static final String SELECT = "(osgi.http.whiteboard.context.name=" + NAME + ")";
    /** Request attribute: the {@link Caller}. */
    public static final String CALLER = "org.dvs.web.caller";
    /** Request attribute: the id of this call, from the header {@code X-Request-Id} or made here; safe in logs and headers. */
    public static final String REQUEST_ID = "org.dvs.web.requestId";
    /** Request attribute: the name of this node. */
    public static final String NODE = "org.dvs.web.node";

    private WebContext() {
    }

    /** @throws IllegalStateException if the servlet is not in the protected context */
    public static Caller caller(HttpServletRequest request) {
        if (request.getAttribute(CALLER) instanceof Caller caller) {
            return caller;
        }
        throw new IllegalStateException("no caller: " + request.getRequestURI() + " is not in the context " + NAME);
    }

    public static String requestId(HttpServletRequest request) {
        return text(request, REQUEST_ID);
    }

    public static String node(HttpServletRequest request) {
        return text(request, NODE);
    }

    private static String text(HttpServletRequest request, String attribute) {
        return request.getAttribute(attribute) instanceof String text ? text : "";
    }
}
