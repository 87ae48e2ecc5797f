package org.dvs.config.internal.schema;

import java.lang.reflect.Array;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Vector;

import org.apache.commons.configuration2.convert.DefaultListDelimiterHandler;
import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.api.Nearest;

/**
 * One key of a configuration as its bundle's metatype XML describes it.
 *
 * @param id           the key
 * @param name         for people
 * @param description  for people
 * @param type         of a value
 * @param cardinality  0 for one value, n for an array of at most n, -n for a list of at most n
 * @param defaultValue as text, values of an array separated by commas; empty for none
 * @param required     true if it must have a value
 * @param min          least number, or least length of a text; empty for none
 * @param max          greatest, likewise
 * @param options      the only values taken; empty for any
 * @param rule         what it takes beyond these; checked where the node's folders and the other keys are known, not here
 */
public record Attribute(String id, String name, String description, AttributeType type, int cardinality,
                        Optional<String> defaultValue, boolean required, Optional<BigDecimal> min, Optional<BigDecimal> max,
                        List<String> options, Rule rule) {
    private static final DefaultListDelimiterHandler COMMA = new DefaultListDelimiterHandler(',');

    public Attribute {
        options = List.copyOf(options);
    }

    /** True if the value must be a reference and is never shown: its type says so, or the last word of its key or name. */
    public boolean secret() {
        return type == AttributeType.PASSWORD || type == AttributeType.STRING && (SecretSettings.named(id) || SecretSettings.named(name));
    }

    /** Type and range for people, e.g. {@code whole number, 1024..65535}. */
    public String range() {
        if (!options.isEmpty()) {
            return String.join(", ", options);
        }
        return min.map(BigDecimal::toPlainString).orElse("") + (min.isPresent() || max.isPresent() ? ".." : "")
                + max.map(BigDecimal::toPlainString).orElse("");
    }

    /**
     * Reads a value of this attribute.
     *
     * @return of the declared type, an array or {@link Vector} of it for several
     * @throws DvsException {@code BADSETTING}, {@code CLEARSECRET}
     */
    public Object convert(String text) throws DvsException {
        if (cardinality == 0) {
            return one(text);
        }
        List<Object> values = new ArrayList<>();
        if (!text.isBlank()) {
            for (String each : COMMA.split(text, true)) {
                values.add(one(each));
            }
        }
        return gather(values);
    }

    /**
     * Makes several values, each from {@link #one}, what a configuration holds.
     *
     * @throws DvsException {@code BADSETTING} if there are more than this attribute takes
     */
    public Object gather(List<Object> values) throws DvsException {
        if (values.size() > Math.abs((long) cardinality)) {
            throw bad(values.size() + " values, at most " + Math.abs((long) cardinality));
        }
        return cardinality < 0 ? new Vector<>(values) : values.toArray((Object[]) Array.newInstance(type.carrier(),
                values.size()));
    }

    /**
     * Reads one value, or one of several.
     *
     * @throws DvsException as {@link #convert}
     */
    public Object one(String text) throws DvsException {
        if (secret()) {
            SecretSettings.check(id, text);
            return text;
        }
        Object value;
        try {
            value = type.parse(text);
        } catch (DvsException e) {
            throw new DvsException(e.code(), id + ": " + e.getMessage() + expected(), e);
        }
        if (!options.isEmpty() && !options.contains(value.toString())) {
            throw bad("'" + text + "' is not one of " + String.join(", ", options) + Nearest.hint(text, options));
        }
        boolean number = value instanceof Number;
        if (number || value instanceof String) {
            BigDecimal size = number ? new BigDecimal(value.toString()) : BigDecimal.valueOf(((String) value).length());
            if (min.isPresent() && size.compareTo(min.get()) < 0 || max.isPresent() && size.compareTo(max.get()) > 0) {
                throw bad((number ? size.toPlainString() : "the length " + size.toPlainString()) + " is not in range " + range());
            }
        }
        return value;
    }

    private String expected() {
        return range().isEmpty() || !options.isEmpty() ? "" : "; the range is " + range();
    }

    private DvsException bad(String text) {
        return new DvsException(ErrorCode.BADSETTING, id + ": " + text);
    }
}
