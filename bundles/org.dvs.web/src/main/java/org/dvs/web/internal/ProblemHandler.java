package org.dvs.web.internal;

import java.nio.ByteBuffer;
import java.util.Optional;

import org.dvs.api.ErrorCode;
import org.dvs.api.Printable;
import org.dvs.web.api.Problem;
import org.dvs.web.api.WebContext;
import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says every error that no servlet has said itself as a problem document: no page, no stack, no product name. */
final class ProblemHandler extends ErrorHandler {
    private static final Logger LOG = LoggerFactory.getLogger(ProblemHandler.class);
    /** So much of what a client sent is told, in logs and in problems: its requests may be as long as the server permits. */
    static final int LONGEST = 200;

    private final String node;

    ProblemHandler(String node) {
        this.node = node;
    }

    @Override
    public boolean errorPageForMethod(String method) {
        return true;
    }

    @Override
    protected void generateResponse(Request request, Response response, int status, String message, Throwable cause,
            Callback callback) {
        String requestId = Optional.ofNullable(request.getAttribute(WebContext.REQUEST_ID)).map(Object::toString).orElse("");
        // Jetty's own exceptions say what is wrong with the request: that is the client's to know.
        if (cause != null && !(cause instanceof HttpException) && status >= 500) {
            LOG.error("{} {}, request {}: failed", request.getMethod(), Printable.line(request.getHttpURI().getPath(), LONGEST),
                    requestId, cause);
        }
        HttpFields.Mutable headers = response.getHeaders();
        ResponseHeaders.put(headers);
        headers.put(HttpHeader.CONTENT_TYPE, Problem.TYPE);
        if (!requestId.isEmpty()) {
            headers.put(ResponseHeaders.REQUEST_ID, requestId);
        }
        response.setStatus(status);
        response.write(true, ByteBuffer.wrap(problem(status, message).json(node, requestId)), callback);
    }

    /** What is so wrong that it never became a request. */
    @Override
    public ByteBuffer badMessageError(int status, String reason, HttpFields.Mutable headers) {
        ResponseHeaders.put(headers);
        headers.put(HttpHeader.CONTENT_TYPE, Problem.TYPE);
        return ByteBuffer.wrap(problem(status, reason).json(node, ""));
    }

    /** The problem of an HTTP status. */
    static Problem problem(int status, String message) {
        ErrorCode code = switch (status) {
            case 401 -> ErrorCode.NOLOGIN;
            // A missing role is told by whoever asks for it; the server itself refuses pages.
            case 403 -> ErrorCode.OTHERPAGE;
            case 404 -> ErrorCode.BADREQUEST;
            case 413, 414, 431 -> ErrorCode.TOOBIG;
            case 429 -> ErrorCode.LOGINRATE;
            case 503 -> ErrorCode.AGAIN;
            case 504, 408 -> ErrorCode.TIMEDOUT;
            default -> status >= 500 ? ErrorCode.GENERIC : ErrorCode.INVAL;
        };
        // The text of a defect is for the log: it may name what a client should not know.
        String detail = status >= 500 || message == null ? "" : Printable.line(message, LONGEST);
        return new Problem(status, code, detail + limit(status));
    }

    /** The next step of TOOBIG speaks of the limit that is named. */
    private static String limit(int status) {
        return switch (status) {
            case 413 -> "; maxBodyBytes in org.dvs.web.cfg";
            case 414, 431 -> "; maxHeaderBytes in org.dvs.web.cfg";
            default -> "";
        };
    }
}
