package org.dvs.web.internal;

import java.io.IOException;
import java.net.URL;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;

import org.dvs.api.Caller;
import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.api.LogField;
import org.dvs.api.Printable;
import org.dvs.web.api.Problem;
import org.dvs.web.api.WebContext;
import org.osgi.framework.Bundle;
import org.osgi.service.servlet.context.ServletContextHelper;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/** The context of everything: who has not logged in gets no further. */
final class ProtectedContext extends ServletContextHelper {
    private static final Logger LOG = LoggerFactory.getLogger(ProtectedContext.class);
    private static final String RETRY_SECONDS = "60";

    private final Login login;
    private final Bundle bundle;

    /** @param bundle whose resources these are; null in tests */
    ProtectedContext(Login login, Bundle bundle) {
        super(bundle);
        this.login = login;
        this.bundle = bundle;
    }

    @Override
    public boolean handleSecurity(HttpServletRequest request, HttpServletResponse response) throws IOException {
        try {
            Caller caller = login.caller(request.getHeader("Authorization"), request.getRemoteAddr());
            request.setAttribute(WebContext.CALLER, caller);
            request.setAttribute(REMOTE_USER, caller.user());
            return true;
        } catch (DvsException e) {
            try (MDC.MDCCloseable code = MDC.putCloseable(LogField.CODE, e.code().code())) {
                LOG.info("Refused {} {} from {}, request {}: {}", Printable.line(request.getMethod(), ProblemHandler.LONGEST),
                        Printable.line(request.getRequestURI(), ProblemHandler.LONGEST),
                        request.getRemoteAddr(), WebContext.requestId(request),
                        Printable.line(e.getMessage(), ProblemHandler.LONGEST));
            }
            if (e.code() == ErrorCode.LOGINRATE) {
                response.setHeader("Retry-After", RETRY_SECONDS);
            } else {
                response.addHeader("WWW-Authenticate", "Bearer realm=\"dvs\"");
                response.addHeader("WWW-Authenticate", "Basic realm=\"dvs\", charset=\"UTF-8\"");
            }
            Problem.of(e).send(request, response);
            return false;
        }
    }

    @Override
    public URL getResource(String name) {
        return bundle == null ? null : bundle.getEntry(name.startsWith("/") ? name.substring(1) : name);
    }
}
