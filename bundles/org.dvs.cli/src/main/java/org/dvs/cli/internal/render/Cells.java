package org.dvs.cli.internal.render;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;

import org.dvs.api.Units;
import org.dvs.api.request.Column;
import org.dvs.api.request.ValueType;

/** Values of rows as text. */
public final class Cells {

    private Cells() {
    }

    /** For people: sizes, durations and times in readable units, {@code -} for nothing. Safe for a terminal. */
    static String human(Column column, Object value) {
        return Plain.text(readable(column.type(), value));
    }

    /** As {@link #human}, of a parameter's value. */
    public static String human(ValueType type, Object value) {
        return Plain.text(readable(type, value));
    }

    private static String readable(ValueType type, Object value) {
        if (value == null) {
            return "-";
        }
        if (value instanceof Number number) {
            long whole = number.longValue();
            return switch (type) {
                case SIZE -> whole < 0 ? Long.toString(whole) : Units.sizeText(whole);
                case DURATION -> whole < 0 ? Long.toString(whole) : Units.durationText(whole);
                case TIME -> time(whole);
                case DECIMAL -> decimal(number.doubleValue());
                default -> number.toString();
            };
        }
        if (value instanceof Boolean flag) {
            return flag ? "yes" : "no";
        }
        return value instanceof List<?> list ? String.join(",", list.stream().map(String::valueOf).toList()) : value.toString();
    }

    private static String decimal(double value) {
        if (!Double.isFinite(value)) {
            return "-";
        }
        double size = Math.abs(value);
        if (size >= 1e15 || size != 0 && size < 0.01) {
            return String.format(Locale.ROOT, "%.2g", value);
        }
        // By hand: the formatter takes most of the time of a big table.
        long hundredths = Math.round(size * 100);
        long rest = hundredths % 100;
        return (value < 0 && hundredths > 0 ? "-" : "") + hundredths / 100 + (rest < 10 ? ".0" : ".") + rest;
    }

    private static String time(long millis) {
        try {
            return Instant.ofEpochMilli(millis).truncatedTo(ChronoUnit.SECONDS).toString();
        } catch (DateTimeException e) {
            return Long.toString(millis);
        }
    }

    /** For machines, in formats without types: numbers plain, nothing as an empty text. */
    static String raw(Object value) {
        if (value == null || value instanceof Double decimal && !Double.isFinite(decimal)) {
            return "";
        }
        return value instanceof List<?> list ? String.join(",", list.stream().map(String::valueOf).toList()) : value.toString();
    }

    static boolean rightAligned(Column column) {
        return switch (column.type()) {
            case INTEGER, DECIMAL, SIZE, DURATION -> true;
            case TEXT, FLAG, TIME, TEXTS -> false;
        };
    }
}
