package org.dvs.web.api;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;

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
    private static final JsonFactory JSON = new JsonFactory();
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

    /** The one table from errors to HTTP. What is not named is a failure of the server: 500. */
    public static int status(ErrorCode code) {
        return switch (code) {
            case INVAL, BADVALUE, BADRANGE, RANGE, NAMESIZE, USAGE, BADKEY, BADSETTING, SYNTAX, DUPLICATE, CLEARSECRET,
                    MISSINGKEY -> 400;
            case NOLOGIN -> 401;
            case PERM, ACCES, PRIVILEGES, CALLDENIED -> 403;
            case NOENT, SRCH, NOSYS, BADREQUEST, BADNODEID, BADDCID, NONODE, NONODES, NOJOB, NOCONFIG -> 404;
            case EXIST, BUSY, RSCBUSY, NODEBUSY, DVSBUSY, DVSINIT, DCNOTRUN, CONFLICT, CONFIRM, MAXFAIL -> 409;
            case TOOBIG, MSGSIZE -> 413;
            case LOGINRATE -> 429;
            case AGAIN, NOTREADY, NOMEM, NOSPC, DSTNOTRCH, NOTCONN, STOPPED -> 503;
            case TIMEDOUT, CLIENTTIMEOUT -> 504;
            default -> 500;
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
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JsonGenerator json = JSON.createGenerator(bytes)) {
            json.writeStartObject();
            json.writeStringField("type", "urn:dvs:error:" + code.code());
            json.writeStringField("title", code.sentence());
            json.writeNumberField("status", status);
            json.writeStringField("detail", detail);
            json.writeStringField("code", code.code());
            json.writeStringField("next", code.nextStep());
            json.writeStringField("node", node);
            json.writeStringField("requestId", requestId);
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException("memory does not fail", e);
        }
        return bytes.toByteArray();
    }
}
