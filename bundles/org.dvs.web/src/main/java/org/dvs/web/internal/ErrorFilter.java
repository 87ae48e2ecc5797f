package org.dvs.web.internal;

import java.io.IOException;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;

import org.dvs.api.Printable;
import org.dvs.web.api.WebContext;
import org.eclipse.jetty.ee10.servlet.ServletContextRequest;
import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.io.EofException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Around every servlet of the whiteboard: what escapes from one becomes a problem document. A request that turns out to be
 * wrong while its body is read is the client's fault, a client that goes is nobody's, a servlet that goes between its choice and
 * its call is being replaced, and the rest are defects.
 */
final class ErrorFilter extends HttpFilter {
    private static final long serialVersionUID = 1L;
    private static final Logger LOG = LoggerFactory.getLogger(ErrorFilter.class);
    private static final int INTERNAL_ERROR = 500;
    private static final int UNAVAILABLE = 503;
    /** Text of Felix's whiteboard, which has no type for it; ReplaceIT meets the real one. */
    private static final String REPLACED = "Servlet has been unregistered";

    @Override
    protected void doFilter(HttpServletRequest request, HttpServletResponse response, FilterChain chain) throws IOException {
        try {
            chain.doFilter(request, response);
        } catch (IOException | ServletException | RuntimeException e) {
            HttpException wrong = cause(e);
            if (wrong != null) {
                end(request, response, wrong.getCode(), wrong.getReason(), e);
            } else if (e instanceof EofException || e instanceof IOException && response.isCommitted()) {
                LOG.info("Request {}: the connection ended before the answer: {}", WebContext.requestId(request), e.toString());
                abort(request, e);
            } else if (e instanceof ServletException && REPLACED.equals(e.getMessage())) {
                LOG.info("Request {}: its servlet has just gone", WebContext.requestId(request));
                end(request, response, UNAVAILABLE, "", e);
            } else {
                LOG.error("{} {}, request {}: failed", Printable.line(request.getMethod(), ProblemHandler.LONGEST),
                        Printable.line(request.getRequestURI(), ProblemHandler.LONGEST),
                        WebContext.requestId(request), e);
                end(request, response, INTERNAL_ERROR, "", e);
            }
        }
    }

    /** What Jetty found wrong with the request, however wrapped. */
    private static HttpException cause(Throwable thrown) {
        for (Throwable e = thrown; e != null; e = e.getCause()) {
            if (e instanceof HttpException wrong) {
                return wrong;
            }
        }
        return null;
    }

    private static void end(HttpServletRequest request, HttpServletResponse response, int status, String reason, Exception cause)
            throws IOException {
        if (response.isCommitted()) {
            abort(request, cause);
        } else {
            response.reset();
            response.setHeader(ResponseHeaders.REQUEST_ID, WebContext.requestId(request));
            ResponseHeaders.fields().forEach(field -> response.setHeader(field.getName(), field.getValue()));
            ProblemHandler.problem(status, reason).send(request, response);
        }
    }

    /** A response that has begun can only be cut: its client must not take it for whole. */
    private static void abort(HttpServletRequest request, Exception cause) {
        ServletContextRequest.getServletContextRequest(request).getServletChannel().abort(cause);
    }
}
