package org.dvs.web.api;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.function.UnaryOperator;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;

/**
 * Trees of maps, lists, texts, numbers, booleans and null as JSON in UTF-8, in one line: what every face of HTTP answers with.
 * The names of an object are the keys' texts; anything else than the above is written as its text. Fractions that JSON has no
 * number for (NaN, infinities) are written as texts, as the library does it.
 */
public final class JsonTree {
    private static final JsonFactory FACTORY = new JsonFactory();

    private JsonTree() {
    }

    public static byte[] bytes(Object tree) {
        return bytes(tree, UnaryOperator.identity());
    }

    /** @param text what becomes of each text that is a value; the names of objects stay */
    public static byte[] bytes(Object tree, UnaryOperator<String> text) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            write(tree, bytes, text);
        } catch (IOException e) {
            throw new UncheckedIOException("memory does not fail", e);
        }
        return bytes.toByteArray();
    }

    /** Leaves the stream open. */
    public static void write(Object tree, OutputStream out) throws IOException {
        write(tree, out, UnaryOperator.identity());
    }

    private static void write(Object tree, OutputStream out, UnaryOperator<String> text) throws IOException {
        try (JsonGenerator json = FACTORY.createGenerator(out).disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET)) {
            write(json, tree, text);
        }
    }

    private static void write(JsonGenerator json, Object tree, UnaryOperator<String> text) throws IOException {
        if (tree instanceof Map<?, ?> map) {
            json.writeStartObject();
            for (Map.Entry<?, ?> entry : map.entrySet()) {
                json.writeFieldName(entry.getKey().toString());
                write(json, entry.getValue(), text);
            }
            json.writeEndObject();
        } else if (tree instanceof Iterable<?> list) {
            json.writeStartArray();
            for (Object each : list) {
                write(json, each, text);
            }
            json.writeEndArray();
        } else if (tree instanceof Boolean flag) {
            json.writeBoolean(flag);
        } else if (tree instanceof Double || tree instanceof Float) {
            json.writeNumber(((Number) tree).doubleValue());
        } else if (tree instanceof Number number) {
            json.writeNumber(number.longValue());
        } else if (tree == null) {
            json.writeNull();
        } else {
            json.writeString(text.apply(tree.toString()));
        }
    }
}
