package org.dvs.dispatcher.internal;

import org.dvs.api.DvsException;
import org.dvs.api.request.Request;
import org.dvs.api.request.RequestHandler;
import org.dvs.api.request.RequestSpec;
import org.dvs.api.request.RowSink;

/** A handler from a lambda. */
public record TestHandler(RequestSpec spec, Body body) implements RequestHandler {

    /** What it does. */
    @FunctionalInterface
    public interface Body {
        int handle(Request request, RowSink rows) throws DvsException, InterruptedException;
    }

    @Override
    public int handle(Request request, RowSink rows) throws DvsException, InterruptedException {
        return body.handle(request, rows);
    }
}
