package org.dvs.api.request;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.api.Units;

/**
 * One parameter of a request: on a command line a flag {@code --name}, or an operand where {@link #operand} is set; in REST
 * a member of the query or body.
 *
 * @param name         lower_snake_case; {@code nr_dcs} is {@code --nr-dcs} on a command line
 * @param type         of the value
 * @param help         one line
 * @param required     true if the request is refused without it
 * @param defaultValue used when absent, of the type's carrier; null for none
 * @param min          least number, or least length of a TEXT, or least count of TEXTS
 * @param max          greatest, likewise
 * @param allowed      the only values taken, empty for no such limit
 * @param pattern      what a TEXT, or each of TEXTS, must match; null for anything
 * @param operand      true if given by position; an operand of type TEXTS is last and takes all that follows
 * @param secret       true if its value is never written down, neither in the audit nor in a log
 */
public record Parameter(String name, ValueType type, String help, boolean required, Object defaultValue, long min, long max,
                        List<String> allowed, Pattern pattern, boolean operand, boolean secret) {
    /** Longest TEXT taken where a parameter says nothing else. */
    public static final int MAX_TEXT = 8 * 1024;

    public Parameter {
        Objects.requireNonNull(type, "type");
        if (!name.matches("[a-z][a-z0-9_]*")) {
            throw new IllegalArgumentException("parameter name " + name);
        }
        if (defaultValue != null && !type.carrier().isInstance(defaultValue)) {
            throw new IllegalArgumentException("default of " + name + " is not " + type);
        }
        allowed = List.copyOf(allowed);
    }

    /** An optional flag without default. */
    public static Parameter of(String name, ValueType type, String help) {
        boolean text = type == ValueType.TEXT || type == ValueType.TEXTS;
        long min = type == ValueType.INTEGER ? Long.MIN_VALUE : 0;
        return new Parameter(name, type, help, false, null, min, text ? MAX_TEXT : Long.MAX_VALUE, List.of(), null, false, false);
    }

    public Parameter mandatory() {
        return new Parameter(name, type, help, true, null, min, max, allowed, pattern, operand, secret);
    }

    public Parameter byDefault(Object value) {
        return new Parameter(name, type, help, false, value, min, max, allowed, pattern, operand, secret);
    }

    public Parameter range(long least, long greatest) {
        return new Parameter(name, type, help, required, defaultValue, least, greatest, allowed, pattern, operand, secret);
    }

    public Parameter oneOf(String... values) {
        return new Parameter(name, type, help, required, defaultValue, min, max, List.of(values), pattern, operand, secret);
    }

    public Parameter matching(String regex) {
        return new Parameter(name, type, help, required, defaultValue, min, max, allowed, Pattern.compile(regex), operand, secret);
    }

    public Parameter asOperand() {
        return new Parameter(name, type, help, required, defaultValue, min, max, allowed, pattern, true, secret);
    }

    /** Its value is never written down. */
    public Parameter hidden() {
        return new Parameter(name, type, help, required, defaultValue, min, max, allowed, pattern, operand, true);
    }

    /** The name as a flag: {@code --nr-dcs}. */
    public String flag() {
        return "--" + name.replace('_', '-');
    }

    /**
     * Reads a value as people write it. TEXTS gives a list of the one text.
     *
     * @throws DvsException {@link ErrorCode#BADVALUE} or {@link ErrorCode#BADRANGE}, naming this parameter
     */
    public Object parse(String text) throws DvsException {
        try {
            Object value = switch (type) {
                case TEXT -> text;
                case TEXTS -> List.of(text);
                case INTEGER, TIME -> Long.valueOf(text);
                case DECIMAL -> Double.valueOf(text);
                case FLAG -> flagOf(text);
                case DURATION -> Units.duration(text).toMillis();
                case SIZE -> Units.size(text);
            };
            return check(value);
        } catch (NumberFormatException e) {
            throw new DvsException(ErrorCode.BADVALUE, name + ": '" + text + "' is not a number", e);
        } catch (DvsException e) {
            throw e.getMessage().startsWith(name + ":") ? e : new DvsException(e.code(), name + ": " + e.getMessage(), e);
        }
    }

    private static Boolean flagOf(String text) throws DvsException {
        return switch (text) {
            case "true", "yes", "on", "1" -> true;
            case "false", "no", "off", "0" -> false;
            default -> throw new DvsException(ErrorCode.BADVALUE, "'" + text + "' is not true or false");
        };
    }

    /**
     * @param value of the carrier class
     * @return the value, lists copied
     * @throws DvsException {@link ErrorCode#BADVALUE} or {@link ErrorCode#BADRANGE}, naming this parameter
     */
    public Object check(Object value) throws DvsException {
        if (!type.carrier().isInstance(value)) {
            throw new DvsException(ErrorCode.BADVALUE, name + ": " + value + " is not of type " + type);
        }
        if (value instanceof Long number) {
            inRange(number, "");
        } else if (value instanceof Double decimal && !(decimal >= min && decimal <= max)) {
            throw new DvsException(ErrorCode.BADRANGE, name + ": " + decimal + " is not in " + min + ".." + max);
        } else if (value instanceof String text) {
            inRange(text.length(), "characters");
            checkText(text);
        } else if (value instanceof List<?> texts) {
            inRange(texts.size(), "values");
            for (Object each : texts) {
                if (!(each instanceof String text)) {
                    throw new DvsException(ErrorCode.BADVALUE, name + ": " + each + " is not text");
                }
                if (text.length() > MAX_TEXT) {
                    throw new DvsException(ErrorCode.BADRANGE, name + ": a value of " + text.length() + " characters, at most " + MAX_TEXT);
                }
                checkText(text);
            }
            return List.copyOf(texts);
        }
        return value;
    }

    private void inRange(long number, String what) throws DvsException {
        if (number < min || number > max) {
            String have = what.isEmpty() ? Long.toString(number) : number + " " + what;
            String limits = max == Long.MAX_VALUE ? "less than " + min : min == Long.MIN_VALUE ? "more than " + max
                    : "not in range " + min + ".." + max;
            throw new DvsException(ErrorCode.BADRANGE, name + ": " + have + " is " + limits);
        }
    }

    private void checkText(String text) throws DvsException {
        if (!allowed.isEmpty() && !allowed.contains(text)) {
            throw new DvsException(ErrorCode.BADVALUE, name + ": '" + text + "' is not one of " + String.join(", ", allowed));
        }
        if (pattern != null && !pattern.matcher(text).matches()) {
            throw new DvsException(ErrorCode.BADVALUE, name + ": '" + text + "' does not match " + pattern + ": " + help);
        }
    }

    /** The range for help texts; empty where there is none. */
    public Map<String, Object> limits() {
        Map<String, Object> limits = new java.util.LinkedHashMap<>();
        if (min != Long.MIN_VALUE && min != 0) {
            limits.put("min", min);
        }
        if (max != Long.MAX_VALUE && max != MAX_TEXT) {
            limits.put("max", max);
        }
        return limits;
    }
}
