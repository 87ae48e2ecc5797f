package org.dvs.agent.host.internal;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.dvs.api.Caller;
import org.dvs.api.DvsException;
import org.dvs.api.Role;
import org.dvs.api.request.Request;
import org.dvs.api.request.RequestHandler;
import org.dvs.api.request.RequestSpec;
import org.dvs.api.request.RowSink;

/** Asks a handler as the dispatcher would, and keeps the rows. */
final class RequestOf implements RowSink {
    private final RequestHandler handler;
    private final List<Object[]> rows = new ArrayList<>();

    RequestOf(RequestHandler handler) {
        this.handler = handler;
    }

    int ask(Map<String, Object> values) throws DvsException, InterruptedException {
        return ask(values, Duration.ofSeconds(30));
    }

    int ask(Map<String, Object> values, Duration timeout) throws DvsException, InterruptedException {
        RequestSpec spec = handler.spec();
        Caller caller = new Caller("test", Set.of(Role.OPERATOR), "internal", "local");
        return handler.handle(new Request(spec, spec.complete(values), caller, "t-1", System::nanoTime,
                System.nanoTime() + timeout.toNanos()), this);
    }

    @Override
    public void row(Object... values) throws DvsException {
        rows.add(values);
    }

    List<Object[]> rows() {
        return rows;
    }

    /** The value of a column in the one row, or the row at {@code index}. */
    Object value(int index, String column) {
        List<String> names = handler.spec().columns().stream().map(each -> each.name()).toList();
        if (rows.get(index).length != names.size()) {
            throw new AssertionError(rows.get(index).length + " values for " + names.size() + " columns");
        }
        return rows.get(index)[names.indexOf(column)];
    }
}
