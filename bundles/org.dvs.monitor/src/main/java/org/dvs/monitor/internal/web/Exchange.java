package org.dvs.monitor.internal.web;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;

import org.dvs.api.Caller;
import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.monitor.internal.live.Hub;
import org.dvs.monitor.internal.login.Session;
import org.dvs.monitor.internal.model.Json;

/**
 * A request on its way through its {@link Route}.
 *
 * @param names   what the names in the route's pattern stand for
 * @param session of who asks; empty only on routes for everybody
 */
record Exchange(HttpServletRequest request, HttpServletResponse response, Map<String, String> names, Optional<Session> session) {
    private static final String TYPE = "application/json";

    Caller caller() {
        return session.orElseThrow(() -> new IllegalStateException("a route for everybody has no caller")).caller();
    }

    String name(String name) {
        return names.get(name);
    }

    /** A parameter of query or form; empty text if it is not there. */
    String text(String parameter) {
        return Optional.ofNullable(request.getParameter(parameter)).orElse("");
    }

    List<String> texts(String parameter) {
        return Optional.ofNullable(request.getParameterValues(parameter)).map(List::of).orElse(List.of());
    }

    /** @throws DvsException {@code BADVALUE} or {@code BADRANGE} */
    int number(String parameter, int least, int most, int otherwise) throws DvsException {
        String text = text(parameter);
        if (text.isEmpty()) {
            return otherwise;
        }
        try {
            int number = Integer.parseInt(text);
            if (number < least || number > most) {
                throw new DvsException(ErrorCode.BADRANGE, parameter + ": " + number + " is not in range " + least + ".." + most);
            }
            return number;
        } catch (NumberFormatException e) {
            throw new DvsException(ErrorCode.BADVALUE, parameter + " is not a whole number", e);
        }
    }

    /** Leaves the request open, as a stream of events that ends when the browser goes, which the beat finds out, or the session. */
    Hub.Page stream(Hub hub, String topic) throws IOException, DvsException {
        response.setContentType("text/event-stream;charset=utf-8");
        AsyncContext context = request.startAsync();
        context.setTimeout(0);
        return hub.open(session.orElseThrow().key(), context, topic);
    }

    void json(Object tree) throws IOException {
        body(TYPE, Json.bytes(tree));
    }

    void text(String type, String body) throws IOException {
        body(type, body.getBytes(StandardCharsets.UTF_8));
    }

    private void body(String type, byte[] body) throws IOException {
        response.setContentType(type);
        response.setContentLength(body.length);
        response.getOutputStream().write(body);
    }
}
