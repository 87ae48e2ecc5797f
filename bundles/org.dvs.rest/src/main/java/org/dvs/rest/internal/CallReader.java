package org.dvs.rest.internal;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.api.Units;
import org.dvs.api.dispatch.Order;
import org.dvs.api.dispatch.OrderOption;
import org.dvs.api.dispatch.Pace;
import org.dvs.api.dispatch.Selection;
import org.dvs.api.request.Parameter;
import org.dvs.api.request.RequestSpec;
import org.dvs.api.request.ValueType;

/**
 * Reads a {@link Call}. The members that are the same for all requests are those of {@link OrderOption}; in a body the
 * request's own values stand in {@code values}, in a query beside the others.
 */
final class CallReader {
    private static final String VALUES = "values";
    private static final String NAMES = Arrays.stream(OrderOption.values()).map(OrderOption::member)
            .collect(Collectors.joining(", "));

    private final RequestSpec spec;
    private final Map<OrderOption, List<Object>> common = new EnumMap<>(OrderOption.class);
    private final Map<String, Object> values = new LinkedHashMap<>();

    private CallReader(RequestSpec spec) {
        this.spec = spec;
    }

    /** @throws DvsException {@code INVAL}, {@code BADVALUE} or {@code BADRANGE}, naming the member; {@code NONODES} */
    static Call query(RequestSpec spec, Map<String, String[]> query) throws DvsException {
        CallReader reader = new CallReader(spec);
        for (Map.Entry<String, String[]> entry : query.entrySet()) {
            List<String> texts = List.of(entry.getValue());
            Optional<OrderOption> known = OrderOption.ofMember(entry.getKey());
            if (known.isPresent()) {
                reader.common.put(known.get(), new ArrayList<>(texts));
            } else {
                Parameter parameter = reader.parameter(entry.getKey());
                boolean many = parameter.type() == ValueType.TEXTS;
                reader.values.put(parameter.name(), many ? parameter.check(texts)
                        : parameter.parse(single(entry.getKey(), texts)));
            }
        }
        return reader.call();
    }

    /** @throws DvsException as {@link #query} */
    static Call body(RequestSpec spec, Map<String, Object> body) throws DvsException {
        CallReader reader = new CallReader(spec);
        for (Map.Entry<String, Object> entry : body.entrySet()) {
            String name = entry.getKey();
            Object value = entry.getValue();
            if (name.equals(VALUES)) {
                if (!(value instanceof Map<?, ?> map)) {
                    throw new DvsException(ErrorCode.BADVALUE, "values is not an object");
                }
                reader.readValues(map);
            } else {
                OrderOption known = OrderOption.ofMember(name).orElseThrow(() -> new DvsException(ErrorCode.INVAL,
                        "there is no member '" + name + "'; there are " + NAMES + " and " + VALUES));
                if (value != null) {
                    reader.common.put(known, value instanceof List<?> list ? new ArrayList<>(list) : List.of(value));
                }
            }
        }
        return reader.call();
    }

    private void readValues(Map<?, ?> map) throws DvsException {
        for (Map.Entry<?, ?> entry : map.entrySet()) {
            Parameter parameter = parameter(entry.getKey().toString());
            if (entry.getValue() != null) {
                values.put(parameter.name(), value(parameter, entry.getValue()));
            }
        }
    }

    private Parameter parameter(String name) throws DvsException {
        return spec.parameter(name).orElseThrow(() -> new DvsException(ErrorCode.INVAL, spec.name() + " has no parameter '" + name
                + "'"));
    }

    /** Text is read as people write it; a number of a size or duration has no unit and is refused by the parse. */
    private static Object value(Parameter parameter, Object json) throws DvsException {
        if (json instanceof String text) {
            return parameter.parse(text);
        }
        if (json instanceof Long number && (parameter.type() == ValueType.SIZE || parameter.type() == ValueType.DURATION)) {
            return parameter.parse(number.toString());
        }
        if (json instanceof Long number && parameter.type() == ValueType.DECIMAL) {
            return parameter.check(number.doubleValue());
        }
        return parameter.check(json);
    }

    private Call call() throws DvsException {
        List<String> groups = new ArrayList<>();
        for (Object group : common.getOrDefault(OrderOption.GROUP, List.of())) {
            groups.add(text(OrderOption.GROUP, group));
        }
        Selection selection = new Selection(nodes(), text(OrderOption.EXCLUDE, ""), groups, flag(OrderOption.ALL),
                number(OrderOption.PICK, 0, 0));
        String timeout = text(OrderOption.TIMEOUT, "");
        Duration deadline = timeout.isEmpty() ? Order.DEFAULT_TIMEOUT : duration(timeout);
        Pace pace = new Pace(number(OrderOption.FANOUT, Pace.DEFAULT.fanout(), 1), text(OrderOption.BATCH, ""),
                text(OrderOption.MAX_FAIL, ""));
        return new Call(values, selection, deadline, pace, flag(OrderOption.DRY_RUN), flag(OrderOption.CONFIRM));
    }

    /** Without a set it is the node that was asked; an empty one is a mistake that must not come to the same. */
    private String nodes() throws DvsException {
        String nodes = text(OrderOption.NODES, "");
        if (nodes.isBlank() && common.containsKey(OrderOption.NODES)) {
            throw new DvsException(ErrorCode.NONODES, "the node set is empty");
        }
        return nodes;
    }

    private static Duration duration(String text) throws DvsException {
        try {
            return Units.duration(text);
        } catch (DvsException e) {
            throw new DvsException(e.code(), OrderOption.TIMEOUT.member() + ": " + e.getMessage(), e);
        }
    }

    private String text(OrderOption member, String otherwise) throws DvsException {
        List<Object> given = common.get(member);
        return given == null ? otherwise : text(member, single(member.member(), given));
    }

    private static String text(OrderOption member, Object value) throws DvsException {
        if (value instanceof String text) {
            return text;
        }
        throw new DvsException(ErrorCode.BADVALUE, member.member() + " is not text");
    }

    private boolean flag(OrderOption member) throws DvsException {
        List<Object> given = common.get(member);
        Object value = given == null ? false : single(member.member(), given);
        if (value instanceof Boolean flag) {
            return flag;
        }
        // In a query: ?all and ?all=true.
        if ("".equals(value) || "true".equals(value)) {
            return true;
        }
        if ("false".equals(value)) {
            return false;
        }
        throw new DvsException(ErrorCode.BADVALUE, member.member() + ": '" + value + "' is not true or false");
    }

    private int number(OrderOption member, int otherwise, int least) throws DvsException {
        List<Object> given = common.get(member);
        if (given == null) {
            return otherwise;
        }
        Object value = single(member.member(), given);
        try {
            int number = Integer.parseInt(value.toString());
            if (number < least) {
                throw new DvsException(ErrorCode.BADRANGE, member.member() + ": " + number + " is less than " + least);
            }
            return number;
        } catch (NumberFormatException e) {
            throw new DvsException(ErrorCode.BADVALUE, member.member() + ": '" + value + "' is not a whole number", e);
        }
    }

    private static <T> T single(String name, List<T> given) throws DvsException {
        if (given.size() != 1) {
            throw new DvsException(ErrorCode.INVAL, name + " must be given once");
        }
        return given.get(0);
    }
}
