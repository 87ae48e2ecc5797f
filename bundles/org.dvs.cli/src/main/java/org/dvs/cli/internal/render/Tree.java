package org.dvs.cli.internal.render;

import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

import org.dvs.cli.internal.words.Format;

/** Writes a document of objects, lists and values as it comes, without holding it. One thread. */
abstract class Tree implements AutoCloseable {

    static Tree of(Format format, Consumer<String> lines) {
        // Such characters stand only inside quotes, where both formats read the escape as the character.
        Consumer<String> safe = line -> lines.accept(Plain.escaped(line));
        return format == Format.YAML ? new YamlTree(safe) : new JsonTree(safe, format == Format.JSON);
    }

    abstract void startObject();

    abstract void endObject();

    abstract void startList();

    abstract void endList();

    abstract void name(String name);

    abstract void text(String text);

    abstract void whole(long number);

    abstract void decimal(double number);

    abstract void flag(boolean flag);

    abstract void nothing();

    @Override
    public abstract void close();

    /** Any value of a row or parameter; decimals that are no number become null. */
    final Tree value(Object value) {
        if (value == null || value instanceof Double decimal && !Double.isFinite(decimal)) {
            nothing();
        } else if (value instanceof Boolean flag) {
            flag(flag);
        } else if (value instanceof Double || value instanceof Float) {
            decimal(((Number) value).doubleValue());
        } else if (value instanceof Number number) {
            whole(number.longValue());
        } else if (value instanceof List<?> list) {
            startList();
            list.forEach(this::value);
            endList();
        } else if (value instanceof Map<?, ?> map) {
            startObject();
            map.forEach((key, each) -> field(key.toString(), each));
            endObject();
        } else {
            text(value.toString());
        }
        return this;
    }

    final Tree field(String name, Object value) {
        name(name);
        return value(value);
    }
}
