package org.dvs.monitor.internal.model;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;

import org.dvs.api.Printable;

/**
 * Trees of maps, lists and values as JSON for the pages. Whatever text is in them becomes printable on the way, see {@link
 * #shown}.
 */
public final class Json {
    /** So much of one text is shown; the download has all of it. */
    static final int LONGEST = 4_000;
    private static final JsonFactory FACTORY = new JsonFactory();

    private Json() {
    }

    /** In UTF-8. */
    public static byte[] bytes(Object tree) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JsonGenerator json = FACTORY.createGenerator(bytes)) {
            write(json, tree);
        } catch (IOException e) {
            throw new UncheckedIOException("memory does not fail", e);
        }
        return bytes.toByteArray();
    }

    private static void write(JsonGenerator json, Object tree) throws IOException {
        if (tree instanceof Map<?, ?> map) {
            json.writeStartObject();
            for (Map.Entry<?, ?> entry : map.entrySet()) {
                json.writeFieldName(entry.getKey().toString());
                write(json, entry.getValue());
            }
            json.writeEndObject();
        } else if (tree instanceof Iterable<?> list) {
            json.writeStartArray();
            for (Object each : list) {
                write(json, each);
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
            json.writeString(shown(tree.toString()));
        }
    }

    /**
     * Text as a page may show it: control characters, colours of terminals and what turns the direction of text are written
     * out, lines stay
     * lines, and what is longer than {@value #LONGEST} characters ends with …
     */
    static String shown(String text) {
        String cut = text.length() > LONGEST ? text.substring(0, LONGEST) + "…" : text;
        if (cut.indexOf('\n') < 0) {
            return Printable.line(cut);
        }
        StringBuilder lines = new StringBuilder(cut.length() + 16);
        int start = 0;
        for (int end = cut.indexOf('\n'); end >= 0; end = cut.indexOf('\n', start)) {
            lines.append(Printable.line(cut.substring(start, end))).append('\n');
            start = end + 1;
        }
        return lines.append(Printable.line(cut.substring(start))).toString();
    }
}
