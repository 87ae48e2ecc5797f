package org.dvs.api.request;

import java.util.Objects;

/**
 * One column of a request's rows.
 *
 * @param name lower_snake_case, the key in JSON and the heading in tables
 * @param type of the values; a value may also be null, shown as {@code -}
 * @param unit for people, e.g. {@code %}; empty where the type says it all
 * @param help one line
 * @param wide true if only {@code -o wide} and the machine formats show it
 */
public record Column(String name, ValueType type, String unit, String help, boolean wide) {

    public Column {
        Objects.requireNonNull(type, "type");
        if (!name.matches("[a-z][a-z0-9_]*")) {
            throw new IllegalArgumentException("column name " + name);
        }
    }

    public static Column of(String name, ValueType type, String help) {
        return new Column(name, type, "", help, false);
    }

    public Column unit(String unit) {
        return new Column(name, type, unit, help, wide);
    }

    /** Shown by {@code -o wide} and machine formats only. */
    public Column onlyWide() {
        return new Column(name, type, unit, help, true);
    }
}
