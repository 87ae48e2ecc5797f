package org.dvs.web.api;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;

/**
 * An error as RFC 9457 has it, with {@code code}, {@code next} (what to do), {@code node} and {@code requestId} beside the
 * standard members. Immutable.
 *
 * @param status HTTP status
 * @param code   the error
 * @param detail names the value at fault; empty for none
 */
public record Problem(int status, ErrorCode code, String detail) {
    /** The media type. */
    public static final String TYPE = "application/problem+json";
    private static final int METHOD_NOT_ALLOWED = 405;

    /** With the status that belongs to the code. */
    public static Problem of(DvsException exception) {
        return of(exception.code(), exception.getMessage());
    }

    public static Problem of(ErrorCode code, String detail) {
        return new Problem(status(code), code, detail);
    }

    /** The resource exists, the method does not. */
    public static Problem method(String method, String allowed) {
        return new Problem(METHOD_NOT_ALLOWED, ErrorCode.INVAL, "method " + method + " is not taken here; " + allowed + " is");
    }

    /** The one table from errors to HTTP. */
    public static int status(ErrorCode code) {
        return switch (code.kind()) {
            case ARGUMENT -> 400;
            case LOGIN -> 401;
            case FORBIDDEN -> 403;
            case MISSING -> 404;
            case STATE -> 409;
            case SIZE -> 413;
            case RATE -> 429;
            case DEFECT -> 500;
            case UNAVAILABLE -> 503;
            case TIMEOUT -> 504;
        };
    }

    /** Sends it, unless the response has begun: then nothing can be said any more, and the connection is cut by the caller. */
    public void send(HttpServletRequest request, HttpServletResponse response) throws IOException {
        if (response.isCommitted()) {
            return;
        }
        byte[] body = json(WebContext.node(request), WebContext.requestId(request));
        response.resetBuffer();
        response.setStatus(status);
        response.setContentType(TYPE);
        response.setContentLength(body.length);
        response.getOutputStream().write(body);
    }

    /** The document in UTF-8. */
    public byte[] json(String node, String requestId) {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("type", "urn:dvs:error:" + code.code());
        tree.put("title", code.sentence());
        tree.put("status", status);
        tree.put("detail", detail);
        tree.put("code", code.code());
        tree.put("next", code.nextStep());
        tree.put("node", node);
        tree.put("requestId", requestId);
        return JsonTree.bytes(tree);
    }
}
