package org.dvs.testkit;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.dvs.api.Caller;
import org.dvs.api.DvsException;
import org.dvs.api.Role;
import org.dvs.api.request.Column;
import org.dvs.api.request.Parameter;
import org.dvs.api.request.Request;
import org.dvs.api.request.RequestHandler;
import org.dvs.api.request.RequestSpec;
import org.dvs.api.request.ValueType;

/**
 * What a handler answers when it is asked as the dispatcher would: values written as on a command line and checked against the
 * description, rows checked against the columns.
 *
 * @param rcode its result
 * @param rows  column name to value, integers as {@link Long}, in the order of the columns
 */
public record Asked(int rcode, List<Map<String, Object>> rows) {
    /** Long enough for any handler that does not wait. */
    public static final Duration LIMIT = Duration.ofSeconds(30);

    /** @param values parameter, value, parameter, value ... */
    public static Asked of(RequestHandler handler, String... values) throws DvsException, InterruptedException {
        return of(handler, "request-1", LIMIT, values);
    }

    /**
     * @param id     of the request
     * @param limit  until its deadline
     * @param values parameter, value, parameter, value ...
     * @throws AssertionError if a row does not fit the columns
     */
    public static Asked of(RequestHandler handler, String id, Duration limit, String... values)
            throws DvsException, InterruptedException {
        RequestSpec spec = handler.spec();
        Map<String, Object> given = new LinkedHashMap<>();
        for (int i = 0; i < values.length; i += 2) {
            String name = values[i];
            Parameter parameter = spec.parameter(name).orElseThrow(() -> new AssertionError(spec.name() + " has no " + name));
            given.put(name, parameter.parse(values[i + 1]));
        }
        Caller caller = new Caller("test", Set.of(Role.ADMIN), "internal", "local");
        Request request = new Request(spec, spec.complete(given), caller, id, System::nanoTime,
                System.nanoTime() + limit.toNanos());
        List<Map<String, Object>> rows = new ArrayList<>();
        int rcode = handler.handle(request, row -> rows.add(checked(spec, row)));
        if (!spec.manyRows() && rows.size() > 1) {
            throw new AssertionError(spec.name() + " gave " + rows.size() + " rows");
        }
        return new Asked(rcode, rows);
    }

    private static Map<String, Object> checked(RequestSpec spec, Object... row) {
        List<Column> columns = spec.columns();
        if (row.length != columns.size()) {
            throw new AssertionError(spec.name() + ": " + row.length + " values for " + columns.size() + " columns: "
                    + Arrays.toString(row));
        }
        Map<String, Object> values = new LinkedHashMap<>();
        for (int i = 0; i < row.length; i++) {
            Column column = columns.get(i);
            Object value = column.type() == ValueType.INTEGER && row[i] instanceof Integer number ? Long.valueOf(number) : row[i];
            if (value != null && !column.type().carrier().isInstance(value)) {
                throw new AssertionError(spec.name() + ": " + column.name() + " is " + value + ", not " + column.type());
            }
            values.put(column.name(), value);
        }
        return values;
    }

    /** The only row. */
    public Map<String, Object> row() {
        if (rows.size() != 1) {
            throw new AssertionError(rows.size() + " rows: " + rows);
        }
        return rows.get(0);
    }

    /** The values of the only row. */
    public List<Object> values() {
        return new ArrayList<>(row().values());
    }

    /** The values of every row. */
    public List<List<Object>> table() {
        return rows.stream().<List<Object>>map(row -> new ArrayList<>(row.values())).toList();
    }

    /** The values of one column, one for each row. */
    public List<Object> column(String name) {
        return rows.stream().map(row -> {
            if (!row.containsKey(name)) {
                throw new AssertionError("no column " + name + " in " + row.keySet());
            }
            return row.get(name);
        }).toList();
    }
}
